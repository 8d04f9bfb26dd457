"""Pictures asked for one by one, at random, as they come in life: what proves or refutes the simulator."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bench import traces
from bench.harness import Cell, percentile
from bench.simulate import Costs, Policy, replay
from bench.traces import MEAN_STEPS, Arrival
from generation.engine.request import Ticket

SEED = 11
LOAD = 0.9
LOOK = 0.002  # seconds between two looks at who is done
PATIENCE = 10.0  # seconds after the last arrival


@dataclass(frozen=True, slots=True)
class Served:
    """Seconds from arrival to picture of those that were done, and how many were not."""

    latencies: tuple[float, ...]
    open: int = 0


def arrivals(row_steps: float, side: int, rows: int, seconds: float) -> list[Arrival]:
    """`seconds` of Poisson arrivals at LOAD of a machine that runs `row_steps` rows by steps a second."""
    rate = LOAD * row_steps / (rows * MEAN_STEPS)
    trace = traces.poisson(SEED, max(2, round(2 * rate * seconds)), rate, (side,))
    return [replace(one, rows=rows) for one in trace if one.time <= seconds] or trace[:1]


def serve(
    submit: Callable[[Arrival], Ticket],
    trace: Sequence[Arrival],
    *,
    patience: float = PATIENCE,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Served:
    """Submit each arrival at its time, and wait `patience` seconds longer than the last for all to be done.

    Raises what a ticket ended with. What is still open is cancelled.
    """
    began, coming = clock(), deque(trace)
    waiting: list[tuple[Arrival, Ticket]] = []
    latencies: list[float] = []
    end = trace[-1].time + patience
    while (coming or waiting) and (now := clock() - began) < end:
        while coming and coming[0].time <= now:
            waiting.append((coming[0], submit(coming.popleft())))
        now, still = clock() - began, []
        for arrival, ticket in waiting:
            if ticket.done():
                ticket.result()
                latencies.append(now - arrival.time)
            else:
                still.append((arrival, ticket))
        waiting = still
        sleep(LOOK)
    for _, ticket in waiting:
        ticket.cancel("the cell is over")
    return Served(tuple(latencies), len(waiting) + len(coming))


def foretold(trace: Sequence[Arrival], policy: Callable[[], Policy], costs: Costs) -> Served:
    """What the simulator says."""
    return Served(tuple(ride.latency for ride in replay(trace, policy, costs).rides))


def cells(what: str, arm: str, served: Served) -> list[Cell]:
    """Median with all samples, the 95th percentile, and what was left."""
    if not served.latencies:
        return [Cell(what, arm, "s", (), note="no picture in time")]
    found = [
        Cell(what, arm, "s", served.latencies),
        Cell(what, f"{arm}, p95", "s", (percentile(served.latencies, 95),)),
    ]
    left = [Cell(what, f"{arm}, not done in time", "pictures", (float(served.open),))] if served.open else []
    return found + left
