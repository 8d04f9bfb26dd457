"""The ways to make a batch of pictures with one loaded pipeline: diffusers' own, others', and ours."""

from __future__ import annotations

import shutil
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from diffusers import DiffusionPipeline

from bench.pipelines import denoiser_of, with_own_denoiser
from bench.policies import WIDTH
from generation.engine import Engine, ImageRequest
from generation.engine.batch_scheduler import BatchScheduler, Waiting
from generation.engine.latency_curve import LatencyCurve
from generation.engine.request import Ticket
from generation.tuning import Settings
from generation.tuning.applying import apply

_numbers = count()


@dataclass(frozen=True, slots=True)
class Job:
    """`pictures` of one size at once; every call of an arm draws new prompts, so that no text is reused."""

    side: int
    steps: int
    pictures: int
    guidance: float = 5.0

    def prompts(self) -> list[str]:
        return [_prompt(next(_numbers)) for _ in range(self.pictures)]


def _prompt(number: int) -> str:
    return f"a red apple on a wooden table, number {number}"


def generators(pictures: int) -> list[torch.Generator]:
    return [torch.Generator("cpu").manual_seed(seed) for seed in range(pictures)]


def one_by_one(pipeline: DiffusionPipeline, job: Job) -> None:
    """diffusers as its documentation has it: a call a picture."""
    for prompt, generator in zip(job.prompts(), generators(job.pictures), strict=True):
        pipeline(prompt, generator=generator, **arguments(job))


def static_batch(pipeline: DiffusionPipeline, job: Job) -> None:
    """All in one call: they must have come together, and have the same steps, size and guidance."""
    prompts = job.prompts()
    pipeline(prompts, generator=generators(job.pictures), **arguments(job))


def arguments(job: Job) -> dict[str, Any]:
    return {
        "height": job.side,
        "width": job.side,
        "num_inference_steps": job.steps,
        "guidance_scale": job.guidance,
    }


class Resident:
    """Our engine with one pipeline; `policy` replaces its schedule, `row_skip` is each request's.

    `curves` are seconds by rows at places of the schedule, as tune_model leaves them. Wide enough for
    `pictures` guided ones.
    """

    def __init__(
        self,
        pipeline: DiffusionPipeline,
        *,
        pictures: int,
        policy: type[OmniLikeScheduler] | None = None,
        row_skip: float = 0.0,
        curves: Mapping[Hashable, LatencyCurve] = MappingProxyType({}),
    ) -> None:
        def load(model: str) -> DiffusionPipeline:
            for place, curve in curves.items():
                self._engine.record(place, curve)
            return pipeline

        self._row_skip = row_skip
        self._engine = Engine(load, max_rows=2 * pictures)
        if policy is not None:
            self._engine._executor._scheduler = policy(max_rows=2 * pictures)
        self._engine.start()

    def __call__(self, job: Job) -> None:
        tickets = [self._submit(job, prompt, seed) for seed, prompt in enumerate(job.prompts())]
        for ticket in tickets:
            ticket.result()

    def submit(self, job: Job, share: str) -> Ticket:
        """One picture of `job`, for a business by the name `share`."""
        number = next(_numbers)
        return self._submit(job, _prompt(number), number, share)

    def _submit(self, job: Job, prompt: str, seed: int, share: str = "") -> Ticket:
        return self._engine.submit(
            ImageRequest(
                model="bench",
                prompt=prompt,
                width=job.side,
                height=job.side,
                steps=job.steps,
                guidance=job.guidance,
                seed=seed,
                share=share,
                row_skip=self._row_skip,
            )
        )

    def __enter__(self) -> Resident:
        return self

    def __exit__(self, *error: object) -> None:
        self._engine.stop()


class OmniLikeScheduler(BatchScheduler):
    """vLLM-Omni's order in our engine: the earliest requests share each step, up to a constant width.

    It also asks for one size, guidance and LoRA in a batch, which every cell here grants it. Text is encoded
    and pictures are decoded by request.
    """

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        running = sorted(waiting, key=lambda call: (call.arrived, call.request))[:WIDTH]
        alone = [call for call in running if not call.denoising]
        return alone[:1] or [call for call in running if call.key == running[0].key]


def compiled(pipeline: DiffusionPipeline, *, quantization: str = "") -> DiffusionPipeline:
    """A copy with what diffusers and torch have for speed, as `tune_model` switches it on.

    `quantization` changes pictures, as "float8" does.
    """
    own = with_own_denoiser(pipeline)
    denoiser = denoiser_of(own)
    settings = Settings(
        channels_last=any(weight.ndim == 4 for weight in denoiser.parameters()),
        fused_qkv=hasattr(denoiser, "fuse_qkv_projections"),
        compiled=True,
        quantization=quantization,
    )
    apply(own, settings, Path())
    return own


def why_not_compiled() -> str:
    """Why there is no compiled arm here; empty where there is one."""
    if not torch.cuda.is_available() and not any(shutil.which(name) for name in ("g++", "clang++")):
        return "not available: no C++ compiler"
    return ""
