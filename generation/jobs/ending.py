"""How a job ends: once, in one transaction that fills its pictures, settles the ledger and writes the audit
event.

Whoever cancels before the end is heard: a finish that comes after a request to cancel ends as cancelled.
Pictures that were not made are not charged; the device's time for them is, so that asking and cancelling over
and over is not free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, roles, usage
from accounts.models import Business, Outcome, Role, User
from generation.models import Job, Output, Status
from generation.models.clock import DatabaseClock

from .lease import LeaseLost, held, released
from .reasons import REASONS, known

OUTCOMES = {
    Status.DONE: (Outcome.DONE, "job.finished"),
    Status.FAILED: (Outcome.FAILED, "job.failed"),
    Status.CANCELLED: (Outcome.CANCELLED, "job.cancelled"),
}

FILLED = ["step", "file", "sha256", "bytes", "thumbnail", "generation_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of a job that is on disk. file, thumbnail: relative to the media folder; sha256, bytes: of
    the file; generation_record: what reproduces its pixels.
    """

    index: int
    file: str
    sha256: str
    bytes: int
    thumbnail: str
    generation_record: dict[str, object]


@transaction.atomic
def finish(job: Job, pictures: Sequence[StoredPicture], gpu_seconds: float) -> Job:
    """End a claimed job with all its pictures but those that were cancelled. Raises LeaseLost, having changed
    nothing, when `job` is no longer held.

    Returns the job as it ended: CANCELLED, and without the pictures, when somebody cancelled it in the
    meantime.
    """
    row = _locked(job)
    if row.cancel_requested_at:
        return cancelled(row, gpu_seconds)
    filled = _fill(row, pictures)
    return _end(row, Status.DONE, by=row.created_by, pictures=filled, gpu_seconds=gpu_seconds)


@transaction.atomic
def fail(job: Job, reason_code: str, gpu_seconds: float = 0.0) -> Job:
    """End a claimed job without pictures, with a sentence from `reasons`. Raises LeaseLost as `finish`."""
    row = _locked(job)
    return cancelled(row, gpu_seconds) if row.cancel_requested_at else given_up(row, reason_code, gpu_seconds)


@transaction.atomic
def stop(job: Job, gpu_seconds: float = 0.0) -> Job:
    """End a claimed job that somebody asked to cancel, now that the worker has stopped.

    Raises LeaseLost as `finish`.
    """
    return cancelled(_locked(job), gpu_seconds)


@transaction.atomic
def give_back(job: Job, gpu_seconds: float = 0.0) -> None:
    """Queue a claimed job again that its worker leaves through no fault of the job's: as it goes home in good
    order, or cannot load the model. The attempt does not count. What somebody asked to cancel ends here.

    A lost lease needs nothing.
    """
    try:
        row = _locked(job)
    except LeaseLost:
        return
    if row.cancel_requested_at:
        cancelled(row, gpu_seconds)
    else:
        Job.objects.filter(pk=row.pk).update(**released(), attempts=F("attempts") - 1)


def cancel(job: Job, *, by: User) -> Job:
    """Stop a job for a person: at once while it waits, else by asking its worker.

    What has ended stays as it ended.
    """
    roles.require(by, job.business, Role.EDITOR)
    return _cancel(job, by=by)


def cancel_left_by(user: User, business: Business, *, by: User) -> None:
    """Cancel what somebody who may no longer ask for pictures still waits for; of anybody else, nothing.

    Asks for no role of `by`: whoever leaves has none any more. Each job in its own transaction, after the
    change of members: a job that ends just now locks the business's row too.
    """
    if roles.holds(user, business, Role.EDITOR):
        return
    unfinished = (Status.QUEUED, Status.RUNNING)
    for job in Job.objects.filter(business=business, created_by=user, status__in=unfinished):
        _cancel(job, by=by)


