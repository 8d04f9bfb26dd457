"""Asking, finishing, failing, cancelling, asking again: each once, each paid for once, each on the record."""

import pytest
from django.core.exceptions import ValidationError

from accounts import usage
from accounts.models import AuditEvent, Reservation, UsageEntry
from generation import jobs
from generation.jobs import HeartbeatReply, LeaseLost
from generation.models import Job, Output, PictureRequest, Status
from generation.pictures import FrameProgress, StoredPicture, filled, show

pytestmark = pytest.mark.django_db


def stored(count: int) -> list[StoredPicture]:
    return [
        StoredPicture(
            index=index,
            file=f"1/{index}.png",
            sha256=f"{index:064}",
            bytes=10,
            thumbnail=f"1/{index}.webp",
            generation_record={"seed": index},
        )
        for index in range(count)
    ]


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_asking_reserves_the_pictures_and_makes_their_empty_frames(ask, people):
    job = ask(seeds=[7, 8], width=64, height=32, steps=3)
    assert job.status == Status.QUEUED
    assert usage.allowance(people.bakery).reserved == 2
    frames = list(job.outputs.order_by("index").values_list("seed", "width", "height", "steps", "file"))
    assert frames == [(7, 64, 32, 3, ""), (8, 64, 32, 3, "")]
    assert verbs() == ["job.submitted"]


def test_the_request_is_frozen_whole_with_the_defaults_it_was_made_with(ask, model):
    job = ask(prompt="tea")
    model.steps_default, model.guidance_default = 40, 9.0
    model.save()
    job.refresh_from_db()
    assert PictureRequest.of(job) == PictureRequest(prompt="tea", width=32, height=32, steps=4, guidance=5.0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", ""),
        ("prompt", " \n "),
        ("prompt", "x" * 5000),
        ("prompt", "nul \x00"),
        ("prompt", "half a pair \ud800"),
        ("negative_prompt", "x" * 2001),
        ("width", 33),
        ("width", 24),
        ("height", 1032),
        ("steps", 0),
        ("steps", 101),
        ("guidance", -0.1),
        ("guidance", 30.5),
        ("guidance", float("nan")),
    ],
)
def test_a_value_that_cannot_be_made_is_refused_by_its_field_and_costs_nothing(ask, people, field, value):
    with pytest.raises(ValidationError) as refused:
        ask(**{field: value})
    assert list(refused.value.message_dict) == [field]
    assert refused.value.message_dict[field][0].endswith(".")
    assert not Job.objects.exists()
    assert usage.allowance(people.bakery).reserved == 0


@pytest.mark.parametrize(
    ("seeds", "field"),
    [([], "count"), (range(9), "count"), ([-1], "seed"), ([2**32], "seed")],
)
def test_too_many_pictures_or_a_seed_that_is_none_is_refused(ask, seeds, field):
    with pytest.raises(ValidationError) as refused:
        ask(seeds=seeds)
    assert list(refused.value.message_dict) == [field]


def test_all_faults_are_told_at_once(ask):
    with pytest.raises(ValidationError) as refused:
        ask(prompt="", steps=0, seeds=[])
    assert set(refused.value.message_dict) == {"prompt", "steps", "count"}


@pytest.mark.parametrize(
    "prompt", ["\U0001f383 pumpkin", "\u0642\u0647\u0648\u0629", "x" * 2000, "two\nlines"]
)
def test_emoji_right_to_left_and_long_prompts_are_kept_as_typed(ask, prompt):
    job = ask(prompt=prompt)
    job.refresh_from_db()
    assert job.request["prompt"] == prompt


def test_a_model_that_is_no_longer_offered_is_refused(ask, model):
    model.is_active = False
    model.save()
    with pytest.raises(ValidationError, match="model"):
        ask()


def test_an_error_never_repeats_the_prompt(ask):
    with pytest.raises(ValidationError) as refused:
        ask(prompt="secret " * 500)
    assert "secret" not in str(refused.value) + str(refused.value.message_dict)


def test_the_same_key_is_the_same_job_and_one_charge(ask, people):
    assert ask(key="click", seeds=[1]).pk == ask(key="click", seeds=[1]).pk
    assert usage.allowance(people.bakery).reserved == 1
    assert verbs() == ["job.submitted"]


def test_another_business_may_use_the_same_key(ask, people):
    assert ask(key="click").pk != ask(key="click", business=people.garage, by=people.mallory).pk


def test_over_the_days_limit_nothing_is_queued(ask, people):
    people.bakery.daily_pictures = 3
    people.bakery.save()
    ask(seeds=[1, 2])
    with pytest.raises(usage.OverLimit):
        ask(seeds=[1, 2])
    assert Job.objects.count() == 1
    assert Output.objects.count() == 2


def test_finishing_fills_the_frames_settles_the_ledger_and_is_recorded(ask, people):
    ask(seeds=[1, 2])
    job = jobs.claim("worker")
    show(job, [FrameProgress(0, 2, b"preview")])
    jobs.finish(job, filled(stored(2)), gpu_seconds=1.5)
    job.refresh_from_db()
    assert (job.status, job.claimed_by, job.lease_until, job.gpu_seconds) == (Status.DONE, "", None, 1.5)
    assert job.finished_at >= job.started_at
    assert [(frame.file, frame.step, frame.preview) for frame in job.outputs.order_by("index")] == [
        ("1/0.png", 4, None),
        ("1/1.png", 4, None),
    ]
    entry = UsageEntry.objects.get()
    assert (entry.business, entry.user, entry.pictures, entry.outcome) == (
        people.bakery,
        people.alice,
        2,
        "done",
    )
    assert not Reservation.objects.exists()
    assert verbs() == ["job.submitted", "job.finished"]


