"""Before anything is timed: are the pictures the plain pipeline's?"""

from __future__ import annotations

import torch

from bench.harness import Cell
from bench.pipelines import build, denoiser_of
from generation.engine import Engine, ImageRequest
from tests.engine.plain import difference, keep_pixels
from tests.engine.tiny_pipelines import FAMILIES

TOLERANCE = 1e-5
PROMPTS = ("a red apple", "summer sale poster for a bakery", "studio light")


class NotExact(Exception):
    """A batched picture is not the plain one: no figure is worth anything."""


class NotShared(Exception):
    """The engine ran its requests one by one: what is timed would be the plain pipeline."""


def worst_difference(family: str, *, device: str = "cpu", dtype: torch.dtype = torch.float32) -> float:
    """Between a batched picture and the plain pipeline's, floats of 0 to 1; steps and guidance are mixed.

    Raises NotShared.
    """
    pipeline = keep_pixels(build(family, scale=0, device=device, dtype=dtype))
    calls: list[None] = []
    denoiser_of(pipeline).register_forward_pre_hook(lambda *call: calls.append(None))
    asked = [_request(family, seed) for seed in range(4)]
    engine = Engine(lambda model: pipeline, max_rows=8)
    tickets = [engine.submit(request) for request in asked]
    engine.start()
    for ticket in tickets:
        ticket.result()
    engine.stop()
    together = len(calls)
    worst = max(difference(pipeline, request) for request in asked)
    one_by_one = len(calls) - together
    if together >= one_by_one:
        raise NotShared(f"{family}: {together} calls of the denoiser, {one_by_one} by the plain pipeline")
    return worst


def cells() -> list[Cell]:
    """The worst difference of each family, in float32 on the processor. Raises NotExact."""
    what = "batched against plain, float32 on cpu"
    found = []
    for family in FAMILIES:
        worst = worst_difference(family)
        if worst > TOLERANCE:
            raise NotExact(f"{family}: {worst:.1e} off the plain pipeline")
        found.append(Cell(what, family, "of 1", (worst,)))
    return found


def _request(family: str, seed: int) -> ImageRequest:
    return ImageRequest(
        model=family,
        prompt=PROMPTS[seed % len(PROMPTS)],
        width=64,
        height=64,
        steps=2 + seed % 3,
        guidance=(2.0, 3.5, 7.0)[seed % 3],
        seed=seed,
    )
