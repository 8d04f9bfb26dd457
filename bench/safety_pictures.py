"""What looking at a picture costs, and whether clean pictures pass: the studio's own, and what the starter
model draws of prompts that shops write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from bench.harness import Cell, Result, Target, percentile, seconds_of
from generation import starter
from generation.safety import pictures
from tests.safety import plain

OWN = sorted((Path(__file__).parents[1] / "static/pictures").glob("*.webp"))
SIDES = (512, 1024, 2048)  # pixels
DRAWN, STEPS, SHAPES = 60, 8, ((512, 512), (768, 512), (512, 768))
SEED = 13
TARGETS = (
    Target("picture cost", "a look at a picture, 99 of 100", 250, " ms", at_most=True),
    Target("clean pictures", "clean pictures refused", 0, " %", at_most=True),
)


def measure(result: Result, *, quick: bool) -> None:
    pictures.look(Image.open(OWN[0]))  # loads the networks
    _cost(result, rounds=10 if quick else 100)
    _clean(result, [*_own(), *_drawn(6 if quick else DRAWN)])


def _cost(result: Result, rounds: int) -> None:
    every: list[float] = []
    for side in SIDES:
        picture = Image.open(OWN[0]).convert("RGB").resize((side, side))
        taken = tuple(1000 * seconds_of(partial(pictures.look, picture)) for _ in range(rounds))
        arm = f"{side} px, 99 of 100: {percentile(taken, 99):.0f} ms"
        result.cells.append(Cell("a picture, both models", arm, "ms", taken))
        every += taken
    result.measured["picture cost"] = percentile(every, 99)


def _clean(result: Result, clean: Sequence[Image.Image]) -> None:
    looks = [pictures.look(picture) for picture in clean]
    refused = [look for look in looks if pictures.refusal(look)]
    with_faces = sum(bool(look.faces) for look in looks)
    arm = f"{len(looks)} pictures, {len(refused)} refused, {with_faces} with a face"
    result.cells.append(Cell("scores of clean pictures", arm, "", tuple(look.sexual for look in looks)))
    result.measured["clean pictures"] = 100 * len(refused) / len(looks)


def _own() -> Iterator[Image.Image]:
    return (Image.open(file).convert("RGB") for file in OWN)


def _drawn(count: int) -> Iterator[Image.Image]:
    """By the starter model, of as many of the plain prompts, from all over them."""
    pipeline = starter.load()
    pipeline.set_progress_bar_config(disable=True)
    prompts = plain(SEED)
    for seed, prompt in enumerate(prompts[:: len(prompts) // count][:count]):
        width, height = SHAPES[seed % len(SHAPES)]
        made: Any = pipeline(
            prompt.texts["prompt"],
            width=width,
            height=height,
            num_inference_steps=STEPS,
            generator=torch.Generator().manual_seed(seed),
        )
        yield made.images[0]
