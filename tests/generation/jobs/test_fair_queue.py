"""Fair shares: how long somebody waits depends on what they ask for, not on how much others do."""

import random

import pytest

from generation import jobs
from generation.models import Job, Status, VirtualClock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plenty(people):
    for business in (people.bakery, people.garage):
        business.daily_pictures = 100_000
        business.save()


def claimed_businesses(count: int) -> list[int]:
    return [jobs.claim("worker").business_id for _ in range(count)]


def test_one_businesses_jobs_are_made_in_the_order_they_were_asked_for(ask):
    asked = [ask().pk for _ in range(5)]
    assert [jobs.claim("worker").pk for _ in range(5)] == asked


def test_a_quiet_business_is_next_however_many_jobs_a_noisy_one_has_waiting(ask, people):
    for _ in range(40):
        ask(business=people.garage, by=people.mallory)
    claimed_businesses(10)
    ask()
    assert people.bakery.pk in claimed_businesses(2)


def test_two_busy_businesses_take_turns_by_work_not_by_jobs(ask, people):
    for _ in range(8):
        ask(business=people.garage, by=people.mallory, seeds=[1, 2, 3, 4])
    for _ in range(32):
        ask(seeds=[1])
    order = claimed_businesses(20)
    garage = 4 * order.count(people.garage.pk)
    bakery = order.count(people.bakery.pk)
    assert abs(garage - bakery) <= 4


@pytest.mark.slow
def test_a_business_of_twice_the_weight_gets_twice_the_share(ask, people):
    people.bakery.weight = 2
    people.bakery.save()
    for _ in range(30):
        ask()
        ask(business=people.garage, by=people.mallory)
    order = claimed_businesses(30)
    assert 18 <= order.count(people.bakery.pk) <= 22


def test_having_been_away_saves_up_no_share(ask, people):
    for _ in range(20):
        ask(business=people.garage, by=people.mallory)
    claimed_businesses(20)
    for _ in range(10):
        ask()
        ask(business=people.garage, by=people.mallory)
    assert claimed_businesses(10).count(people.garage.pk) >= 4


def test_a_small_wish_is_not_behind_a_large_one_of_another_business(ask, people):
    ask(business=people.garage, by=people.mallory, seeds=[1, 2, 3, 4], steps=100, width=1024, height=1024)
    small = ask(seeds=[1], steps=1)
    assert jobs.claim("worker").pk == small.pk


def test_a_large_wish_is_made_although_small_ones_keep_coming(ask, people):
    large = ask(business=people.garage, by=people.mallory, seeds=[1] * 8, steps=10)
    for _ in range(25):  # Its 80 steps of work, against 4 a turn, and the first few.
        ask(seeds=[1], steps=4)
        jobs.claim("worker")
    large.refresh_from_db()
    assert large.status == Status.RUNNING


@pytest.mark.slow
def test_the_wait_of_a_business_is_bounded_in_every_mix(ask, people):
    chance = random.Random(7)
    for _ in range(60):
        ask(
            business=people.garage,
            by=people.mallory,
            seeds=[1] * chance.randint(1, 8),
            steps=chance.randint(1, 20),
        )
        if chance.random() < 0.2:
            mine = ask(seeds=[1], steps=chance.randint(1, 20))
            ahead = Job.objects.filter(
                status="queued", finish_tag__lt=mine.finish_tag, business=people.garage
            )
            largest = 8 * 20 * 32 * 32 / 1024**2
            assert sum(job.cost for job in ahead) <= mine.cost + largest
            jobs.cancel(mine, by=people.alice)
        jobs.claim("worker")


@pytest.mark.slow
def test_the_clock_never_runs_backwards(ask, people):
    times = []
    for _ in range(30):
        ask(steps=random.randint(1, 100))
        ask(business=people.garage, by=people.mallory, steps=random.randint(1, 100))
    while jobs.claim("worker"):
        times.append(VirtualClock.objects.get().virtual_time)
    assert times == sorted(times)
