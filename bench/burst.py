"""Many ask at once: who waits how long, under the engine's schedule and under what people run today.

The policies are replayed on a simulated machine whose seconds were measured on a real one (`simulate.py`);
that the simulator tells the truth of the engine is measured first.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import torch

from bench import traces, virtual_time
from bench.harness import Cell, Result, Target, percentile
from bench.policies import Fifo, OmniLike, Ours, Policy, Static
from bench.simulate import H200_QWEN, Costs, Ride, replay
from bench.traces import NOISY, SHORT, Arrival, Crowd

POLICIES: dict[str, Callable[[], Policy]] = {
    "FIFO": Fifo,
    "static": Static,
    "omni-like": OmniLike,
    "ours": Ours,
}
COSTS = Costs(H200_QWEN)
SIZES = {"small": (512,), "large": (1024,), "both sizes": (512, 1024)}
LOADS = (0.5, 0.8, 0.95, 1.2)
HIGH = 0.95
FLASH = 40
PREVIEW = 2  # the step after which a first preview is shown
SLACK = 1.0  # seconds on top of five times the solo time
SIZE = 64  # pixels of the real engine's pictures, a step of which then takes milliseconds on two cores

TARGETS = (
    Target("fifo p95", "small images, load 0.95: p95 below FIFO's by", 8),
    Target("fifo short", "small images, load 0.95: short jobs' p95 below FIFO's by", 30),
    Target("static p50", "small images, load 0.95: p50 below static batching's by", 4),
    Target("static short", "small images, load 0.95: short jobs' p95 below static batching's by", 8),
    Target("omni p50", "large images, load 0.95: p50 below omni-like's by", 2),
    Target("omni short", "large images, load 0.95: short jobs' p95 below omni-like's by", 3),
    Target("omni p95", "large images, load 0.95: p95 below omni-like's by", 1),
    Target("noisy", "one business with 80 % of the jobs: others' p95 against without it", 1.25, at_most=True),
    Target("simulator", "simulator against the engine: a picture's end apart", 1, " %", at_most=True),
    Target("cancel", "cancel to freed rows beyond one step, p95", 20, " ms", at_most=True),
)


@dataclass(frozen=True, slots=True)
class Workload:
    """A trace to draw by seed: `load` of Poisson arrivals, or a flash of 40 at once."""

    sizes: str
    load: float | None
    noisy: float = 0.0

    @property
    def name(self) -> str:
        who = ", noisy business" if self.noisy else ""
        return f"{self.sizes}, {'flash of 40' if self.load is None else f'load {self.load}'}{who}"

    def draw(self, seed: int, jobs: int) -> list[Arrival]:
        sizes, crowd = SIZES[self.sizes], Crowd(noisy=self.noisy)
        if self.load is None:
            return traces.flash(seed, FLASH, sizes, crowd)
        rate = traces.rate_at(self.load, sizes, lambda size: H200_QWEN[size].at(1))
        return traces.poisson(seed, jobs, rate, sizes, crowd)


def workloads(quick: bool) -> list[Workload]:
    steady = [Workload(sizes, load) for sizes in SIZES for load in ((HIGH,) if quick else LOADS)]
    flashes = [Workload(sizes, None) for sizes in SIZES]
    noisy = [Workload(sizes, HIGH, noisy=0.8) for sizes in SIZES]
    return steady + flashes + noisy


def run(quick: bool) -> Result:
    jobs, seeds = (1_200, 3) if quick else (3_000, 5)
    tasks = [(workload, seed, jobs) for workload in workloads(quick) for seed in range(seeds)]
    result = Result("burst", seed=0)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        found: dict[tuple[str, str, str], list[float]] = {}
        for (workload, _, _), figures in zip(tasks, pool.map(_measure, tasks), strict=True):
            for (policy, metric), value in figures.items():
                found.setdefault((workload.name, policy, metric), []).append(value)
    for (workload_name, policy, metric), samples in found.items():
        unit = "x" if metric == AGAINST_ALONE else METRICS[metric][0]
        result.cells.append(Cell(f"{workload_name}: {metric}", policy, unit, tuple(samples)))
    result.measured |= _targets(found)
    result.absorb(_on_the_engine(quick))
    return result


def _measure(task: tuple[Workload, int, int]) -> dict[tuple[str, str], float]:
    """Every metric of every policy on one trace."""
    workload, seed, jobs = task
    trace = workload.draw(seed, jobs)
    figures: dict[tuple[str, str], float] = {}
    for name, policy in POLICIES.items():
        rides = replay(trace, policy, COSTS).rides
        heard = [ride for ride in rides if ride.arrival.share != NOISY] if workload.noisy else rides
        figures |= {(name, metric): measure(heard) for metric, (_, measure) in METRICS.items()}
        if workload.noisy:
            alone = replay([arrival for arrival in trace if arrival.share != NOISY], policy, COSTS).rides
            figures[name, AGAINST_ALONE] = _p95(heard) / _p95(alone)
    return figures


# --- metrics ----------------------------------------------------------------------------------------------


def _latencies(rides: Iterable[Ride]) -> list[float]:
    return [ride.latency for ride in rides]


def _p50(rides: Iterable[Ride]) -> float:
    return percentile(_latencies(rides), 50)


def _p95(rides: Iterable[Ride]) -> float:
    return percentile(_latencies(rides), 95)


def _p95_of(steps: int, rides: Sequence[Ride]) -> float:
    return _p95([ride for ride in rides if ride.arrival.steps == steps])


def _goodput(rides: Sequence[Ride]) -> float:
    good = sum(ride.latency <= 5 * COSTS.solo(ride.arrival) + SLACK for ride in rides)
    return 100 * good / len(rides)


def _worst_share(rides: Sequence[Ride]) -> float:
    """The mean slowdown of the business that fares worst, by that of the mean business."""
    slowdowns: dict[str, list[float]] = {}
    for ride in rides:
        slowdowns.setdefault(ride.arrival.share, []).append(ride.latency / COSTS.solo(ride.arrival))
    means = [statistics.mean(values) for values in slowdowns.values()]
    return max(means) / statistics.mean(means)


def _preview(rides: Sequence[Ride]) -> float:
    return percentile([ride.steps_done[PREVIEW - 1] - ride.arrival.time for ride in rides], 95)


METRICS: dict[str, tuple[str, Callable[[Sequence[Ride]], float]]] = {
    "p50": ("s", _p50),
    "p95": ("s", _p95),
    "p95 of 4 steps": ("s", partial(_p95_of, SHORT)),
    "p95 of 50 steps": ("s", partial(_p95_of, max(traces.STEPS))),
    "done in 5 x solo + 1 s": ("%", _goodput),
    "worst business against the mean": ("x", _worst_share),
    "p95 to the first preview": ("s", _preview),
}
AGAINST_ALONE = "others' p95 against without the noisy one"


# --- targets ----------------------------------------------------------------------------------------------


def _targets(found: dict[tuple[str, str, str], list[float]]) -> dict[str, float]:
    small, large = Workload("small", HIGH).name, Workload("large", HIGH).name

    def below(workload: str, other: str, metric: str) -> float:
        pairs = zip(found[workload, other, metric], found[workload, "ours", metric], strict=True)
        return statistics.median(theirs / ours for theirs, ours in pairs)

    with_noise = [Workload(sizes, HIGH, noisy=0.8).name for sizes in SIZES]
    noisy = [statistics.median(found[workload, "ours", AGAINST_ALONE]) for workload in with_noise]
    return {
        "fifo p95": below(small, "FIFO", "p95"),
        "fifo short": below(small, "FIFO", "p95 of 4 steps"),
        "static p50": below(small, "static", "p50"),
        "static short": below(small, "static", "p95 of 4 steps"),
        "omni p50": below(large, "omni-like", "p50"),
        "omni short": below(large, "omni-like", "p95 of 4 steps"),
        "omni p95": below(large, "omni-like", "p95"),
        "noisy": max(noisy),
    }


# --- on the real engine -----------------------------------------------------------------------------------


def _on_the_engine(quick: bool) -> Result:
    result = Result("burst")
    torch.set_num_threads(1)  # steps of a millisecond, which a second thread only delays
    gaps = [gap_to_the_engine(seed, 12 if quick else 60) for seed in range(1 if quick else 3)]
    result.cells.append(Cell("end of a picture, largest gap", "simulator against engine", "%", tuple(gaps)))
    result.measured["simulator"] = statistics.median(gaps)
    result.absorb(_in_real_time(quick))
    waits, step = virtual_time.cancel_to_free(
        virtual_time.small_pipeline(), size=SIZE, cancels=5 if quick else 20
    )
    beyond = [max(0.0, 1000 * (wait - step)) for wait in waits]
    result.cells.append(Cell("cancel to freed rows", "engine", "ms", tuple(1000 * wait for wait in waits)))
    result.cells.append(Cell("a step meanwhile", "engine", "ms", (1000 * step,)))
    result.measured["cancel"] = percentile(beyond, 95)
    return result


def gap_to_the_engine(seed: int, jobs: int) -> float:
    """Largest gap between a picture's end in the simulator and by the real engine, in % of its latency."""
    trace = Workload("both sizes", HIGH).draw(seed, jobs)
    real = virtual_time.Driver(trace, COSTS).run(virtual_time.small_pipeline())
    simulated = replay(trace, Ours, virtual_time.WITH_FREE_ENDS).rides
    return max(
        100 * abs(ride.steps_done[-1] - steps_done[-1]) / (steps_done[-1] - ride.arrival.time)
        for ride, steps_done in zip(simulated, real.steps_done, strict=True)
    )


def _in_real_time(quick: bool) -> Result:
    """The same comparison with seconds measured here: what a busy machine leaves of it."""
    pipeline, size = virtual_time.small_pipeline(), SIZE
    costs = virtual_time.measured_costs(pipeline, size, rounds=2 if quick else 5)
    rate = traces.rate_at(0.8, (size,), lambda size: costs.steps[size].at(1))
    trace = traces.poisson(0, 25 if quick else 120, rate, (size,))
    real = virtual_time.run_in_real_time(pipeline, trace)
    simulated = _latencies(replay(trace, Ours, costs).rides)
    result = Result("burst")
    for rows, seconds in costs.steps[size].seconds.items():
        result.cells.append(Cell(f"a step measured here, rows: {rows}", "engine", "ms", (1000 * seconds,)))
    for percent in (50, 95):
        for arm, latencies in (("engine", real), ("simulator", simulated)):
            sample = 1000 * percentile(latencies, percent)
            result.cells.append(Cell(f"measured here, load 0.8: p{percent}", arm, "ms", (sample,)))
    return result
