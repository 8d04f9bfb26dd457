"""How well the starter holds what its panel of 60 prompts asks for, how it looks and what it costs.

Whether a shop would use a picture is judged by looking: the sheets are written to `docs/starter/`. What can
be counted is counted here, on the scenes and on the pixels.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from bench import starter_colours, starter_prior, starter_reading
from bench.harness import Cell, Result, Target
from bench.own_identity import own_identity
from bench.starter_made import SEED, picture, scene
from bench.starter_panel import Asked, campaign, panel, write_sheets
from generation.provenance import MarkFacts, mark_picture
from generation.starter import WEIGHTS, colours, load, staging
from generation.starter.pipeline import StarterPipeline
from generation.starter.plates import plate
from generation.starter.plates.still_life import boxes
from generation.starter.reading import read
from generation.starter.scene import Scene
from generation.starter.understanding import understood

SHEETS = Path(__file__).parent.parent / "docs" / "starter"
SEEDS = (1, 2, 3, 4)
SIDE = 512
QUICK_EVERY = 6
FREE = "a cup of coffee"
NEAR = 0.11  # OKLab, within which people call a pixel by a colour's name; shades of its surface are further
LEAST_SEEN = 0.004  # of a picture's pixels
STRAY = 0.02  # of a canvas' side, by which a thing may reach over the line
TEXT_ENDS = 0.45  # of the canvas: text to the left or the right keeps so much of it
FACTS = MarkFacts("starter", "StarterPipeline", "0" * 64)
TARGETS = (
    Target("unasked", "free prompts: a thing drawn that was not asked for, unsaid", 0, "", at_most=True),
    Target("missing", "free prompts: a thing asked for that is neither drawn nor told", 0, "", at_most=True),
    Target("colours", "named colours visible, four seeds", 95, " %"),
    Target("room", "side for text kept, four seeds", 99, " %"),
    Target("cameras", "32 seeds of one prompt: cameras", 3, ""),
    Target("grounds", "32 seeds of one prompt: grounds", 8, ""),
    Target("512", "text to file with its marks, 512 px, warm, median", 0.8, " s", at_most=True),
    Target("1024", "text to file with its marks, 1024 px, warm, median", 1.5, " s", at_most=True),
    Target("plates", "plates shipped", 25, " MB", at_most=True),
    Target("weights", "weights shipped", 25, " MB", at_most=True),
    Target("stock", "things in stock that have plates", 24, ""),
    *starter_reading.TARGETS,
    *starter_colours.TARGETS,
    *starter_prior.TARGETS,
)


def run(quick: bool) -> Result:
    result = Result("starter", seed=SEED)
    pipeline = load()
    pipeline.set_progress_bar_config(disable=True)
    asked = panel()[:: QUICK_EVERY if quick else 1]
    _things(result, pipeline, asked)
    starter_reading.measure(result)
    _looks(result, pipeline, asked, SEEDS[:1] if quick else SEEDS)
    _variety(result, pipeline)
    starter_colours.measure(pipeline, result, quick)
    starter_prior.measure(pipeline, result, quick)
    _speed(result, pipeline, 2 if quick else 7)
    _sizes(result)
    if not quick:
        _sheets(pipeline)
    return result


def _things(result: Result, pipeline: StarterPipeline, panel_: Sequence[Asked]) -> None:
    """What is drawn against what a person expects, at one seed."""
    unasked, missing = [], []
    for asked in panel_:
        wish, drawn = understood(asked.prompt), set(scene(pipeline, asked.prompt, SEED).things)
        told = wish.unknown + wish.unheeded
        if drawn - set(asked.things):
            unasked.append(asked.prompt)
        if set(asked.things) - drawn and not told:
            missing.append(asked.prompt)
    for key, prompts in (("unasked", unasked), ("missing", missing)):
        result.measured[key] = len(prompts)
        result.cells.append(Cell(key, "; ".join(prompts)[:300] or "none", "of the panel", (len(prompts),)))


def _looks(result: Result, pipeline: StarterPipeline, panel_: Sequence[Asked], seeds: Sequence[int]) -> None:
    """Colours on the pixels, and where things stand, over several seeds."""
    seen, kept = [], []
    for asked in panel_:
        named = _named(asked)
        for seed in seeds if named or asked.room else ():
            if named:
                shown = picture(pipeline, asked.prompt, seed, 256)
                seen += [_is_visible(shown, colour) for colour in named]
            if asked.room:
                kept.append(_keeps_room(scene(pipeline, asked.prompt, seed), asked.room))
    result.measured["colours"] = 100 * float(np.mean(seen))
    result.measured["room"] = 100 * float(np.mean(kept)) if kept else 100.0
    result.cells.append(Cell("named colours", "visible", "of them", (float(np.mean(seen)),), f"{len(seen)}"))


def _named(asked: Asked) -> list[colours.OKLab]:
    """The colours that were said of things that can be drawn and of the ground."""
    found = []
    for what, names in asked.colours.items():
        if what not in plate_things() and what not in ("ground", "other"):
            continue
        for name in names:
            if name.startswith("#"):
                found.append(colours.of_hex(name))
            elif palette := read(name).palette:
                found.append(colours.MEAN.get(palette[0]) or colours.of_hex(palette[0]))
    return found


def plate_things() -> set[str]:
    return set(plate.names())


def _is_visible(shown: Image.Image, colour: colours.OKLab) -> bool:
    pixels = np.asarray(shown.convert("RGB").resize((96, 96))).reshape(-1, 3)
    labs = np.array([_lab(pixel) for pixel in pixels])
    return float((np.linalg.norm(labs - np.array(colour), axis=1) < NEAR).mean()) > LEAST_SEEN


def _lab(pixel: np.ndarray) -> colours.OKLab:
    return colours.of_hex("#" + "".join(f"{int(value):02x}" for value in pixel))


def _keeps_room(drawn: Scene, room: str) -> bool:
    """Whether all things are out of the part of a square that text is to have."""
    if drawn.is_pattern or drawn.is_flat or room not in ("left", "right"):
        return drawn["room"] == room
    filled = boxes(staging.staged(drawn, SIDE, SIDE), SIDE, SIDE)
    if room == "left":
        return all(left > (TEXT_ENDS - STRAY) * SIDE for left, *_ in filled)
    return all(right < (1 - TEXT_ENDS + STRAY) * SIDE for _, _, right, _ in filled)


def _variety(result: Result, pipeline: StarterPipeline) -> None:
    found = [scene(pipeline, FREE, seed) for seed in range(32)]
    result.measured["cameras"] = len({each["camera"] for each in found})
    grounds = {(each["floor"], colours.nearest(each.colour("bg"))) for each in found}
    result.measured["grounds"] = len(grounds)


def _speed(result: Result, pipeline: StarterPipeline, rounds: int) -> None:
    with own_identity() as identity:

        def make(seed: int, side: int) -> object:
            return mark_picture(picture(pipeline, FREE, seed, side), "image/png", FACTS, identity)

        for side in (512, 1024):
            make(0, side)
            taken = tuple(_seconds(partial(make, seed, side)) for seed in range(rounds))
            result.measured[str(side)] = float(np.median(taken))
            result.cells.append(Cell(f"text to file, {side} px", "warm, one at a time", "s", taken))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    result.cells.append(Cell("memory", "of the whole process, peak", "MB", (peak,)))


def _seconds(arm: Callable[[], object]) -> float:
    began = time.perf_counter()
    arm()
    return time.perf_counter() - began


def _sizes(result: Result) -> None:
    result.measured["plates"] = sum(_bytes(plate.SHIPPED)) / 1e6
    result.measured["weights"] = sum(_bytes(WEIGHTS)) / 1e6
    result.measured["stock"] = len(plate.names())


def _bytes(folder: Path) -> Iterator[int]:
    return (file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _sheets(pipeline: StarterPipeline) -> None:
    SHEETS.mkdir(parents=True, exist_ok=True)
    asked = [(each.prompt, SEED + number) for number, each in enumerate(panel())]
    lines = [(line.prompt, seed) for line in campaign() for seed in line.seeds]
    for name, wanted in (("panel", asked), ("trades", lines)):
        shown = [(f"{prompt} · seed {seed}", picture(pipeline, prompt, seed)) for prompt, seed in wanted]
        write_sheets(shown, SHEETS, name)
