"""How a job ends: once, in one transaction that writes its result, settles what its kind settles and writes
the audit event.

Whoever cancels before the end is heard: a finish that comes after a request to cancel ends as cancelled.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from accounts import audit, roles
from accounts.models import Business, Role, User
from generation.models import UNFINISHED, Job, Status
from generation.models.clock import DatabaseClock

from .kinds import DEEDS, Fill, kind_of, registered
from .lease import LeaseLost, held, released


@transaction.atomic
def finish(job: Job, fill: Fill, gpu_seconds: float = 0.0) -> Job:
    """End a claimed job with what it made: `fill` writes it and says how many things that are. Raises
    LeaseLost, having changed nothing, when `job` is no longer held.

    Returns the job as it ended: CANCELLED, and without its result, when somebody cancelled it in the
    meantime.
    """
    row = locked(job)
    if row.cancel_requested_at:
        return cancelled(row, gpu_seconds)
    made = fill(row)
    row.progress = row.progress_total
    return _end(row, Status.DONE, by=row.created_by, made=made, gpu_seconds=gpu_seconds)


@transaction.atomic
def fail(job: Job, reason_code: str, gpu_seconds: float = 0.0, sentence: str = "") -> Job:
    """End a claimed job without a result. sentence: for the person who asked, where the one of the kind for
    this code does not do. Raises LeaseLost as `finish`.
    """
    row = locked(job)
    if row.cancel_requested_at:
        return cancelled(row, gpu_seconds)
    return given_up(row, reason_code, gpu_seconds, sentence)


@transaction.atomic
def stop(job: Job, gpu_seconds: float = 0.0) -> Job:
    """End a claimed job that somebody asked to cancel, now that the worker has stopped.

    Raises LeaseLost as `finish`.
    """
    return cancelled(locked(job), gpu_seconds)


@transaction.atomic
def give_back(job: Job, gpu_seconds: float = 0.0) -> None:
    """Queue a claimed job again that its worker leaves through no fault of the job's: as it goes home in good
    order, or cannot load the model. The attempt does not count. What somebody asked to cancel ends here.

    A lost lease needs nothing.
    """
    try:
        row = locked(job)
    except LeaseLost:
        return
    if row.cancel_requested_at:
        cancelled(row, gpu_seconds)
    else:
        Job.objects.filter(pk=row.pk).update(**released(), attempts=F("attempts") - 1)


@transaction.atomic
def lose_attempt(job: Job, gpu_seconds: float = 0.0) -> None:
    """Queue a claimed job again that was broken off; the attempt counts, and the last one ends it. Raises
    LeaseLost as `finish`.
    """
    row = locked(job)
    if row.cancel_requested_at:
        cancelled(row, gpu_seconds)
    elif row.attempts >= kind_of(row).attempts:
        given_up(row, "internal", gpu_seconds)
    else:
        Job.objects.filter(pk=row.pk).update(**released())


def cancel(job: Job, *, by: User) -> Job:
    """Stop a job for a person: at once while it waits, else by asking its worker. One's own takes the role
    that asking for it took, somebody else's an editor.

    What has ended stays as it ended.
    """
    roles.require(by, job.business, _role_to_cancel(job, by))
    return withdraw(job, by=by)


def may_cancel(job: Job, *, by: User) -> bool:
    return roles.holds(by, job.business, _role_to_cancel(job, by))


def _role_to_cancel(job: Job, by: User) -> Role:
    return kind_of(job).role if job.created_by_id == by.pk else Role.EDITOR


def cancel_left_by(user: User, business: Business, *, by: User) -> None:
    """Cancel what somebody waits for who may no longer ask for it; of anybody else, nothing.

    Asks for no role of `by`: whoever leaves has none any more. Each job in its own transaction, after the
    change of members: a job that ends just now locks the business's row too.
    """
    waiting = Job.objects.filter(business=business, created_by=user, status__in=UNFINISHED)
    for kind in registered():
        if not roles.holds(user, business, kind.role):
            for job in waiting.filter(kind=kind.name):
                withdraw(job, by=by)


@transaction.atomic
def withdraw(job: Job, *, by: User) -> Job:
    """Cancel for `by`, whose role the caller has asked for."""
    row = Job.objects.select_for_update(of=("self",)).select_related("business", "model").get(pk=job.pk)
    if row.is_finished:
        return row
    if not row.cancel_requested_at:
        row.cancel_requested_at = DatabaseClock()
        row.cancel_requested_by = by
        row.save(update_fields=["cancel_requested_at", "cancel_requested_by"])
    return cancelled(row) if row.status == Status.QUEUED else _reread(row)


def given_up(row: Job, reason_code: str, gpu_seconds: float = 0.0, sentence: str = "") -> Job:
    """End a job, whose row the caller has locked, as FAILED."""
    kind = kind_of(row)
    row.reason_code = kind.known(reason_code)
    row.reason = sentence or kind.sentence(row.reason_code)
    return _end(row, Status.FAILED, by=row.created_by, made=0, gpu_seconds=gpu_seconds)


def cancelled(row: Job, gpu_seconds: float = 0.0) -> Job:
    """End a job, whose row the caller has locked, as CANCELLED by whoever asked for it."""
    return _end(row, Status.CANCELLED, by=row.cancel_requested_by, made=0, gpu_seconds=gpu_seconds)


def locked(job: Job) -> Job:
    """The row of a claimed job, which stays as it is until the transaction ends. Raises LeaseLost when `job`
    is no longer held.
    """
    rows = held(job).select_for_update(of=("self",))
    row = rows.select_related("business", "model", "created_by", "cancel_requested_by").first()
    if row is None:
        raise LeaseLost(f"job {job.pk} is not held at epoch {job.epoch}")
    return row


def _end(row: Job, status: Status, *, by: User | None, made: int, gpu_seconds: float) -> Job:
    kind = kind_of(row)
    row.status = status
    row.claimed_by, row.lease_until = "", None
    row.gpu_seconds = gpu_seconds
    row.finished_at = DatabaseClock()
    row.save()
    kind.ended(row, made)
    detail: dict[str, Any] = {kind.unit: made}
    if row.reason_code:
        detail["reason"] = row.reason_code
    audit.record(by, f"{kind.noun}.{DEEDS[status]}", row, **detail)
    return _reread(row)


def _reread(row: Job) -> Job:
    row.refresh_from_db(fields=["cancel_requested_at", "finished_at"])
    return row
