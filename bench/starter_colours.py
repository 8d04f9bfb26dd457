"""How near the starter comes to a brand's colour, on a plain ground and on things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from coloraide import Color

from bench.harness import Cell, Result, Target
from bench.starter_made import SEED, picture, scene
from generation.starter import colours, stock, taste
from generation.starter.drawing import draw
from generation.starter.pipeline import StarterPipeline
from generation.starter.plates import plate
from generation.starter.scene import Scene

BRANDS = ("#0f766e", "#c02d2d", "#8ecae6", "#123456", "#f1c40f", "#6b4226")
SIDE = 256
DYED = 0.6  # of the most that a pixel differs in another colour, how much one of the thing itself does
BEST_LIT = 75  # of a hundred pixels, those that are darker than the best lit quarter
UNIT = "Delta E 2000"
TARGETS = (
    Target("backdrop", "plain backdrop in a brand's colour: Delta E 2000, median", 2, "", at_most=True),
    Target(
        "brand",
        "a thing in a brand's colour: Delta E 2000 of its best lit quarter, median",
        4,
        "",
        at_most=True,
    ),
)


def measure(pipeline: StarterPipeline, result: Result, quick: bool) -> None:
    """Into `result`, by the keys of TARGETS."""
    brands = BRANDS[:1] if quick else BRANDS
    _backdrops(result, pipeline, brands)
    _things(result, pipeline, brands)


def _backdrops(result: Result, pipeline: StarterPipeline, brands: Sequence[str]) -> None:
    """Of the middle of a plain backdrop, to the colour that was asked for."""
    away = []
    for colour in brands:
        shown = picture(pipeline, f"plain {colour} backdrop", SEED, 256)
        middle = np.median(np.asarray(shown)[64:192, 64:192].reshape(-1, 3), axis=0)
        away.append(_delta_e(middle, colour))
    result.measured["backdrop"] = float(np.median(away))
    result.cells.append(Cell("plain backdrop", "from the brand's colour", UNIT, tuple(away)))


def _things(result: Result, pipeline: StarterPipeline, brands: Sequence[str]) -> None:
    """Things that can be dyed, where they are best lit. Where they are: what changes with their colour."""
    found: dict[str, list[float]] = {}
    for thing in (name for name in plate.names() if taste.THINGS[name]["colours"]):
        for brand in brands:
            drawn = scene(pipeline, f"{stock.NAMES[thing]} in {brand}", SEED)
            dyed, undyed = (_dyed(drawn, colour) for colour in (colours.of_hex(brand), _far_from(brand)))
            changed = np.abs(dyed - undyed).sum(-1)
            # What is dyed changes most; the floor and the wall beside it take a little of its colour.
            lit = dyed[changed > DYED * np.percentile(changed, 99)]
            best = lit[lit.sum(-1) >= np.percentile(lit.sum(-1), BEST_LIT)]
            found.setdefault(thing, []).append(_delta_e(np.median(best, axis=0), brand))
    result.measured["brand"] = float(np.median([each for away in found.values() for each in away]))
    for thing, away in found.items():
        result.cells.append(Cell(f"{thing} in a brand's colour", "best lit quarter", UNIT, tuple(away)))


def _dyed(drawn: Scene, colour: colours.OKLab) -> np.ndarray:
    """(SIDE, SIDE, 3): the scene's first thing in a colour."""
    picture_ = draw(replace(drawn, colours={**drawn.colours, "c1": colour}), SIDE, SIDE)
    return np.asarray(picture_).astype(int)


def _far_from(brand: str) -> colours.OKLab:
    return min(colours.MEAN.values(), key=lambda each: -colours.distance(each, colours.of_hex(brand)))


def _delta_e(pixel: np.ndarray, colour: str) -> float:
    return Color("srgb", [float(each) / 255 for each in pixel]).delta_e(colour, method="2000")
