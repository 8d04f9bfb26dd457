"""Who runs next: decided on numbers alone, so tested on numbers alone."""

from typing import Any

from generation.engine.schedule import AGEING, Schedule, Waiting


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
    return Waiting(**(values | changes))


def picked(schedule: Schedule, *waiting: Waiting, now: float = 0.0) -> list[int]:
    return [call.request for call in schedule.pick(waiting, now)]


def test_nothing_waits() -> None:
    assert picked(Schedule(max_rows=8)) == []


def test_calls_with_one_key_run_together_up_to_the_width() -> None:
    assert picked(Schedule(max_rows=6), *(waits(number) for number in range(5))) == [0, 1, 2]


def test_a_call_wider_than_allowed_runs_alone() -> None:
    assert picked(Schedule(max_rows=4), waits(0, rows=7), waits(1)) in ([0], [1])
    assert picked(Schedule(max_rows=4), waits(0, rows=7, steps_left=1), waits(1)) == [0]


def test_least_remaining_work_goes_first() -> None:
    assert picked(Schedule(max_rows=2), waits(0, steps_left=50), waits(1, steps_left=4)) == [1]


def test_remaining_work_counts_what_a_step_costs() -> None:
    schedule = Schedule(max_rows=2)
    small, large = waits(0, steps_left=20), waits(1, steps_left=8, key="unet 128", place="unet 128")
    schedule.charge([small], seconds=0.1)
    schedule.charge([large], seconds=2.0)
    assert picked(schedule, small, large) == [0]


def test_waiting_long_enough_beats_less_work() -> None:
    old, new = waits(0, steps_left=50, share="a"), waits(1, steps_left=4, arrived=1_000.0, share="b")
    assert picked(Schedule(max_rows=2), old, new, now=1_000.0) == [0]
    needed = (50 - 4) * 2 / AGEING  # at one second a row, before anything was measured
    young = waits(1, steps_left=4, arrived=needed - 1, share="b")
    assert picked(Schedule(max_rows=2), old, young, now=needed - 1) == [1]


def test_encoding_and_decoding_come_before_denoising() -> None:
    decode = waits(1, key="vae", place="vae", denoising=False, rows=1, steps_left=0)
    encode = waits(2, key="text", place="text", denoising=False, steps_left=50)
    assert picked(Schedule(max_rows=8), waits(0, steps_left=1), encode, decode) == [1]
    assert picked(Schedule(max_rows=8), waits(0, steps_left=1), encode) == [2]


def test_a_share_that_was_served_more_waits_longer() -> None:
    schedule = Schedule(max_rows=2)
    greedy, modest = waits(0, share="greedy"), waits(1, share="modest", steps_left=12)
    schedule.charge([greedy], seconds=1.0)
    assert picked(schedule, greedy, modest) == [0]  # it has less to do, and is hardly ahead
    for _ in range(20):
        schedule.charge([greedy], seconds=1.0)
    assert picked(schedule, greedy, modest) == [1]


def test_two_busy_shares_get_equal_time() -> None:
    schedule, served = Schedule(max_rows=2), {"many": 0, "few": 0}
    waiting = [waits(number, share="many") for number in range(20)] + [waits(99, share="few", steps_left=30)]
    for _ in range(400):
        chosen = schedule.pick(waiting, now=0.0)
        schedule.charge(chosen, seconds=1.0)
        served[chosen[0].share] += 1
    assert abs(served["many"] - served["few"]) <= 25


def test_a_share_that_comes_back_gets_no_credit_for_its_pause() -> None:
    schedule = Schedule(max_rows=2)
    busy, back = waits(0, share="busy"), waits(1, share="back", steps_left=500)
    for _ in range(100):
        schedule.charge(schedule.pick([busy], now=0.0), seconds=1.0)
    assert picked(schedule, busy, back) == [0]


def test_a_share_cannot_shake_off_its_lead_by_leaving() -> None:
    schedule = Schedule(max_rows=2)
    greedy, modest = waits(0, share="greedy"), waits(1, share="modest", steps_left=12)
    schedule.pick([greedy, modest], now=0.0)
    for _ in range(20):
        schedule.charge([greedy], seconds=1.0)
    schedule.pick([modest], now=0.0)
    assert picked(schedule, greedy, modest) == [1]


def test_a_width_that_did_not_fit_is_halved_for_its_place_only() -> None:
    schedule = Schedule(max_rows=8)
    schedule.narrow("unet 128", rows=8)
    assert schedule.width("unet 128") == 4
    assert schedule.width("unet 64") == 8
    schedule.narrow("unet 128", rows=1)
    assert schedule.width("unet 128") == 1
