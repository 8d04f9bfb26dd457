"""Many workers, clicks and cancels at once: nothing is made twice, paid twice or ended twice."""

import time
from datetime import timedelta
from functools import partial
from itertools import chain
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts import usage
from accounts.models import AuditEvent, Reservation, UsageEntry
from generation import jobs
from generation.jobs import HeartbeatReply, LeaseLost
from generation.models import Job, ModelVersion, Output, Queue, Status
from generation.pictures import StoredPicture, filled
from tests.generation.parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def one_picture() -> list[StoredPicture]:
    return [
        StoredPicture(
            index=0, file="1/a.png", sha256="a", bytes=1, thumbnail="1/a.webp", generation_record={}
        )
    ]


def claim_all(worker: str) -> list[Job]:
    claimed = []
    while job := jobs.claim(worker):
        claimed.append(job)
    return claimed


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.slow
def test_eight_workers_share_sixty_jobs_and_none_gets_anothers(ask):
    wanted = {ask().pk for _ in range(60)}
    shares = at_once([partial(claim_all, f"worker-{number}") for number in range(8)])
    claimed = [job.pk for job in chain.from_iterable(shares)]
    assert len(claimed) == 60
    assert set(claimed) == wanted
    assert set(Job.objects.values_list("epoch", "attempts")) == {(1, 1)}


@pytest.mark.slow
def test_a_worker_claims_only_what_it_can_load_and_in_the_fair_order(ask, model, people):
    other = ModelVersion.objects.create(
        name="other", hash="1" * 64, folder="models/other", size_min=32, size_default=32
    )
    for place in range(40):  # More than are looked at of each model.
        ask(model=other if place % 2 else model)
    ask(business=people.garage, by=people.mallory, model=other)
    assert jobs.claim("worker", Queue.GPU, []) is None
    theirs = [job for _ in range(2) if (job := jobs.claim("worker", Queue.GPU, [other.pk]))]
    assert people.garage.pk in {job.business_id for job in theirs}
    rest = []
    while job := jobs.claim("worker", Queue.GPU, [model.pk, other.pk]):
        rest.append(job)
    assert [job.finish_tag for job in rest] == sorted(job.finish_tag for job in rest)
    assert len(rest) == 39


def test_a_job_given_back_after_a_request_to_cancel_ends_cancelled(ask, people):
    ask()
    job = jobs.claim("worker")
    jobs.cancel(job, by=people.bob)
    jobs.give_back(job)
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert not Reservation.objects.exists()


def test_fifty_clicks_with_one_key_are_one_job_and_one_charge(ask, people):
    answers = at_once([lambda: ask(key="click", seeds=[1, 2])] * 50)
    assert {job.pk for job in answers} == {Job.objects.get().pk}
    assert usage.allowance(people.bakery).reserved == 2
    assert Output.objects.count() == 2
    assert AuditEvent.objects.filter(verb="job.submitted").count() == 1


def test_clicks_at_once_do_not_get_past_the_days_limit(ask, people):
    people.bakery.daily_pictures = 7
    people.bakery.save()
    answers = at_once([lambda: ask(seeds=[1, 2])] * 10)
    assert sum(isinstance(answer, Job) for answer in answers) == 3
    assert sum(isinstance(answer, usage.OverLimit) for answer in answers) == 7
    assert usage.allowance(people.bakery).reserved == 6


def test_asking_again_many_times_at_once_is_one_job(ask, people):
    ask()
    failed = jobs.fail(jobs.claim("worker"), "internal")
    answers = at_once([lambda: jobs.retry(failed, by=people.bob)] * 10)
    assert {job.pk for job in answers} == {failed.retry.pk}
    assert Reservation.objects.count() == 1


@pytest.mark.slow
def test_a_cancel_that_races_the_finish_leaves_one_end(ask, people):
    for _ in range(60):
        ask()
        job = jobs.claim("worker")
        at_once(
            [partial(jobs.finish, job, filled(one_picture()), 1), partial(jobs.cancel, job, by=people.bob)]
        )
        job.refresh_from_db()
        assert job.status in (Status.DONE, Status.CANCELLED)
        stored = job.outputs.get().is_stored
        assert stored == (job.status == Status.DONE)
        assert UsageEntry.objects.get(job_id=job.pk).pictures == stored
        ends = AuditEvent.objects.filter(subject_id=job.pk, verb__in=["job.finished", "job.cancelled"])
        assert [event.verb for event in ends] == ["job.finished" if stored else "job.cancelled"]
    assert not Reservation.objects.exists()


