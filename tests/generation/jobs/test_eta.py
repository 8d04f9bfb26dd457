"""The place in the queue and the time left: right when known, None when not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from generation import jobs
from generation.jobs import eta
from generation.models import Job, Status

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def made(ask):
    """`made(begin, end)`: a finished job of one picture and four steps, made from `begin` to `end`, in
    seconds.
    """

    def made(begin: float, end: float) -> None:
        times = {"started_at": NOW + timedelta(seconds=begin), "finished_at": NOW + timedelta(seconds=end)}
        Job.objects.filter(pk=ask().pk).update(status=Status.DONE, **times)

    return made


def test_the_first_job_on_a_machine_has_a_place_but_no_time(ask):
    first, second = ask(), ask()
    assert [eta.place_in_queue(job) for job in (first, second)] == [1, 2]
    assert eta.seconds_left(first) is None


def test_a_job_that_waits_takes_as_long_as_those_ahead_and_itself(ask, made):
    made(0, 10)
    made(10, 20)
    first, second = ask(), ask(seeds=[1, 2])
    assert eta.seconds_left(first) == pytest.approx(10)
    assert eta.seconds_left(second) == pytest.approx(30)


def test_jobs_made_together_count_the_time_they_shared_once(ask, made):
    made(0, 10)
    made(0, 10)
    made(5, 15)
    assert eta.seconds_left(ask()) == pytest.approx(5)


def test_a_job_of_which_nobody_knows_when_it_began_teaches_no_pace(ask, made):
    made(0, 10)
    Job.objects.update(started_at=None)
    assert eta.seconds_left(ask()) is None


def test_another_business_ahead_shows_in_the_time_only(ask, made, people):
    made(0, 10)
    ask(business=people.garage, by=people.mallory)
    mine = ask(steps=8)
    assert eta.place_in_queue(mine) == 2
    assert eta.seconds_left(mine) == pytest.approx(30)


def test_a_running_job_shares_the_machine_with_the_others(ask, made):
    made(0, 10)
    ask(), ask(seeds=[1, 2])
    small, large = jobs.claim("worker"), jobs.claim("worker")
    jobs.beat(small, 2)
    assert eta.seconds_left(small) == pytest.approx(5 + 5)
    assert eta.seconds_left(large) == pytest.approx(20 + 5)
    assert eta.place_in_queue(small) is None


def test_the_first_job_of_a_model_is_told_from_its_own_progress(ask):
    ask()
    job = jobs.claim("worker")
    assert eta.seconds_left(job) is None
    jobs.beat(job, 3)
    job.started_at = timezone.now() - timedelta(seconds=30)
    assert eta.seconds_left(job) == pytest.approx(10, abs=1)


def test_what_has_ended_has_neither(ask, people):
    job = jobs.cancel(ask(), by=people.alice)
    assert eta.place_in_queue(job) is eta.seconds_left(job) is None


def test_the_end_of_a_long_queue_is_not_foreseen(ask, made, monkeypatch):
    made(0, 10)
    monkeypatch.setattr(eta, "FORESEEN", 2)
    waiting = [ask() for _ in range(3)]
    assert [eta.place_in_queue(job) for job in waiting] == [1, 2, None]
    assert eta.seconds_left(waiting[2]) is None
