"""A GPU that exists in figures only: whatever it is asked for moves its clock, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from bench.arms import Job
from bench.gpu import live, model, trial, widths
from bench.own_cost import Shares
from generation.engine.standins import Call
from generation.tuning.measuring import Drawn

# Seconds of one row's step on an H100, about: TFLOP of a forward by what it really does a second.
STEP = {
    ("sdxl", 1024): 6.76 / 500,
    ("sdxl", 512): 1.59 / 350,
    ("sd15", 512): 0.8 / 250,
    ("flux", 1024): 74 / 600,
    ("zimage", 1024): 57 / 600,
}
FASTER = {"eager": 1.0, "compiled": 1.3, "fp8": 1.7, "graphs": 1.4}
COMPILING = {"compiled": 25.0, "fp8": 35.0, "graphs": 1.0}
LOADING = {"sdxl": 10.0, "sd15": 4.0, "flux": 30.0, "zimage": 20.0}
DECODE = 0.02
LAUNCH = 0.01  # the least that a step takes


class Denoiser(nn.Module):
    def __init__(self, kind: str, form: str) -> None:
        super().__init__()
        self.kind, self.form = kind, form

    def forward(self, sample: torch.Tensor) -> torch.Tensor:
        return sample


class Machine:
    """`slowness` 1 is an H100. `passing` is told, before time passes, how many seconds will."""

    def __init__(
        self, slowness: float = 1.0, passing: Callable[[float], None] = lambda seconds: None
    ) -> None:
        self.now = 0.0
        self._slowness, self._passing = slowness, passing
        self._compiled: set[int] = set()

    def clock(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self._passing(seconds)
        self.now += seconds

    def install(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(model, "build", self._build)
        patch.setattr(model, "draw", self._draw)
        patch.setattr(model.importlib.util, "find_spec", lambda name: object())
        forms = {form: lambda plain, form=form: pipeline_of(plain.unet.kind, form) for form in COMPILING}
        patch.setattr(model, "FORMS", forms)
        patch.setattr(trial.gate, "worst_difference", lambda *args, **kwargs: self.spend(3.0) or 0.0)
        for module in (trial, widths):
            patch.setattr(module, "seconds_in_turns", self._seconds_in_turns)
        patch.setattr(trial, "seconds_of", self._seconds_of)
        patch.setattr(trial, "one_by_one", self.draw_all)
        patch.setattr(trial, "static_batch", self.draw_all)
        patch.setattr(trial, "Resident", lambda pipeline, **more: Resident(self, pipeline))
        patch.setattr(trial, "tiny_autoencoder", lambda pipeline: None)
        patch.setattr(trial, "with_parts", lambda pipeline, **parts: pipeline)
        patch.setattr(trial, "shares_of", lambda pipeline, draw: draw() or Shares(3.0, 1.0))
        serve = live.serve
        patch.setattr(
            live, "serve", lambda *args, **more: serve(*args, **more, clock=self.clock, sleep=self._sleep)
        )

    def draw_all(self, pipeline: Any, job: Job) -> None:
        """All pictures of a job, in company."""
        self._compile(pipeline.unet)
        self.spend(job.steps * self.step(pipeline.unet, job.side, self._rows(pipeline, job)))
        self.spend(job.pictures * DECODE * self._slowness)

    def step(self, denoiser: Denoiser, side: int, rows: int) -> float:
        seconds = rows * STEP[denoiser.kind, side] / FASTER[denoiser.form]
        return self._slowness * max(LAUNCH, seconds)

    def _rows(self, pipeline: Any, job: Job) -> int:
        return job.pictures * (1 if job.guidance <= 1 or pipeline.unet.kind == "flux" else 2)

    def _compile(self, denoiser: Denoiser) -> None:
        """What its first call takes."""
        if id(denoiser) not in self._compiled:
            self._compiled.add(id(denoiser))
            self.spend(COMPILING.get(denoiser.form, 0.0))

    def _build(self, kind: str, **how: Any) -> Any:
        self.spend(LOADING[kind] * self._slowness)
        return pipeline_of(kind, "eager")

    def _draw(self, pipeline: Any, request: Any) -> Drawn:
        rows = 1 if request.guidance <= 1 or pipeline.unet.kind == "flux" else 2
        sample = torch.zeros(rows, 1, request.height // 8, request.width // 8)
        denoising = Call("unet", "forward", pipeline.unet, None, (sample,), {})
        decoding = Call("vae", "forward", Denoiser("vae", "eager"), None, (sample[:1],), {})
        self.spend(1.0)
        return Drawn(None, {"denoising": denoising, "decoding": decoding}, 0.01 * self._slowness)

    def _seconds_in_turns(self, arms: list[list[Call]]) -> list[float]:
        (calls,) = arms
        denoiser, sample = calls[0].module, calls[0].args[0]
        assert isinstance(denoiser, Denoiser)
        if denoiser.kind == "vae":
            seconds = len(calls) * DECODE * self._slowness
        else:
            self._compile(denoiser)
            seconds = self.step(denoiser, 8 * sample.shape[-1], len(calls) * len(sample))
        self.spend(max(2.0, 4 * seconds))
        return [seconds]

    def _seconds_of(self, arm: Callable[[], object]) -> float:
        began = self.now
        arm()
        return max(self.now - began, 1e-6)

    def _sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.1)  # fewer looks than in life


class Resident:
    """The engine on such a machine: pictures that come one by one take turns."""

    def __init__(self, machine: Machine, pipeline: Any) -> None:
        self._machine, self._pipeline = machine, pipeline
        self._free = 0.0

    def __call__(self, job: Job) -> None:
        self._machine.draw_all(self._pipeline, job)

    def submit(self, job: Job, share: str) -> Any:
        step = self._machine.step(self._pipeline.unet, job.side, 32) / 16
        self._free = end = max(self._free, self._machine.now) + job.steps * step
        return SimpleNamespace(
            done=lambda: self._machine.now >= end, result=lambda: None, cancel=lambda why: None
        )

    def __enter__(self) -> Resident:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def pipeline_of(kind: str, form: str) -> Any:
    return SimpleNamespace(unet=Denoiser(kind, form))
