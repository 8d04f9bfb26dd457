"""A picture that is withheld leaves its job as one that a person takes out of it: rows alone, no engine."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import usage
from accounts.models import AuditEvent, Notice, UsageEntry
from generation import jobs, pictures
from generation.models import Incident, Job, Output, Status
from generation.pictures import FrameProgress, StoredPicture, outputs
from generation.safety.picture_refusals import ABOUT_MINORS, SEXUAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(ask):
    """A running job of three pictures, of four steps each."""
    ask(seeds=[1, 2, 3])
    return jobs.claim("a worker of the tests")


def frame(job: Job, index: int) -> Output:
    return job.outputs.get(index=index)


def withhold(job: Job, index: int, rule: str = SEXUAL.rule) -> None:
    outputs.withhold(job, frame(job, index), rule=rule, sha256="0" * 64)


def finish(job: Job, *indices: int) -> Job:
    """As the worker does that has stored the pictures of these places."""
    made = [
        StoredPicture(index=index, file="", sha256="", bytes=0, thumbnail="", generation_record={})
        for index in indices
    ]
    return jobs.finish(job, pictures.filled(made), gpu_seconds=3.0)


def lose(job: Job) -> Job:
    """Its worker is dead, and another one has it now."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.sweep()
    return jobs.claim("another worker")


def test_the_others_are_made_and_it_is_not_charged_but_the_devices_time_is(claimed, people):
    withhold(claimed, 1)
    assert usage.allowance(people.bakery).reserved == 2
    done = finish(claimed, 0, 2)
    assert (done.status, done.progress, done.progress_total) == (Status.DONE, 8, 8)
    entry = UsageEntry.objects.get()
    assert (entry.pictures, entry.gpu_seconds) == (2, 3.0)
    assert usage.allowance(people.bakery).reserved == 0
    assert AuditEvent.objects.get(verb="job.finished").detail == {"pictures": 2}


def test_its_preview_goes_at_once(claimed):
    outputs.show(claimed, [FrameProgress(index, step=2, preview=b"RIFF") for index in range(3)])
    withhold(claimed, 1)
    assert [bool(output.preview) for output in claimed.outputs.order_by("index")] == [True, False, True]


def test_what_is_grave_is_told_to_the_operator(claimed):
    withhold(claimed, 1, ABOUT_MINORS.rule)
    assert Notice.objects.count() == 1


def test_only_the_last_one_fails_the_job_with_the_sentence_of_its_rule(claimed):
    withhold(claimed, 0, ABOUT_MINORS.rule)
    withhold(claimed, 1)
    withhold(claimed, 2)
    with pytest.raises(jobs.JobFailed) as failed:
        finish(claimed)
    assert (failed.value.code, failed.value.sentence) == ("withheld", SEXUAL.sentence)
    assert Incident.objects.count() == 3


def test_one_withheld_and_the_other_taken_out_unheard_leave_nothing_to_make(claimed, people):
    pictures.cancel(frame(claimed, 0), by=people.bob)
    pictures.cancel(frame(claimed, 2), by=people.bob)
    withhold(claimed, 1)
    with pytest.raises(jobs.JobFailed, match="withheld"):
        finish(claimed, 0, 2)


def test_what_a_person_took_out_before_it_was_withheld_leaves_once(claimed, people):
    pictures.cancel(frame(claimed, 1), by=people.bob)
    withhold(claimed, 1)
    assert usage.allowance(people.bakery).reserved == 2
    assert finish(claimed, 0, 2).status == Status.DONE


def test_what_was_withheld_cannot_be_taken_out_once_more(claimed, people):
    withhold(claimed, 1)
    pictures.cancel(frame(claimed, 1), by=people.bob)
    assert usage.allowance(people.bakery).reserved == 2
    assert not AuditEvent.objects.filter(verb="output.cancelled").exists()


def test_a_worker_that_lost_the_job_withholds_nothing(claimed):
    lose(claimed)
    with pytest.raises(jobs.LeaseLost):
        withhold(claimed, 1)
    assert not Incident.objects.exists()
    assert not Output.objects.exclude(cancelled_at=None).exists()


def test_another_attempt_does_not_make_it_again(claimed):
    withhold(claimed, 1)
    again = lose(claimed)
    assert [output.index for output in outputs.to_be_made(again)] == [0, 2]
    assert finish(again, 0, 2).status == Status.DONE
    assert Incident.objects.count() == 1


def test_another_attempt_after_all_were_withheld_only_ends_the_job(claimed):
    for index in range(3):
        withhold(claimed, index)
    again = lose(claimed)
    assert not outputs.to_be_made(again).exists()
    with pytest.raises(jobs.JobFailed, match="withheld"):
        finish(again)
    assert Incident.objects.count() == 3


def test_no_picture_has_two_incidents(claimed):
    withhold(claimed, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        withhold(claimed, 1)
    assert Incident.objects.count() == 1
