"""What a step costs outside the model's own forward, in the engine and in the pipelines that it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from diffusers import DiffusionPipeline

from bench.pipelines import denoiser_of
from generation.engine import device
from generation.engine.fiber import Fiber

# Seconds on a processor. On an accelerator marks in its own time: nothing waits while it is watched.
Moment = Any
Span = tuple[Moment, Moment]


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of a denoising phase, from its first forward to its last.

    outside: no component ran. engine: nor did any pipeline's own code (its scheduler's step, its guidance),
    which plain diffusers runs as well. Without an engine the two are the same.
    """

    outside: float
    engine: float


@dataclass(slots=True)
class Spans:
    """When each forward of the denoiser, of anything else, and each move of a fiber began and ended."""

    denoising: list[Span] = field(default_factory=list)
    others: list[Span] = field(default_factory=list)
    fibers: list[Span] = field(default_factory=list)

    def settled(self) -> Spans:
        """The same in seconds from the first forward, once the device has come to the end."""
        first = self.denoising[0][0]
        if isinstance(first, float):
            return self
        device.wait()

        def seconds(spans: list[Span]) -> list[Span]:
            return [(_between(first, begin), _between(first, end)) for begin, end in spans]

        return Spans(seconds(self.denoising), seconds(self.others), seconds(self.fibers))

    def shares(self) -> Shares:
        began, ended = self.denoising[0][0], self.denoising[-1][1]

        def within(spans: list[Span]) -> float:
            return sum(end - begin for begin, end in spans if begin >= began and end <= ended)

        outside = ended - began - within(self.denoising) - within(self.others)
        phase = (ended - began) / 100
        return Shares(outside / phase, (outside - within(self.fibers)) / phase)


def shares_of(pipeline: DiffusionPipeline, draw: Callable[[], object]) -> Shares:
    """Of the denoising phase of `draw()`, with `pipeline` plainly or in an engine."""
    with watched(pipeline) as spans:
        draw()
    return spans.settled().shares()


@contextmanager
def watched(pipeline: DiffusionPipeline) -> Iterator[Spans]:
    spans = Spans()
    hooks, resume = [], Fiber.resume
    for module in {id(part): part for part in vars(pipeline).values()}.values():
        if isinstance(module, torch.nn.Module):
            into = spans.denoising if module is denoiser_of(pipeline) else spans.others
            hooks += _watch(module, into)

    def timed(fiber: Fiber[Any], value: object) -> None:
        began = _now()
        try:
            resume(fiber, value)
        finally:
            spans.fibers.append((began, _now()))

    Fiber.resume = timed  # type: ignore[method-assign, assignment]
    try:
        yield spans
    finally:
        Fiber.resume = resume  # type: ignore[method-assign]
        for hook in hooks:
            hook.remove()


def _watch(module: torch.nn.Module, into: list[Span]) -> list[Any]:
    began: list[Moment] = []
    return [
        module.register_forward_pre_hook(lambda *_: began.append(_now())),
        module.register_forward_hook(lambda *_: into.append((began.pop(), _now()))),
    ]


def _now() -> Moment:
    return device.mark() or time.perf_counter()


def _between(first: Any, later: Any) -> float:
    """Seconds; negative for a mark that lies before the first."""
    return float(first.elapsed_time(later)) / 1e3
