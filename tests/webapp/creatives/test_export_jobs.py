"""Sets of files as jobs: each made once, or ended with a reason, cancelled or asked for again, and none in
another's way.
"""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone

from accounts.models import AuditEvent, Notice
from generation import jobs
from generation.files import storage
from generation.jobs import HeartbeatReply, LeaseLost
from generation.models import Job, Queue, Status
from tests.webapp import stage, steps
from webapp.creatives import exports, versions
from webapp.models import Creative, Export, FileKind

SECRET = "a prompt that nobody else may read"
SMALL = ("display-rectangle", "display-leaderboard", "display-skyscraper", "display-mobile")


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def set_of(people, media):
    def make(*formats: str) -> Creative:
        picture = stage.picture(people.campaign, people.bob)
        creative = versions.create(people.campaign, [picture], by=people.bob)[0]
        return stage.design(creative, *formats, by=people.bob)

    return make


def spoil(creative: Creative, content: bytes = b"no picture any more") -> bytes:
    """Write over the stored picture of a creative; returns what it was."""
    path = storage.path_of(creative.output.file)
    before = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content)
    return before


def state(export: Export) -> tuple[str, int, int]:
    job = Job.objects.get(export=export)
    return job.status, job.attempts, job.progress


def claim(worker: str = "worker") -> Job | None:
    return jobs.claim(worker, Queue.CPU)


def another(people) -> Creative:
    """A creative of another picture: the same bytes would be the same file."""
    picture = stage.finished_job(people.campaign, people.bob).outputs.get(index=1)
    creative = versions.create(people.campaign, [picture], by=people.bob)[0]
    return stage.design(creative, "display-mobile", by=people.bob)


def expire() -> None:
    silent = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(status=Status.RUNNING).update(lease_until=silent)


@pytest.mark.slow
def test_a_damaged_picture_ends_its_set_with_a_reason_and_no_other(bob, set_of, people):
    damaged = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    fine = exports.order(another(people), FileKind.PNG, by=people.bob)
    whole = spoil(damaged.creative)
    stage.make_files()
    assert state(damaged)[0] == Status.FAILED
    assert state(fine)[0] == Status.DONE
    page = bob.get(steps.url("export", damaged))
    assert "picture is missing or damaged" in page.text
    assert "Try again" in page.text
    spoil(damaged.creative, whole)
    again = bob.post(steps.url("export_retry", damaged))
    assert again.url != steps.url("export", damaged)
    assert bob.post(steps.url("export_retry", damaged)).url == again.url
    stage.make_files()
    assert "Download the archive" in bob.get(again.url).text


@pytest.mark.parametrize("change", ["spoil", "remove"])
def test_of_a_damaged_picture_or_none_no_file_is_given_and_it_is_said(bob, set_of, change):
    creative = set_of("display-mobile")
    if change == "spoil":
        spoil(creative)
    else:
        storage.path_of(creative.output.file).unlink()
    words = "picture is missing or damaged"
    chosen = {"format": "display-mobile", "kind": "png"}
    assert words in bob.post(steps.url("creative_file", creative), chosen, follow=True).text
    answer = bob.post(steps.url("creative_exports", creative), {"kind": "png"})
    stage.make_files()
    assert words in bob.get(answer.url).text


def test_what_nobody_foresaw_ends_the_set_stands_in_nobodys_way_and_is_not_told(
    bob, set_of, people, monkeypatch, caplog
):
    def fall_over(*args: Any) -> bytes:
        if args[0] == bad:
            raise RuntimeError(SECRET)
        return archive(*args)

    archive, bad = exports._archive, set_of("display-mobile")
    monkeypatch.setattr(exports, "_archive", fall_over)
    answer = bob.post(steps.url("creative_exports", bad), {"kind": "png"})
    younger = exports.order(another(people), FileKind.PNG, by=people.bob)
    stage.make_files()
    assert state(younger)[0] == Status.DONE
    page = bob.get(answer.url).text
    assert "The files could not be made" in page
    assert "Try again" in page
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_set_that_silences_its_workers_is_given_up_and_the_operator_is_told(
    set_of, people, django_capture_on_commit_callbacks
):
    export = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    for number in range(3):
        assert claim(f"worker {number}") == export.job
        assert claim("another") is None  # Somebody is at it.
        expire()
        with django_capture_on_commit_callbacks(execute=True):
            jobs.sweep()
    assert state(export) == (Status.FAILED, 3, 0)
    assert "3 tries broke off" in Job.objects.get(export=export).reason
    assert "exports" in Notice.objects.get().sentence


