"""How pictures are asked for: checked, paid for and queued in one transaction."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts import roles, usage
from accounts.models import Business, Role, User
from generation import jobs
from generation.models import PICTURES, Job, ModelVersion, Output, PictureRequest, Status

from .request_rules import check

MEGAPIXEL = 1024 * 1024


@transaction.atomic
def submit(
    business: Business,
    *,
    by: User | None,
    model: ModelVersion,
    request: PictureRequest,
    seeds: Sequence[int],
    key: str,
    retry_of: Job | None = None,
) -> Job:
    """Queue one picture a seed, or return the job that `key` already made for the business, charged once.

    by: None for the machine itself. Raises PermissionDenied, ValidationError, or accounts.usage.OverLimit
    when the day's allowance does not cover it.
    """
    if by is not None:
        roles.require(by, business, Role.EDITOR)
    check(model, request, seeds)
    job, is_new = jobs.enqueue(
        PICTURES,
        business,
        by=by,
        key=key,
        cost=cost_of(request, len(seeds)),
        things=len(seeds),
        parts=request.steps * len(seeds),
        request=request.to_json(),
        model=model,
        retry_of=retry_of,
    )
    if is_new:
        usage.reserve(business, job.pk, len(seeds), by=by)
        Output.objects.bulk_create(_frames(job, request, seeds))
    return job


def again(job: Job, *, by: User) -> Job:
    """As `jobs.retry` has it: the same request with the same seeds, of the version of the model that is
    offered now. Raises as `submit`.
    """
    seeds = list(wanted_again(job).values_list("seed", flat=True))
    return submit(
        job.business,
        by=by,
        model=model_of(job).offered(),
        request=PictureRequest.of(job),
        seeds=seeds,
        key=jobs.retry_key(job),
        retry_of=job,
    )


def model_of(job: Job) -> ModelVersion:
    """The model of a job of pictures: there is none without."""
    assert job.model is not None
    return job.model


def wanted_again(job: Job) -> QuerySet[Output]:
    """The pictures that a retry makes, in order: not what was withheld, which would be so again; of a job
    that failed, those that nobody had taken out.
    """
    outputs = job.outputs.filter(incident=None).order_by("index")
    return outputs.filter(cancelled_at=None) if job.status == Status.FAILED else outputs


def cost_of(request: PictureRequest, pictures: int) -> float:
    """The work of a request in megapixel steps: what the queue weighs and what time left is told from."""
    return pictures * request.steps * request.width * request.height / MEGAPIXEL


def _frames(job: Job, request: PictureRequest, seeds: Sequence[int]) -> list[Output]:
    return [
        Output(
            job=job, index=index, seed=seed, width=request.width, height=request.height, steps=request.steps
        )
        for index, seed in enumerate(seeds)
    ]