@transaction.atomic
def _cancel(job: Job, *, by: User) -> Job:
    row = Job.objects.select_for_update(of=("self",)).select_related("business", "model").get(pk=job.pk)
    if row.is_finished:
        return row
    if not row.cancel_requested_at:
        row.cancel_requested_at = DatabaseClock()
        row.cancel_requested_by = by
        row.save(update_fields=["cancel_requested_at", "cancel_requested_by"])
    return cancelled(row) if row.status == Status.QUEUED else _reread(row)


@transaction.atomic
def cancel_picture(output: Output, *, by: User) -> None:
    """Take one picture out of its job, which goes on with the others; the last one ends it.

    What is made, or has ended, stays as it is.
    """
    roles.require(by, output.job.business, Role.EDITOR)
    row = Job.objects.select_for_update(of=("self",)).select_related("business").get(pk=output.job_id)
    if row.is_finished or row.cancel_requested_at:
        return
    wanted = row.outputs.filter(cancelled_at=None)
    if not wanted.exclude(pk=output.pk).exists():
        _cancel(row, by=by)
    elif wanted.filter(pk=output.pk).update(cancelled_at=DatabaseClock(), preview=None):
        left = wanted.count()
        Job.objects.filter(pk=row.pk).update(cost=F("cost") * left / (left + 1))
        usage.release_one(row.pk)
        audit.record(by, "output.cancelled", output, business=row.business)


def given_up(row: Job, reason_code: str, gpu_seconds: float = 0.0) -> Job:
    """End a job, whose row the caller has locked, as FAILED."""
    row.reason_code = known(reason_code)
    row.reason = REASONS[row.reason_code]
    return _end(row, Status.FAILED, by=row.created_by, pictures=0, gpu_seconds=gpu_seconds)


def cancelled(row: Job, gpu_seconds: float = 0.0) -> Job:
    """End a job, whose row the caller has locked, as CANCELLED by whoever asked for it."""
    return _end(row, Status.CANCELLED, by=row.cancel_requested_by, pictures=0, gpu_seconds=gpu_seconds)


def _locked(job: Job) -> Job:
    rows = held(job).select_for_update(of=("self",))
    row = rows.select_related("business", "model", "created_by", "cancel_requested_by").first()
    if row is None:
        raise LeaseLost(f"job {job.pk} is not held at epoch {job.epoch}")
    return row


def _fill(row: Job, pictures: Sequence[StoredPicture]) -> int:
    """How many frames were filled. A picture that was cancelled while it was made is dropped."""
    frames = {frame.index: frame for frame in row.outputs.filter(cancelled_at=None).defer("preview")}
    pictures = [picture for picture in pictures if picture.index in frames]
    if sorted(frames) != sorted(picture.index for picture in pictures):
        raise ValueError(f"job {row.pk} wants {len(frames)} pictures, each once")
    for picture in pictures:
        frame = frames[picture.index]
        frame.step = frame.steps
        frame.file, frame.sha256, frame.bytes = picture.file, picture.sha256, picture.bytes
        frame.thumbnail, frame.generation_record = picture.thumbnail, picture.generation_record
    Output.objects.bulk_update(frames.values(), FILLED)
    return len(frames)


def _end(row: Job, status: Status, *, by: User | None, pictures: int, gpu_seconds: float) -> Job:
    outcome, verb = OUTCOMES[status]
    row.status = status
    row.claimed_by, row.lease_until = "", None
    row.gpu_seconds = gpu_seconds
    row.finished_at = DatabaseClock()
    row.save()
    row.outputs.update(preview=None)
    usage.settle(
        row.business,
        row.pk,
        by=row.created_by,
        model=row.model.name,
        outcome=outcome,
        pictures=pictures,
        gpu_seconds=gpu_seconds,
    )
    reason: dict[str, Any] = {"reason": row.reason_code} if row.reason_code else {}
    audit.record(by, verb, row, pictures=pictures, **reason)
    return _reread(row)


def _reread(row: Job) -> Job:
    row.refresh_from_db(fields=["cancel_requested_at", "finished_at"])
    return row
