"""How a job comes to be: queued in one transaction, rung for when that is committed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, owners, roles
from accounts.models import Business, User
from generation.jobs import wake_celery, wake_notify
from generation.models import ENDED_BADLY, Job, Queue
from generation.models.job import KEY_LENGTH

from . import fair_queue
from .kinds import Kind, kind_named, kind_of


@transaction.atomic
def enqueue(
    kind_name: str,
    business: Business,
    *,
    by: User | None,
    key: str,
    cost: float,
    things: int,
    parts: int,
    **work: Any,
) -> tuple[Job, bool]:
    """A waiting job, and whether it is new: what `key` already made for the business is returned as it is.

    by: None for the machine itself. cost: work, in the unit of the kind's queue; things: how many are to be
    made, in the kind's unit; parts: what its progress is told in; work: `request`, `model`, `retry_of` of the
    row, where the kind has them. Holds the business's row until the transaction ends. Raises
    PermissionDenied, and ValidationError for a key that is none.
    """
    kind = kind_named(kind_name)
    assert not (work.get("model") and kind.queue != Queue.GPU), "only workers of gpu load models"
    if by is not None:
        roles.require(by, business, kind.role)
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValidationError({"key": "The form has expired. Load the page again."})
    # One submission of a business at a time: a second click waits here, then finds the first one's job.
    business = owners.lock(business.pk)
    existing = Job.objects.filter(business=business, key=key).first()
    if existing:
        return existing, False
    tags = fair_queue.take_turn(business, kind.queue, cost)
    job = Job(kind=kind.name, queue=kind.queue, business=business, created_by=by, key=key, **work)
    job.cost, job.progress_total = cost, parts
    job.start_tag, job.finish_tag = tags.start, tags.finish
    job.save(force_insert=True)
    _tell(kind, job, things)
    return job, True


@transaction.atomic
def retry(job: Job, *, by: User) -> Job:
    """The same work as a new job; asked twice, still one. Only for what failed or was cancelled.

    Raises PermissionDenied, ValidationError when there is nothing to retry, and what submitting such a job
    raises.
    """
    kind = kind_of(job)
    roles.require(by, job.business, kind.role)
    if job.status not in ENDED_BADLY:
        raise ValidationError({"job": "Only what failed or was cancelled can be asked for again."})
    return kind.again(job, by=by)


def retry_key(job: Job) -> str:
    return f"retry-{job.pk}"


def _tell(kind: Kind, job: Job, things: int) -> None:
    """The log, and whoever works."""
    detail: dict[str, Any] = {kind.unit: things}
    if job.model:
        detail["model"] = job.model.name
    deed = "retried" if job.retry_of else "submitted"
    audit.record(job.created_by, f"{kind.noun}.{deed}", job, **detail)
    wake_notify.ring(kind.queue)
    transaction.on_commit(lambda: wake_celery.ring(kind.queue))
