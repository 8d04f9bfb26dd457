"""Who runs next: decided on numbers alone, so tested on numbers alone."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generation.engine.batch_scheduler import PATIENCE, BatchScheduler, Waiting
from generation.engine.fair_scheduler import CREDIT
from generation.engine.latency_curve import LatencyCurve

# Qwen-Image on one H200: at 512 pixels rows share a step, at 1024 they do not.
SMALL = LatencyCurve({1: 0.167, 2: 0.183, 3: 0.186, 4: 0.240, 8: 0.425, 16: 0.832})
LARGE = LatencyCurve({1: 0.243, 2: 0.474, 3: 0.711})


def waits(request: int, **changes: Any) -> Waiting:
    values: dict[str, Any] = {
        "request": request,
        "key": "unet 64",
        "place": "unet 64",
        "denoising": True,
        "rows": 2,
        "steps_left": 10,
        "arrived": 0.0,
        "share": "bakery",
    }
    values |= changes
    return Waiting(**({"steps": values["steps_left"]} | values))


def picked(schedule: BatchScheduler, *waiting: Waiting, now: float = 0.0) -> list[int]:
    return [call.request for call in schedule.pick(waiting, now)]


def knowing(curve: LatencyCurve, max_rows: int = 8) -> BatchScheduler:
    schedule = BatchScheduler(max_rows=max_rows)
    schedule.record("unet 64", curve)
    return schedule


# --- width ------------------------------------------------------------------------------------------------


def test_nothing_waits() -> None:
    assert picked(BatchScheduler(max_rows=8)) == []


def test_calls_with_one_key_run_together_up_to_the_width() -> None:
    assert picked(BatchScheduler(max_rows=6), *(waits(number) for number in range(5))) == [0, 1, 2]


def test_a_call_wider_than_allowed_runs_alone() -> None:
    assert picked(BatchScheduler(max_rows=4), waits(0, rows=7), waits(1)) in ([0], [1])
    assert picked(BatchScheduler(max_rows=4), waits(0, rows=7, steps_left=1), waits(1)) == [0]


def test_the_width_is_the_knee_of_what_was_measured() -> None:
    four = [waits(number, rows=1) for number in range(4)]
    assert len(picked(knowing(SMALL), *four)) == 4
    assert picked(knowing(LARGE), *four) == [0], "rows that share nothing only wait for each other"


def test_the_width_is_learned_from_the_calls_themselves() -> None:
    schedule, waiting = BatchScheduler(max_rows=8), [waits(number, rows=1) for number in range(20)]
    widths = []
    for _ in range(60):
        chosen = schedule.pick(waiting, now=0.0)
        widths.append(len(chosen))
        schedule.charge(chosen, LARGE.at(len(chosen)))
    assert widths[0] == 8
    assert set(widths[20:]) == {1}


def test_a_width_that_did_not_fit_is_halved_for_its_place_only() -> None:
    schedule = BatchScheduler(max_rows=8)
    schedule.narrow("unet 128", rows=8)
    assert schedule.width("unet 128") == 4
    assert schedule.width("unet 64") == 8
    schedule.narrow("unet 128", rows=1)
    assert schedule.width("unet 128") == 1


def test_what_was_learned_from_calls_is_not_overwritten() -> None:
    schedule = BatchScheduler(max_rows=8)
    for rows in (1, 1, 4, 4):
        schedule.charge([waits(0, rows=rows)], LARGE.at(rows))
    schedule.record("unet 64", SMALL)
    assert schedule.width("unet 64") == 1


# --- order ------------------------------------------------------------------------------------------------


def test_least_remaining_work_goes_first() -> None:
    assert picked(BatchScheduler(max_rows=2), waits(0, steps_left=50), waits(1, steps_left=4)) == [1]


def test_remaining_work_counts_what_a_step_costs() -> None:
    schedule = BatchScheduler(max_rows=2)
    small, large = waits(0, steps_left=20), waits(1, steps_left=8, key="unet 128", place="unet 128")
    schedule.charge([small], seconds=0.1)
    schedule.charge([large], seconds=2.0)
    assert picked(schedule, small, large) == [0]


def test_a_newcomer_goes_before_a_longer_one_that_is_under_way() -> None:
    long, short = waits(0, rows=1, steps_left=49, steps=50), waits(1, rows=1, steps_left=4)
    schedule = knowing(LARGE)
    schedule.charge(schedule.pick([long], now=0.0), 0.243)
    assert picked(schedule, long, short, now=0.243) == [1]


@pytest.mark.parametrize(("before", "picks"), [(0.1, 1), (-0.1, 0)])
def test_waiting_long_enough_beats_less_work(before: float, picks: int) -> None:
    work = 50 * 0.243
    needed = PATIENCE * work * (50 / 4 - 1)
    old = waits(0, rows=1, steps_left=50)
    new = waits(1, rows=1, steps_left=4, arrived=needed - before)
    assert picked(knowing(LARGE), old, new, now=needed - before) == [picks]


def test_encoding_and_decoding_come_before_denoising() -> None:
    decode = waits(1, key="vae", place="vae", denoising=False, rows=1, steps_left=0, steps=10)
    encode = waits(2, key="text", place="text", denoising=False, steps_left=50)
    assert picked(BatchScheduler(max_rows=8), waits(0, steps_left=1), encode, decode) == [1]
    assert picked(BatchScheduler(max_rows=8), waits(0, steps_left=1), encode) == [2]


# --- shares -----------------------------------------------------------------------------------------------


def test_a_share_that_was_served_more_waits_longer() -> None:
    schedule = BatchScheduler(max_rows=2)
    greedy, modest = waits(0, share="greedy"), waits(1, share="modest", steps_left=12)
    schedule.pick([greedy, modest], now=0.0)
    schedule.charge([greedy], seconds=1.0)
    assert picked(schedule, greedy, modest) == [0], "it has less to do, and is hardly ahead"
    for _ in range(20):
        schedule.charge([greedy], seconds=1.0)
    assert picked(schedule, greedy, modest) == [1]


def served(schedule: BatchScheduler, waiting: list[Waiting], turns: int) -> dict[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    now = 0.0
    for _ in range(turns):
        chosen = schedule.pick(waiting, now)
        schedule.charge(chosen, seconds=1.0)
        now += 1.0
        for call in chosen:
            seconds[call.share] += 1.0 / len(chosen)
    return seconds


def test_two_busy_shares_get_equal_time() -> None:
    waiting = [waits(number, share="many") for number in range(20)] + [waits(99, share="few", steps_left=30)]
    schedule = BatchScheduler(max_rows=2)
    served(schedule, waiting, turns=2_000)  # whoever asks for less at a time gets ahead, once
    seconds = served(schedule, waiting, turns=2_000)
    assert seconds["many"] / seconds["few"] == pytest.approx(1, abs=0.1)


def test_a_share_of_twice_the_weight_gets_twice_the_time() -> None:
    waiting = [waits(0, share="plain"), waits(1, share="paid", weight=2.0)]
    seconds = served(BatchScheduler(max_rows=2), waiting, turns=2_000)
    assert seconds["paid"] / seconds["plain"] == pytest.approx(2, abs=0.1)


@pytest.mark.slow
def test_the_queue_of_a_busy_share_does_not_make_it_older() -> None:
    """A thousand requests that wait for their own share's others do not outrank a neighbour's one."""
    schedule, now = knowing(LARGE), 0.0
    queue = [waits(number, rows=1, steps_left=4, share="busy") for number in range(1_000)]
    while len(queue) > 900:
        for _ in range(4):
            schedule.charge(schedule.pick(queue, now), 0.243)
            now += 0.243
            queue[0] = waits(queue[0].request, rows=1, steps_left=queue[0].steps_left - 1 or 1, share="busy")
        queue.pop(0)
    neighbour = waits(5_000, rows=1, steps_left=4, share="neighbour", arrived=now)
    assert picked(schedule, *queue, neighbour, now=now) == [5_000]


def test_a_share_that_comes_back_gets_no_more_than_the_credit() -> None:
    schedule, credit = BatchScheduler(max_rows=2), 0.0
    busy, back = waits(0, share="busy"), waits(1, share="back")
    for _ in range(10_000):
        schedule.charge(schedule.pick([busy], now=0.0), seconds=1.0)
    while picked(schedule, busy, back) == [1]:
        schedule.charge([back], seconds=1.0)
        credit += 1.0
    assert CREDIT / 2 * 10 < credit < CREDIT * 2 * 10, "ten steps of one second make a request"


def test_a_share_cannot_shake_off_its_lead_by_leaving() -> None:
    schedule = BatchScheduler(max_rows=2)
    greedy, modest = waits(0, share="greedy"), waits(1, share="modest", steps_left=12)
    schedule.pick([greedy, modest], now=0.0)
    for _ in range(20):
        schedule.charge([greedy], seconds=1.0)
    schedule.pick([modest], now=0.0)
    assert picked(schedule, greedy, modest) == [1]


# --- memory -----------------------------------------------------------------------------------------------


def test_requests_in_flight_are_bounded_by_the_bytes_they_keep() -> None:
    schedule = BatchScheduler(max_rows=8, held_bytes=100)
    assert schedule.may_start([])
    assert schedule.may_start([30, 20])
    assert not schedule.may_start([40, 30])
    assert schedule.may_start([25, 25, 25])
    assert not schedule.may_start([200])


# --- curves -----------------------------------------------------------------------------------------------


def test_a_curve_answers_what_was_measured_and_lies_between_elsewhere() -> None:
    assert SMALL.at(8) == 0.425
    assert SMALL.at(6) == pytest.approx((0.240 + 0.425) / 2)
    assert LARGE.at(4) == pytest.approx(0.711 + 0.237)
    assert LatencyCurve({4: 2.0}).at(1) == 0.5


def test_the_first_call_of_a_width_is_forgotten_with_the_second() -> None:
    curve = LatencyCurve()
    curve.record(1, 60.0)  # compiling
    assert curve.at(1) == 60.0
    curve.record(1, 1.0)
    assert curve.at(1) == 1.0
    curve.record(8, 90.0)  # compiling again: one call says nothing of this width
    assert curve.at(8) == 1.0


def test_the_knee_is_as_narrow_as_throughput_allows() -> None:
    assert SMALL.best_width(16) == 7
    assert SMALL.best_width(4) == 3
    assert LARGE.best_width(16) == 1
    assert LatencyCurve().best_width(16) == 16, "nothing known: try"


@given(some.dictionaries(some.integers(1, 32), some.floats(1e-3, 1e3), min_size=1), some.integers(1, 32))
def test_no_width_makes_many_more_rows_a_second_than_the_knee(points: dict[int, float], most: int) -> None:
    curve = LatencyCurve(points)
    best_width = curve.best_width(most)
    best = max(rows / curve.at(rows) for rows in range(1, most + 1))
    assert 1 <= best_width <= most
    assert best_width / curve.at(best_width) >= 0.949 * best