def test_a_worker_that_was_taken_for_dead_changes_nothing(set_of, people):
    export = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    dead = claim("dead")
    jobs.beat(dead, 3)
    expire()
    jobs.sweep()
    living = claim("living")
    assert (living.epoch, living.attempts, living.progress) == (dead.epoch + 1, 2, 0)
    assert jobs.beat(dead, 4) is HeartbeatReply.LOST
    for act in (lambda: jobs.finish(dead, lambda row: 0), lambda: jobs.fail(dead, "internal")):
        with pytest.raises(LeaseLost):
            act()
    jobs.JobRun(dead, threading.Event()).run()  # As it wakes: it finds out at its first file.
    assert state(export) == (Status.RUNNING, 2, 0)
    jobs.JobRun(living, threading.Event()).run()
    assert state(export) == (Status.DONE, 2, 4)


def test_a_result_that_cannot_be_written_ends_the_set_and_is_not_told(set_of, people, monkeypatch, caplog):
    export = exports.order(set_of("display-mobile"), FileKind.PNG, by=people.bob)
    younger = exports.order(another(people), FileKind.PNG, by=people.bob)

    def failing(job: Job) -> int:
        if job == export.job:
            raise ValueError(SECRET)
        return 1

    monkeypatch.setattr(exports, "make", lambda run: failing)
    stage.make_files()
    assert state(export)[:2] == (Status.FAILED, 1)
    assert state(younger)[0] == Status.DONE
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_a_set_whose_row_is_gone_ends_with_a_reason(set_of, people, monkeypatch):
    export = exports.order(set_of("display-mobile"), FileKind.PNG, by=people.bob)
    archive = exports._archive

    def forgotten_meanwhile(*args) -> bytes:
        Export.objects.all().delete()
        return archive(*args)

    monkeypatch.setattr(exports, "_archive", forgotten_meanwhile)
    stage.make_files()
    job = Job.objects.get(pk=export.job_id)
    assert (job.status, job.reason) == (Status.FAILED, "The creative of these files is no more.")


def test_a_set_that_the_database_breaks_off_is_made_again_and_not_for_ever(set_of, people, monkeypatch):
    export = exports.order(set_of("display-mobile"), FileKind.PNG, by=people.bob)
    file, breaks = exports._file, [OperationalError("a deadlock")]

    def broken_off(*args: Any, **by: Any) -> exports.ExportedFile:
        if breaks:
            raise breaks.pop()
        return file(*args, **by)

    monkeypatch.setattr(exports, "_file", broken_off)
    stage.make_files()
    assert state(export)[:2] == (Status.DONE, 2)
    breaks += [OperationalError("a deadlock")] * 9
    hopeless = exports.order(another(people), FileKind.PNG, by=people.bob)
    stage.make_files()
    assert state(hopeless)[:2] == (Status.FAILED, 3)


