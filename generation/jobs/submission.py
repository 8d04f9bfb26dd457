"""How a job comes to be: checked, paid for and queued in one transaction, rung for when that is committed."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit, owners, roles, usage
from accounts.models import Business, Role, User
from generation.jobs import wake_celery, wake_notify
from generation.models import Job, ModelVersion, Output, PictureRequest, Status
from generation.models.job import KEY_LENGTH

from . import fair_queue
from .request_rules import check


@transaction.atomic
def submit(
    business: Business,
    *,
    by: User | None,
    model: ModelVersion,
    request: PictureRequest,
    seeds: Sequence[int],
    key: str,
) -> Job:
    """Queue one picture a seed, or return the job that `key` already made for the business, charged once.

    by: None for the machine itself. Raises PermissionDenied, ValidationError, or accounts.usage.OverLimit
    when the day's allowance does not cover it.
    """
    if by is not None:
        roles.require(by, business, Role.EDITOR)
    check(model, request, seeds)
    return _enqueue(business, by=by, verb="job.submitted", model=model, request=request, seeds=seeds, key=key)


@transaction.atomic
def retry(job: Job, *, by: User) -> Job:
    """The same request with the same seeds as a new job; asked twice, still one. Only for what failed or was
    cancelled.

    Raises ValidationError when the model is no longer offered or there is nothing to retry,
    accounts.usage.OverLimit as `submit`.
    """
    roles.require(by, job.business, Role.EDITOR)
    if job.status not in (Status.FAILED, Status.CANCELLED):
        raise ValidationError({"job": "Only pictures that failed or were cancelled can be asked for again."})
    seeds = list(wanted_again(job).values_list("seed", flat=True))
    check(job.model, job.request, seeds)
    return _enqueue(
        job.business,
        by=by,
        verb="job.retried",
        model=job.model,
        request=job.request,
        seeds=seeds,
        key=f"retry-{job.pk}",
        retry_of=job,
    )


def wanted_again(job: Job) -> QuerySet[Output]:
    """The pictures that a retry makes, in order: of a job that failed, those that nobody had taken out."""
    outputs = job.outputs.order_by("index")
    return outputs.filter(cancelled_at=None) if job.status == Status.FAILED else outputs


def _enqueue(
    business: Business,
    *,
    by: User | None,
    verb: str,
    model: ModelVersion,
    request: PictureRequest,
    seeds: Sequence[int],
    key: str,
    retry_of: Job | None = None,
) -> Job:
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValidationError({"key": "The form has expired. Load the page again."})
    # One submission of a business at a time: a second click waits here, then finds the first one's job.
    business = owners.lock(business.pk)
    existing = Job.objects.filter(business=business, key=key).first()
    if existing:
        return existing
    cost = fair_queue.cost_of(request, len(seeds))
    tags = fair_queue.take_turn(business, cost)
    job = Job.objects.create(
        business=business,
        created_by=by,
        model=model,
        key=key,
        request=request,
        retry_of=retry_of,
        cost=cost,
        start_tag=tags.start,
        finish_tag=tags.finish,
    )
    usage.reserve(business, job.pk, len(seeds), by=by)
    Output.objects.bulk_create(_frames(job, seeds))
    audit.record(by, verb, job, pictures=len(seeds), model=model.name)
    wake_notify.ring()
    transaction.on_commit(wake_celery.ring)
    return job


def _frames(job: Job, seeds: Sequence[int]) -> list[Output]:
    request = job.request
    return [
        Output(
            job=job, index=index, seed=seed, width=request.width, height=request.height, steps=request.steps
        )
        for index, seed in enumerate(seeds)
    ]
