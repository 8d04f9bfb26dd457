"""The real engine under a trace: on a clock that only costs move, and in real time, to check the simulator.

The pipeline is an SD 1.5 in all but size, with random weights; fibers, grouping, forwards are the engine's.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import diffusers
import torch
from diffusers import DiffusionPipeline

from bench.simulate import H200_QWEN, Costs
from bench.traces import Arrival
from generation.engine import Cancelled, Engine, ImageRequest, Progress, Ticket
from generation.engine.latency_curve import LatencyCurve

ROWS = 8
# Text and pixels are not charged to the clock, but are calls, after which the schedule is asked again.
FREE = LatencyCurve({1: 1e-9, ROWS: 1e-9})
WITH_FREE_ENDS = Costs(H200_QWEN, FREE, dict.fromkeys(H200_QWEN, FREE))

SECONDS = 600.0  # to wait for any one picture before something is wrong


def small_pipeline() -> DiffusionPipeline:
    from tests.engine.tiny_pipelines import sd15

    torch.manual_seed(0)
    pipeline = sd15()
    pipeline.set_progress_bar_config(disable=True)
    diffusers.utils.logging.set_verbosity_error()
    return pipeline


def request_of(number: int, arrival: Arrival, pixels: int) -> ImageRequest:
    """A picture without guidance takes one row; every prompt is another, as those of real people are."""
    return ImageRequest(
        model="sd15",
        prompt=f"poster number {number}",
        width=pixels,
        height=pixels,
        steps=arrival.steps,
        guidance=1.0,
        seed=number,
        share=arrival.share,
        preview_every=0,
    )


@dataclass
class Clock:
    """Seconds that stand still until something is charged."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Driven:
    """What the real engine did: when each step of each arrival ended, and the rows of each denoiser call."""

    steps_done: list[list[float]]
    calls: list[int] = field(default_factory=list)


class Driver:
    """Runs a trace through a real engine whose denoiser is charged to a clock that nothing else moves.

    Arrivals are submitted from inside the denoiser, at their own time, so that the run repeats exactly.
    Their times must differ.
    """

    def __init__(
        self, trace: Sequence[Arrival], costs: Costs, pixels: Callable[[int], int] = lambda size: size // 8
    ) -> None:
        self._trace, self._costs, self._pixels = trace, costs, pixels
        self._sizes = {pixels(arrival.size): arrival.size for arrival in trace}
        self._clock = Clock()
        self._tickets: list[Ticket] = []
        self._driven = Driven([[] for _ in trace])

    def run(self, pipeline: DiffusionPipeline) -> Driven:
        self._engine = Engine(lambda model: pipeline, max_rows=ROWS, clock=self._clock)
        self._let_calls_meet()
        self._charge(pipeline)
        try:
            while len(self._tickets) < len(self._trace) or self._open():
                if opened := self._open():
                    opened[0].result(SECONDS)
                else:  # nothing runs, so time passes until somebody comes
                    self._clock.now = max(self._clock.now, self._trace[len(self._tickets)].time)
                    self._submit_due()
        finally:
            self._engine.stop()
        return self._driven

    def _let_calls_meet(self) -> None:
        """Two requests of a size that the trace has not, before the clock counts: the engine tries calls that
        never met on their own as well, once, which the simulator knows nothing of.
        """
        pixels = max(self._sizes) * 2
        arrival = Arrival(time=0.0, share="", steps=2, size=pixels)
        two = [request_of(number, arrival, pixels) for number in (1, 2)]
        tickets = [self._engine.submit(request) for request in two]
        self._engine.start()
        for ticket in tickets:
            ticket.result(SECONDS)

    def _open(self) -> list[Ticket]:
        return [ticket for ticket in self._tickets if not ticket.done()]

    def _charge(self, pipeline: DiffusionPipeline) -> None:
        forward, scale = pipeline.unet.forward, pipeline.vae_scale_factor

        def charged(sample: torch.Tensor, *args: object, **kwargs: object) -> object:
            size = self._sizes[sample.shape[-1] * scale]
            self._clock.now += self._costs.steps[size].at(len(sample))
            self._driven.calls.append(len(sample))
            self._submit_due()
            return forward(sample, *args, **kwargs)

        pipeline.unet.forward = charged

    def _submit_due(self) -> None:
        now = self._clock.now
        while len(self._tickets) < len(self._trace) and self._trace[len(self._tickets)].time <= now:
            number = len(self._tickets)
            arrival = self._trace[number]
            self._clock.now = arrival.time
            request = request_of(number, arrival, self._pixels(arrival.size))
            steps_done = self._driven.steps_done[number]
            self._tickets.append(self._engine.submit(request, partial(self._note_step, steps_done)))
        self._clock.now = now

    def _note_step(self, steps_done: list[float], _: Progress) -> None:
        steps_done.append(self._clock())


