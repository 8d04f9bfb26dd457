"""Creatives: how soon a key is a picture while somebody types, and how long a set of files takes.

As the page does it: a picture of the starter model's size, a headline that is one letter longer each time.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from bench.harness import Cell, Result, Target, percentile, seconds_of
from bench.own_identity import own_identity
from generation.compositor import FORMATS, LAYOUTS, AdCopy, RenderSpec, render
from generation.provenance import MarkFacts, SigningIdentity, mark_file

TARGETS = (
    Target("preview", "p95 from a key to the preview's picture", 100, " ms", at_most=True),
    Target("set", "8 formats set, marked and signed as JPEG", 3, " s", at_most=True),
)
HEADLINE = "Pumpkin week at the Corner Bakery, every day from eight"
WORDS = AdCopy(
    offer="Two cups for the price of one", price="3.50 €", button="Come by", date="12 to 18 October"
)
FACTS = MarkFacts("starter", "StarterPipeline", "ab" * 32, composite=True)
SET = tuple(FORMATS)[:8]
SEED = 7


def run(quick: bool) -> Result:
    result = Result("creative", seed=SEED)
    with own_identity() as identity:
        _previews(result, letters=12 if quick else len(HEADLINE))
        _sets(result, identity, rounds=3 if quick else 7)
    return result


def _previews(result: Result, letters: int) -> None:
    """Every layout, in the first format, one letter after the other."""
    picture = _picture(768, "WEBP")
    taken = []
    for layout in LAYOUTS:
        render(_creative(picture, layout, SET[0], ""), "svg")  # the first one reads the fonts
        for typed in range(1, letters + 1):
            creative = _creative(picture, layout, SET[0], HEADLINE[:typed])
            taken.append(1000 * seconds_of(partial(render, creative, "svg")))
    result.cells.append(Cell("preview", f"{len(LAYOUTS)} layouts", "ms", tuple(taken)))
    result.measured["preview"] = percentile(taken, 95)


def _sets(result: Result, identity: SigningIdentity, rounds: int) -> None:
    picture = _picture(1024, "PNG")
    layouts = itertools.islice(itertools.cycle(LAYOUTS), rounds)
    taken = tuple(seconds_of(partial(_make_set, picture, layout, identity)) for layout in layouts)
    result.cells.append(Cell(f"{len(SET)} formats", "set and signed", "s", taken))
    result.measured["set"] = sorted(taken)[len(taken) // 2]


def _make_set(picture: bytes, layout: str, identity: SigningIdentity) -> None:
    for format_key in SET:
        page = render(_creative(picture, layout, format_key, HEADLINE), "png")
        mark_file(page.data, "image/jpeg", FACTS, identity)


def _creative(picture: bytes, layout: str, format_key: str, headline: str) -> RenderSpec:
    words = replace(WORDS, headline=headline)
    return RenderSpec(layout=layout, format=format_key, ad_copy=words, picture=picture)


def _picture(side: int, form: str) -> bytes:
    """Soft blobs of colour with some grain: neither flat nor noise."""
    dice = np.random.default_rng(SEED)
    blobs = Image.fromarray(dice.integers(0, 256, (9, 9, 3), dtype=np.uint8)).resize((side, side), 3)
    grain = dice.normal(0, 4, (side, side, 3))
    pixels = np.clip(np.asarray(blobs, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()
