"""A picture drawn call by call as the engine does it, and how long its calls take."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from diffusers import DiffusionPipeline

from generation.engine import device
from generation.engine.arguments import layout_of
from generation.engine.fiber import Fiber, private_copy
from generation.engine.forward import OutOfMemory, forward, run_together
from generation.engine.grouping import key_of
from generation.engine.pipelines import arguments_for
from generation.engine.request import ImageRequest
from generation.engine.sharing import Sharing
from generation.engine.standins import Call

from .tuning import Timing

# Seconds that the repetitions of one measurement may take, and how many there are at least and at most. Few
# are enough where a call takes long: then the noise is small beside it.
ENOUGH, FEWEST, MOST = 2.0, 3, 15


@dataclass(frozen=True, slots=True)
class Drawn:
    """`pixels` (height, width, 3) in 0..1; `calls` the first of each stage; `encoding` in seconds."""

    pixels: np.ndarray
    calls: dict[str, Call]
    encoding: float


def draw(pipeline: DiffusionPipeline, request: ImageRequest) -> Drawn:
    """Raises what a component raises."""
    own = private_copy(pipeline)
    arguments = arguments_for(own, request, lambda step, latents: None)
    fiber = Fiber(lambda: own(**arguments).images[0])
    calls: dict[str, Call] = {}
    encoding = 0.0
    fiber.start()
    while (call := fiber.call) is not None:
        calls.setdefault(call.stage, call)
        started = time.perf_counter()
        (answer,) = forward([call], Sharing())
        if call.stage == "encoding":
            device.wait()
            encoding += time.perf_counter() - started
        if answer.error is not None:
            fiber.throw(answer.error)
        else:
            fiber.resume(answer.value)
    return Drawn(np.asarray(fiber.result, dtype=np.float32), calls, encoding)


def seconds_in_turns(arms: Sequence[Sequence[Call]]) -> list[float]:
    """Median seconds of each arm's calls run together, the arms taking turns so that a slow minute slows all.

    Raises OutOfMemory, and what a component raises.
    """
    for calls in arms:
        _seconds(calls)  # warm-up: kernels are chosen, code is compiled
    started = time.perf_counter()
    rounds: list[list[float]] = []
    while len(rounds) < FEWEST or (len(rounds) < MOST and time.perf_counter() - started < ENOUGH):
        rounds.append([_seconds(calls) for calls in arms])
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def timings(drawn: Drawn, size: tuple[int, int], rows: Sequence[int]) -> list[Timing]:
    """Seconds by rows of each stage that the engine batches, at this size, as far as memory goes."""
    found = []
    for stage in ("denoising", "decoding"):
        call = drawn.calls.get(stage)
        if call is None or call.is_offloaded:
            continue
        seconds: dict[int, float] = {}
        for wanted in rows:
            copies, rest = divmod(wanted, layout_of(call).rows)
            if not copies or rest:
                continue
            try:
                (seconds[wanted],) = seconds_in_turns([[call] * copies])
            except OutOfMemory:
                break
        found.append(_timing(call, size, seconds))
    return found


def _timing(call: Call, size: tuple[int, int], seconds: dict[int, float]) -> Timing:
    _, component, method, dtype, shapes = key_of("", call).place
    return Timing(
        size=size,
        component=component,
        method=method,
        dtype="" if dtype is None else str(dtype).removeprefix("torch."),
        shapes=tuple(tuple(shape) for shape in shapes),
        seconds=seconds,
    )


def _seconds(calls: Sequence[Call]) -> float:
    started = time.perf_counter()
    run_together(calls)
    device.wait()
    return time.perf_counter() - started