@pytest.mark.slow
def test_a_cancel_that_races_the_claim_stops_the_job_either_way(ask, people):
    for _ in range(30):
        job = ask()
        claimed, _ = at_once([partial(jobs.claim, "worker"), partial(jobs.cancel, job, by=people.bob)])
        if claimed:
            assert jobs.beat(claimed) is HeartbeatReply.CANCELLED
            jobs.stop(claimed)
        assert Job.objects.get(pk=job.pk).status == Status.CANCELLED
    assert UsageEntry.objects.count() == 30


def test_two_workers_who_finish_one_job_charge_it_once(ask):
    ask()
    first = jobs.claim("worker")
    jobs.give_back(first)
    second = jobs.claim("another")
    answers = at_once(
        [
            partial(jobs.finish, first, filled(one_picture()), 1),
            partial(jobs.finish, second, filled(one_picture()), 2),
        ]
    )
    assert isinstance(answers[0], LeaseLost)
    assert Job.objects.get().gpu_seconds == 2
    assert UsageEntry.objects.get().gpu_seconds == 2


def test_a_silent_workers_job_waits_again_in_its_old_place(ask, people):
    ask()
    job = jobs.claim("worker")
    ask(business=people.garage, by=people.mallory)
    expire(job)
    assert jobs.sweep() == 1
    again = jobs.claim("another")
    assert (again.pk, again.epoch, again.attempts) == (job.pk, 2, 2)
    assert jobs.beat(job, 1) is HeartbeatReply.LOST


def test_a_job_that_silences_three_workers_is_given_up(ask, people):
    ask()
    for _ in range(3):
        expire(jobs.claim(uuid4().hex))
        jobs.sweep()
    job = Job.objects.get()
    assert (job.status, job.reason_code, job.attempts) == (Status.FAILED, "worker_died", 3)
    assert UsageEntry.objects.get().pictures == 0
    assert usage.allowance(people.bakery).reserved == 0
    assert jobs.claim("worker") is None


def test_a_job_that_kills_its_workers_takes_none_that_were_made_beside_it_along(ask):
    poison, _, _, _ = [ask() for _ in range(4)]
    for _ in range(12):
        worker = uuid4().hex
        held: list[Job] = []
        while len(held) < 4 and (job := jobs.claim(worker)):
            held.append(job)
        for job in held:
            if poison in held:
                expire(job)
            else:
                jobs.finish(job, filled(one_picture()), 1)
        jobs.sweep()
    assert [job.status for job in Job.objects.order_by("created_at")] == [Status.FAILED, *[Status.DONE] * 3]
    poison.refresh_from_db()
    assert (poison.attempts, poison.reason_code) == (3, "worker_died")


def test_what_was_lost_once_is_made_alone_but_does_not_wait_for_ever(ask):
    lost = ask()
    expire(jobs.claim("dead"))
    jobs.sweep()
    other = ask()
    assert jobs.claim("worker") == lost
    assert jobs.claim("worker") is None
    assert jobs.claim("another") == other
    jobs.finish(Job.objects.get(pk=lost.pk), filled(one_picture()), 1)
    assert jobs.claim("worker") is None
    third = ask()
    assert jobs.claim("worker") == third


def test_a_job_cancelled_while_its_worker_is_dead_ends_cancelled(ask, people):
    ask()
    job = jobs.claim("worker")
    jobs.beat(job, gpu_seconds=3.5)
    jobs.cancel(job, by=people.bob)
    expire(job)
    jobs.sweep()
    assert Job.objects.get().status == Status.CANCELLED
    assert UsageEntry.objects.get().gpu_seconds == 3.5  # As far as anybody knows.


def test_many_sweeps_at_once_deal_with_each_lease_once(ask):
    for _ in range(10):
        ask()
    for job in claim_all("worker"):
        expire(job)
    assert sum(at_once([jobs.sweep] * 5)) == 10
    assert set(Job.objects.values_list("status", "attempts")) == {(Status.QUEUED, 1)}


def test_a_worker_whose_clock_is_wrong_neither_loses_nor_steals_a_job(ask, monkeypatch):
    ask()
    job = jobs.claim("worker")
    for hours in (-1, 1):
        wrong = timezone.now() + timedelta(hours=hours)
        monkeypatch.setattr(time, "time", wrong.timestamp)
        monkeypatch.setattr(timezone, "now", lambda wrong=wrong: wrong)
        assert jobs.beat(job) is HeartbeatReply.HELD
        assert jobs.sweep() == 0