def test_a_job_is_not_done_with_a_picture_missing(ask):
    ask(seeds=[1, 2])
    job = jobs.claim("worker")
    with pytest.raises(ValueError, match="2 pictures"):
        jobs.finish(job, filled(stored(1)), gpu_seconds=1)
    job.refresh_from_db()
    assert job.status == Status.RUNNING


def test_a_failure_says_why_in_words_and_charges_no_picture(ask, people):
    ask(seeds=[1, 2])
    job = jobs.fail(jobs.claim("worker"), "disk_full", gpu_seconds=0.5)
    assert (job.status, job.reason_code) == (Status.FAILED, "disk_full")
    assert "disk is full" in job.reason
    assert UsageEntry.objects.get().pictures == 0
    assert usage.allowance(people.bakery).left == people.bakery.daily_pictures
    assert verbs()[-1] == "job.failed"


def test_a_failure_nobody_wrote_a_sentence_for_is_internal(ask):
    ask()
    assert jobs.fail(jobs.claim("worker"), "whatever").reason_code == "internal"


def test_a_waiting_job_is_cancelled_at_once(ask, people):
    job = jobs.cancel(ask(seeds=[1, 2]), by=people.bob)
    assert job.status == Status.CANCELLED
    assert jobs.claim("worker") is None
    assert (UsageEntry.objects.get().pictures, Reservation.objects.count()) == (0, 0)
    event = AuditEvent.objects.get(verb="job.cancelled")
    assert event.actor == people.bob


def test_a_running_job_is_asked_to_stop_and_stops_when_its_worker_says_so(ask, people):
    ask()
    job = jobs.claim("worker")
    assert jobs.beat(job) is HeartbeatReply.HELD
    jobs.cancel(job, by=people.bob)
    assert Job.objects.get().status == Status.RUNNING
    assert jobs.beat(job) is HeartbeatReply.CANCELLED
    jobs.stop(job)
    assert Job.objects.get().status == Status.CANCELLED
    assert AuditEvent.objects.get(verb="job.cancelled").actor == people.bob


@pytest.mark.parametrize(
    "ending", [lambda job: jobs.finish(job, filled(stored(1)), 1), lambda job: jobs.fail(job, "internal")]
)
def test_whoever_cancelled_before_the_end_gets_a_cancelled_job(ask, people, ending):
    ask()
    job = jobs.claim("worker")
    jobs.cancel(job, by=people.bob)
    ending(job)
    assert Job.objects.get().status == Status.CANCELLED
    assert not Output.objects.get().is_stored
    assert verbs() == ["job.submitted", "job.cancelled"]


def test_cancelling_twice_or_too_late_changes_nothing(ask, people):
    job = jobs.cancel(ask(), by=people.bob)
    jobs.cancel(job, by=people.alice)
    ask()
    done = jobs.claim("worker")
    jobs.finish(done, filled(stored(1)), 1)
    too_late = jobs.cancel(done, by=people.alice)
    assert (too_late.status, too_late.cancel_requested_at) == (Status.DONE, None)
    assert verbs().count("job.cancelled") == 1


def test_asking_again_is_a_new_job_with_the_same_seeds_paid_once(ask, people):
    failed = ask(seeds=[3, 4], prompt="tea", steps=2)
    jobs.fail(jobs.claim("worker"), "internal")
    failed.refresh_from_db()
    again = jobs.retry(failed, by=people.bob)
    assert again.pk != failed.pk
    assert again.request == failed.request
    assert list(again.outputs.order_by("index").values_list("seed", flat=True)) == [3, 4]
    assert jobs.retry(failed, by=people.bob) == again == failed.retry
    assert usage.allowance(people.bakery).reserved == 2
    assert verbs().count("job.retried") == 1


def test_what_waits_or_is_done_cannot_be_asked_for_again(ask, people):
    with pytest.raises(ValidationError, match="job"):
        jobs.retry(ask(), by=people.bob)


def test_a_worker_that_lost_the_job_can_change_nothing(ask):
    ask()
    stale = jobs.claim("worker")
    jobs.give_back(stale)
    fresh = jobs.claim("another")
    assert fresh.epoch == stale.epoch + 1
    assert jobs.beat(stale, 3) is HeartbeatReply.LOST
    show(stale, [FrameProgress(0, 3, b"stale")])
    for act in (
        lambda: jobs.finish(stale, filled(stored(1)), 1),
        lambda: jobs.fail(stale, "internal"),
        lambda: jobs.stop(stale),
    ):
        with pytest.raises(LeaseLost):
            act()
    jobs.give_back(stale)
    frame = Output.objects.get()
    assert (frame.step, frame.preview, frame.file) == (0, None, "")
    assert jobs.beat(fresh) is HeartbeatReply.HELD
    assert UsageEntry.objects.count() == 0


def test_giving_back_does_not_count_as_an_attempt(ask):
    ask()
    jobs.give_back(jobs.claim("worker"))
    assert jobs.claim("worker").attempts == 1


def test_frames_show_steps_and_keep_the_last_preview(ask):
    ask(seeds=[1, 2])
    job = jobs.claim("worker")
    show(job, [FrameProgress(0, 1, b"early"), FrameProgress(1, 2)])
    show(job, [FrameProgress(0, 2)])
    assert [(frame.step, frame.preview) for frame in job.outputs.order_by("index")] == [
        (2, b"early"),
        (2, None),
    ]
