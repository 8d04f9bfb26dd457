"""Every layout, every format, every kind of words: `python -m tests.compositor.everything [FORMAT ...]`."""

import itertools
import sys

from generation.compositor import FORMATS, LAYOUTS, render

from .measures import collisions, ink_astray, ink_outside, overflows, too_faint
from .specimens import COPIES, creative

INK = 40  # pixels that hooks and accents of large type may reach over a safe zone's edge


def main(formats: list[str]) -> int:
    count = faults = 0
    for layout, key, words in itertools.product(LAYOUTS, formats or FORMATS, COPIES):
        specimen = creative(layout, key, COPIES[words])
        rendering = render(specimen, "png")
        found = [*overflows(specimen, rendering), *collisions(rendering), *too_faint(specimen, rendering)]
        outside, astray = ink_outside(specimen, rendering), ink_astray(specimen, rendering)
        found += [f"{outside} pixels outside the safe zone"] if outside > INK else []
        found += [f"{astray} pixels outside their boxes"] if astray > INK else []
        count, faults = count + 1, faults + bool(found)
        if found:
            print(layout, key, words, found, flush=True)
    print(f"{count} renderings, {faults} with faults")
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
