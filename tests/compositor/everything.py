"""Every layout, every format, every kind of words: measured, and put on a sheet to look at.

`python -m tests.compositor.everything [--layout KEY] [--sheet FILE.png] [FORMAT ...]`
"""

import argparse
import itertools
import sys
from pathlib import Path

from generation.compositor import FORMATS, LAYOUTS, Rendering, render
from generation.compositor.render_spec import RenderSpec
from webapp.creatives import contact_sheet

from .measures import collisions, ink_astray, ink_outside, overflows, too_faint
from .specimens import COPIES, creative

INK = 40  # pixels that hooks and accents of large type may reach over a safe zone's edge


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.compositor.everything")
    parser.add_argument("--layout", choices=LAYOUTS, help="only this one, about a minute")
    parser.add_argument("--sheet", type=Path, help="a PNG of all that was set, to be looked at")
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="only these")
    chosen = parser.parse_args(arguments)
    layouts = [chosen.layout] if chosen.layout else LAYOUTS
    count, faults, shown = 0, 0, []
    for layout, key, words in itertools.product(layouts, chosen.formats or FORMATS, COPIES):
        specimen = creative(layout, key, COPIES[words])
        rendering = render(specimen, "png")
        found = faults_of(specimen, rendering)
        count, faults = count + 1, faults + bool(found)
        if found:
            print(layout, key, words, found, flush=True)
        if chosen.sheet:
            shown.append((f"{layout}, {key}, {words}", contact_sheet.small(rendering.data)))
    if chosen.sheet:
        chosen.sheet.write_bytes(contact_sheet.draw(shown))
    print(f"{count} renderings, {faults} with faults")
    return min(faults, 1)


def faults_of(specimen: RenderSpec, rendering: Rendering) -> list[str]:
    found = [*overflows(specimen, rendering), *collisions(rendering), *too_faint(specimen, rendering)]
    outside, astray = ink_outside(specimen, rendering), ink_astray(specimen, rendering)
    found += [f"{outside} pixels outside the safe zone"] if outside > INK else []
    found += [f"{astray} pixels outside their boxes"] if astray > INK else []
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
