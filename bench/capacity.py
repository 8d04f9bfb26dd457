"""How many GPUs for N businesses? From one engine's simulated capacity and how capacity grows when pooled."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from bench import traces
from bench.policies import WIDTH, Ours
from bench.simulate import H200_QWEN, Costs, replay

FITTED = (1, 2, 4, 8)  # engines, to fit the law
HELD_OUT = 16  # engines, to test it
SLOTS = 2 * WIDTH  # requests in flight an engine: what it runs and as many to choose from
GOOD = 0.95  # of the pictures must be done within five times their solo time plus a second
JOBS_AN_ENGINE, ROUNDS = 200, 5


@dataclass(frozen=True)
class Demand:
    """What the businesses ask of the fleet. `peak` is the busiest hour's part of a day's pictures."""

    businesses: int
    pictures: float = 10.0
    peak: float = 0.15
    sizes: tuple[int, ...] = (512, 1024)

    @property
    def rate(self) -> float:
        """Pictures a second in the busiest hour."""
        return self.businesses * self.pictures * self.peak / 3600


@dataclass(frozen=True)
class Law:
    """An engine of a pool of k keeps its promise up to a load of ceiling - slack / sqrt(k).

    The square-root staffing rule of Halfin and Whitt (1981), both factors measured by simulation. The ceiling
    is below 1 because full throughput needs full batches, and those make their requests wait.
    """

    ceiling: float
    slack: float

    def load(self, engines: int) -> float:
        return self.ceiling - self.slack / math.sqrt(engines)

    def engines(self, offered: float) -> int:
        """The smallest k that does `offered` seconds of work a second: k load(k) >= offered."""
        root = (self.slack + math.sqrt(self.slack**2 + 4 * self.ceiling * offered)) / (2 * self.ceiling)
        return max(1, math.ceil(root**2 - 1e-9))


def seconds_a_picture(sizes: Sequence[int]) -> float:
    """What one picture of the mix costs while the machine runs at the knee."""
    each = [H200_QWEN[size].per_row(WIDTH) for size in sizes]
    return traces.MEAN_STEPS * sum(each) / len(each)


def good_part(sizes: Sequence[int], engines: int, load: float) -> float:
    """The part of the pictures that are done in time, of `engines` with one queue at `load`."""
    costs = Costs(H200_QWEN)
    crowd = traces.Crowd(shares=20 * engines)
    jobs = JOBS_AN_ENGINE * engines + 500
    trace = traces.poisson(engines, jobs, engines * load / seconds_a_picture(sizes), sizes, crowd)
    rides = replay(trace, Ours, costs, engines=engines, slots=SLOTS).rides
    return sum(ride.latency <= 5 * costs.solo(ride.arrival) + 1.0 for ride in rides) / len(rides)


def capacity(sizes: Sequence[int], engines: int) -> float:
    """The highest load of `engines` with one queue at which enough pictures are done in time."""
    low, high = 0.3, 1.1
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if good_part(sizes, engines, middle) >= GOOD else (low, middle)
    return low


def measured_law(sizes: Sequence[int]) -> tuple[Law, dict[int, float]]:
    """The law fitted to small pools, and the capacities measured, the held-out pool's among them."""
    pools = (HELD_OUT, *FITTED)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as workers:
        found = dict(zip(pools, workers.map(partial(capacity, sizes), pools), strict=True))
    line = statistics.linear_regression(
        [1 / math.sqrt(engines) for engines in FITTED], [found[engines] for engines in FITTED]
    )
    return Law(line.intercept, max(0.0, -line.slope)), found


def report(demand: Demand) -> str:
    law, found = measured_law(demand.sizes)
    seconds = seconds_a_picture(demand.sizes)
    offered = demand.rate * seconds
    sizes = " and ".join(str(size) for size in demand.sizes)
    lines = [
        "Assumed",
        f"  {demand.pictures:g} pictures a business a day, {demand.peak:.0%} of them in the busiest hour",
        f"  steps {traces.STEPS} in {traces.STEPS_MIX} %, {sizes} pixels in equal parts, Poisson arrivals",
        "  Qwen-Image on an H200, as published by SGLang; text and decoding not counted",
        f"  promise: {GOOD:.0%} of the pictures within 5 x their solo time + 1 s",
        "Simulated, load of an engine that keeps the promise",
        *(f"  {engines:3} with one queue: {found[engines]:.2f}, by the law {law.load(engines):.2f}"
          + (" (held out)" if engines == HELD_OUT else "") for engines in sorted(found)),
        f"  law: load = {law.ceiling:.2f} - {law.slack:.2f} / sqrt(engines)",
        f"Answer for {demand.businesses:,} businesses",
        f"  {demand.rate:,.2f} pictures a second in the busiest hour, {seconds:.2f} s each at the knee",
        f"  {law.engines(offered):,} GPUs ({offered:,.1f} at full load)",
    ]  # fmt: skip
    return "\n".join(lines)
