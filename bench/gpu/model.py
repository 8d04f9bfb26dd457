"""One model on the device: as diffusers loads it, and in the faster forms that the engine may run."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace

import torch
from diffusers import DiffusionPipeline

from bench.arms import compiled
from bench.gpu.graphs import graphed
from bench.gpu.plan import Extent
from bench.pipelines import build, denoiser_of
from generation.engine.arguments import layout_of
from generation.engine.grouping import key_of
from generation.engine.latency_curve import LatencyCurve
from generation.engine.request import ImageRequest
from generation.engine.standins import Call
from generation.tuning.measuring import Drawn, draw

EAGER = "eager"

FORMS: Mapping[str, Callable[[DiffusionPipeline], DiffusionPipeline]] = {
    "compiled": lambda pipeline: compiled(pipeline),
    "fp8": lambda pipeline: compiled(pipeline, quantization="float8"),
    "graphs": graphed,
}


class Model:
    """`forms` by name, the eager one first. Curves are by form and side."""

    def __init__(self, kind: str, extent: Extent) -> None:
        dtype = torch.bfloat16 if extent.scale == 1 else torch.float32
        self.plain = build(kind, scale=extent.scale, device=extent.device, dtype=dtype)
        self.forms: dict[str, DiffusionPipeline] = {EAGER: self.plain}
        self._curves: dict[tuple[str, int], dict[Hashable, LatencyCurve]] = {}

    def add(self, form: str) -> None:
        """Have it in one more form. Raises whatever its means raise."""
        if form == "fp8" and importlib.util.find_spec("torchao") is None:
            raise ModuleNotFoundError("torchao")
        self.forms[form] = FORMS[form](self.plain)

    def drawn(self, side: int, guidance: float) -> Drawn:
        """A picture of two steps, for its calls."""
        request = ImageRequest(
            model="bench", prompt="a jar", width=side, height=side, steps=2, guidance=guidance, seed=1
        )
        with torch.inference_mode():
            return draw(self.plain, request)

    def call_in(self, form: str, call: Call) -> Call:
        """The eager denoiser's call, for the same denoiser in another form."""
        return replace(call, module=denoiser_of(self.forms[form]))

    def record(self, form: str, side: int, call: Call, seconds: Mapping[int, float]) -> None:
        """Of so many calls together."""
        rows = layout_of(call).rows
        curve = LatencyCurve({calls * rows: taken for calls, taken in seconds.items()})
        self._curves[form, side] = {key_of("bench", call).place: curve}

    def curves(self, form: str, side: int) -> Mapping[Hashable, LatencyCurve]:
        """By the engine's places, for an engine that starts with them; empty if nothing was measured."""
        return self._curves.get((form, side), {})

    def curve(self, form: str, side: int) -> LatencyCurve | None:
        """That of a form, or of the eager one where it has none."""
        known = self.curves(form, side) or self.curves(EAGER, side)
        return next(iter(known.values()), None)
