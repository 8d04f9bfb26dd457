"""What the schedule promises for any work: nobody starves, nothing idles, shares are fair, runs repeat."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from bench.policies import Ours
from bench.simulate import H200_QWEN, Costs, Replay, replay
from bench.traces import Arrival
from generation.engine.batch_scheduler import BatchScheduler, Waiting
from generation.engine.latency_curve import LatencyCurve
from tests.sampling import many

COSTS = Costs(H200_QWEN)

ARRIVALS = some.builds(
    Arrival,
    time=some.floats(0, 60),
    share=some.sampled_from(["a", "b", "c"]),
    steps=some.sampled_from([1, 4, 20, 50]),
    size=some.sampled_from([512, 1024]),
    rows=some.sampled_from([1, 2]),
)
TRACES = some.lists(ARRIVALS, min_size=1, max_size=25).map(
    lambda trace: sorted(trace, key=lambda arrival: arrival.time)
)


def ours(trace: list[Arrival], costs: Costs = COSTS) -> Replay:
    return replay(trace, Ours, costs)


@settings(max_examples=many(fast=8, usual=25, full=300), deadline=None)
@given(TRACES)
def test_every_request_gets_exactly_its_steps(trace: list[Arrival]) -> None:
    found = ours(trace)
    steps = Counter(number for turn in found.turns for number in turn.rides)
    assert [steps[ride.number] for ride in found.rides] == [arrival.steps for arrival in trace]


@settings(max_examples=many(fast=8, usual=25, full=300), deadline=None)
@given(TRACES)
def test_the_machine_never_idles_while_somebody_waits(trace: list[Arrival]) -> None:
    found = ours(trace)
    free = 0.0
    for turn in found.turns:
        if turn.began > free:
            assert all(not ride.arrival.time < turn.began < ride.finished for ride in found.rides)
        free = turn.began + turn.seconds


@settings(max_examples=many(fast=5, usual=15, full=200), deadline=None)
@given(TRACES)
def test_the_same_trace_gives_the_same_turns(trace: list[Arrival]) -> None:
    assert ours(trace).turns == ours(trace).turns


@settings(max_examples=many(fast=5, usual=15, full=200), deadline=None)
@given(TRACES)
def test_a_machine_sixteen_times_slower_decides_the_same(trace: list[Arrival]) -> None:
    """No rule counts in seconds of its own: all are in the work of the requests at hand."""
    slow = {
        size: LatencyCurve({r: 16 * t for r, t in curve.seconds.items()}) for size, curve in H200_QWEN.items()
    }
    late = [replace(arrival, time=16 * arrival.time) for arrival in trace]
    fast_turns = replay(trace, partial(tuned, H200_QWEN), COSTS).turns
    slow_turns = replay(late, partial(tuned, slow), Costs(slow)).turns
    assert [turn.rides for turn in slow_turns] == [turn.rides for turn in fast_turns]


def tuned(curves: Mapping[int, LatencyCurve]) -> Ours:
    schedule = Ours()
    for size, curve in curves.items():
        schedule.record(("step", size), curve)
    return schedule


@settings(max_examples=many(fast=2, usual=5, full=100), deadline=None)
@given(some.integers(5, 50), some.sampled_from(["mine", "theirs"]))
def test_a_long_request_is_not_starved_by_an_endless_stream_of_short_ones(steps: int, share: str) -> None:
    """Shorter ones fill the machine for ever; the long one is done in a time bounded by its own work."""
    schedule, now, seconds = BatchScheduler(max_rows=1), 0.0, 1.0
    left, served = steps, 0
    while left:
        short = a_call(1_000 + served // 4, 4 - served % 4, 4, share=share, arrived=now - served % 4)
        chosen = schedule.pick([a_call(0, left, steps, share="mine"), short], now)
        schedule.charge(chosen, seconds)
        now += seconds
        left, served = (left - 1, served) if chosen[0].request == 0 else (left, served + 1)
        assert now < 2 * steps * (steps + 20)


@settings(max_examples=many(fast=2, usual=5, full=100), deadline=None)
@given(some.lists(some.sampled_from([1, 4, 20, 50]), min_size=2, max_size=6))
def test_shares_that_always_wait_are_served_equally_whatever_they_ask(lengths: list[int]) -> None:
    schedule, served = BatchScheduler(max_rows=1), Counter[str]()
    left, arrived, now = dict(enumerate(lengths)), dict.fromkeys(range(len(lengths)), 0.0), 0.0
    for _ in range(4_000):
        waiting = [
            a_call(number, left[number], steps, share=str(number), arrived=arrived[number])
            for number, steps in enumerate(lengths)
        ]
        (call,) = schedule.pick(waiting, now)
        schedule.charge([call], 1.0)
        now += 1.0
        served[call.share] += 1
        left[call.request] -= 1
        if not left[call.request]:
            left[call.request], arrived[call.request] = lengths[call.request], now
    assert min(served[str(number)] for number in range(len(lengths))) > 0.5 * 4_000 / len(lengths)


def a_call(request: int, left: int, steps: int, **changes: Any) -> Waiting:
    values: dict[str, Any] = {"arrived": 0.0, "share": "", "rows": 1, "denoising": True} | changes
    return Waiting(request=request, key="k", place="k", steps_left=left, steps=steps, **values)