# --- in real time -----------------------------------------------------------------------------------------


def run_in_real_time(pipeline: DiffusionPipeline, trace: Sequence[Arrival]) -> list[float]:
    """Seconds from each arrival to its picture, sizes in real pixels."""
    engine = Engine(lambda model: pipeline, max_rows=ROWS)
    engine.start()
    _picture(engine, request_of(0, trace[0], trace[0].size))
    ended: dict[int, float] = {}
    began = time.monotonic()
    tickets = []

    def note_end(number: int, _: object) -> None:
        ended[number] = time.monotonic() - began

    for number, arrival in enumerate(trace):
        time.sleep(max(0.0, began + arrival.time - time.monotonic()))
        ticket = engine.submit(request_of(number, arrival, arrival.size))
        ticket._future.add_done_callback(partial(note_end, number))
        tickets.append(ticket)
    for ticket in tickets:
        ticket.result(SECONDS)
    engine.stop()
    return [ended[number] - arrival.time for number, arrival in enumerate(trace)]


def _picture(engine: Engine, request: ImageRequest) -> float:
    began = time.monotonic()
    engine.submit(request).result(SECONDS)
    return time.monotonic() - began


def measured_costs(pipeline: DiffusionPipeline, size: int, rounds: int = 5) -> Costs:
    """What the engine takes for a step by rows, and for text and pixels, from whole pictures alone.

    A picture of few and one of many steps tell a step from the rest; equal pictures at once tell the rows.
    """
    engine = Engine(lambda model: pipeline, max_rows=ROWS)
    engine.start()
    few, many = 2, 12
    rest: list[float] = []
    steps: dict[int, list[float]] = {}
    for number in range(rounds + 1):
        for rows in (1, 2, 4, 8):
            short = _together(engine, rows, few, size, number)
            long = _together(engine, rows, many, size, number + 1_000)
            if number:
                steps.setdefault(rows, []).append((long - short) / (many - few))
                rest += [short - few * steps[rows][-1]] if rows == 1 else []
    engine.stop()
    outside = max(1e-4, statistics.median(rest))
    curve = LatencyCurve({rows: max(1e-5, statistics.median(seconds)) for rows, seconds in steps.items()})
    return Costs(
        {size: curve},
        LatencyCurve({1: outside / 2, 2: outside}),
        {size: LatencyCurve({1: outside / 2, 2: outside})},
    )


def _together(engine: Engine, rows: int, steps: int, size: int, seed: int) -> float:
    arrival = Arrival(time=0.0, share="", steps=steps, size=size)
    requests = [replace(request_of(seed, arrival, size), seed=seed * 10 + row) for row in range(rows)]
    began = time.monotonic()
    for ticket in [engine.submit(request) for request in requests]:
        ticket.result(SECONDS)
    return time.monotonic() - began


def cancel_to_free(pipeline: DiffusionPipeline, size: int, cancels: int) -> tuple[list[float], float]:
    """Seconds from each cancel to the freed rows while three others run on, and those of a step."""
    engine = Engine(lambda model: pipeline, max_rows=ROWS)
    engine.start()
    ends: list[float] = []
    arrival = Arrival(time=0.0, share="", steps=1_000, size=size)  # as many as its scheduler knows
    others = [
        engine.submit(request_of(row, arrival, size), lambda _: ends.append(time.monotonic()))
        for row in range(3)
    ]
    waits = []
    for number in range(cancels + 1):  # the first finds everything cold
        ticket = engine.submit(request_of(10 + number, arrival, size))
        time.sleep(0.15 + 0.013 * (number % 7))
        began = time.monotonic()
        ticket.cancel("measured")
        try:
            ticket.result(SECONDS)
        except Cancelled:
            waits.append(time.monotonic() - began)
    assert not any(ticket.done() for ticket in others), "they were to run on"
    for ticket in others:
        ticket.cancel("measured")
    engine.stop()
    turns = [late - early for early, late in zip(ends, ends[3:], strict=False)]
    return waits[1:], statistics.median(turns)