def test_the_same_set_asked_for_twice_is_made_once(bob, set_of):
    creative = set_of(*SMALL)
    answers = [bob.post(steps.url("creative_exports", creative), {"kind": "png"}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert AuditEvent.objects.filter(verb="export.submitted").count() == 1
    stage.make_files()
    bob.post(steps.url("creative_exports", creative), {"kind": "png"})
    bob.post(steps.url("creative_exports", creative), {"kind": "jpg"})
    assert Export.objects.count() == 3


def test_what_somebody_else_ordered_cannot_be_cancelled_under_ones_feet(people, set_of):
    creative = set_of(*SMALL)
    of_bob, of_carol = (exports.order(creative, FileKind.PNG, by=who) for who in (people.bob, people.carol))
    jobs.cancel(of_bob.job, by=people.bob)
    assert (state(of_bob)[0], state(of_carol)[0]) == (Status.CANCELLED, Status.QUEUED)


def test_sets_have_a_limit_that_is_said(bob, set_of, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "make_files": "1/h/ip"}
    creative = set_of(*SMALL)
    order = steps.url("creative_exports", creative)
    page = bob.post(order, {"kind": "png"}).url
    assert "Very many files" in bob.post(order, {"kind": "jpg"}, follow=True).text
    export = Export.objects.get()
    jobs.cancel(export.job, by=export.job.created_by)
    assert "Very many files" in bob.post(steps.url("export_retry", export), follow=True).text
    assert bob.get(page).status_code == 200
    assert Export.objects.count() == 1


def test_a_waiting_set_is_cancelled_at_once_and_can_be_made_after_all(bob, set_of):
    creative = set_of(*SMALL)
    page = bob.post(steps.url("creative_exports", creative), {"kind": "png"}).url
    assert "Cancel" in bob.get(page).text
    export = Export.objects.get()
    assert bob.post(steps.url("export_cancellation", export)).url == page
    assert state(export)[0] == Status.CANCELLED
    stage.make_files()
    text = bob.get(page).text
    assert "cancelled before they were made" in text
    assert "every 1s" not in text
    again = bob.post(steps.url("export_retry", export)).url
    stage.make_files()
    assert "Download the archive" in bob.get(again).text
    # Ordered anew, it is not the cancelled one that is shown.
    assert bob.post(steps.url("creative_exports", creative), {"kind": "png"}).url not in (page, again)


def test_a_set_that_is_being_made_stops_at_the_next_file(set_of, people, monkeypatch):
    export = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    job, made, file = claim(), [], exports._file

    def cancelled_meanwhile(*args: Any, **by: Any) -> exports.ExportedFile:
        made.append(args)
        jobs.cancel(export.job, by=people.bob)
        return file(*args, **by)

    monkeypatch.setattr(exports, "_file", cancelled_meanwhile)
    jobs.JobRun(job, threading.Event()).run()
    assert len(made) == 1
    assert state(export)[0] == Status.CANCELLED
    assert Export.objects.get().file == ""


def test_a_worker_that_goes_home_leaves_the_set_to_the_next(set_of, people):
    export = exports.order(set_of(*SMALL), FileKind.PNG, by=people.bob)
    going_home = threading.Event()
    going_home.set()
    held = claim()
    jobs.beat(held, 2)
    jobs.JobRun(held, going_home).run()
    assert state(export) == (Status.QUEUED, 0, 0)
    stage.make_files()
    assert state(export) == (Status.DONE, 1, 4)


def test_ones_own_set_is_cancelled_by_oneself_or_by_an_editor(as_, people, set_of):
    creative = set_of("display-mobile", "display-rectangle")
    of_carol = exports.order(creative, FileKind.PNG, by=people.carol)  # a viewer
    of_bob = exports.order(creative, FileKind.JPEG, by=people.bob)
    carol = as_(people.carol)
    assert "Cancel" in carol.get(steps.url("export", of_carol)).text
    assert "Cancel" not in carol.get(steps.url("export", of_bob)).text
    with pytest.raises(PermissionDenied):
        jobs.cancel(of_bob.job, by=people.carol)
    jobs.cancel(of_carol.job, by=people.carol)
    jobs.cancel(of_bob.job, by=people.alice)
    assert {job.status for job in Job.objects.filter(kind="export")} == {Status.CANCELLED}


def test_whoever_leaves_waits_for_no_files_any_more(people, set_of):
    export = exports.order(set_of("display-mobile", "display-rectangle"), FileKind.PNG, by=people.carol)
    jobs.cancel_left_by(people.carol, people.bakery, by=people.alice)
    assert state(export)[0] == Status.QUEUED  # Carol may look, and so may still take files.
    people.carol.memberships.all().delete()
    jobs.cancel_left_by(people.carol, people.bakery, by=people.alice)
    assert state(export)[0] == Status.CANCELLED


def test_pictures_and_files_do_not_wait_for_each_other(people, set_of):
    export = exports.order(set_of("display-mobile", "display-rectangle"), FileKind.PNG, by=people.bob)
    picture = stage.waiting_job(people.campaign, people.bob)
    assert jobs.claim("worker") == picture
    assert jobs.claim("worker") is None
    assert claim() == export.job
    assert claim() is None


def test_a_set_has_no_door_among_the_pictures(bob, people, set_of):
    export = exports.order(set_of("display-mobile", "display-rectangle"), FileKind.PNG, by=people.bob)
    for name in ("job_cancellation", "job_retry"):
        assert bob.post(steps.url(name, export.job)).status_code == 404
    assert state(export)[0] == Status.QUEUED
