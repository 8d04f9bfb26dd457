"""Briefs: what a person asks of a campaign, and the job that answers it, in one transaction."""

import hashlib
import secrets
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from generation import jobs, registry
from generation.jobs import BadRequest
from generation.models import Job, ModelVersion
from webapp.brand import kits
from webapp.models import Brief, Campaign, Shape

SEEDS = 2**32


@transaction.atomic
def submit(
    campaign: Campaign,
    *,
    by: User,
    key: str,
    prompt: str,
    count: int,
    answers: Mapping[str, str] | None = None,
    model: ModelVersion | None = None,
    size: tuple[int, int] | None = None,
    negative_prompt: str = "",
    steps: int | None = None,
    guidance: float | None = None,
    seed: int | None = None,
) -> Job:
    """Ask for `count` pictures of `prompt`: the job with its empty frames, queued. The same `key` again, by
    the same person for the same campaign, is the same job.

    answers: the brief in the person's words (subject, mood, colours, room, shape), the fields of Brief.
    model, steps, guidance: None for the default. size: width, height in pixels; None: as the shape asks.
    seed: of the first picture, the others follow it; None: by chance.
    A prompt with a word that the campaign's brand kit bans is refused, whoever asks and by whatever way.
    Raises BadRequest (fields: prompt, negative_prompt, count, seed, width, height, steps, guidance, model,
    campaign, key) or accounts.usage.OverLimit.
    """
    _refuse_archived(campaign)
    kits.refuse_banned(campaign, {"prompt": prompt})
    brief = Brief(campaign=campaign, **(answers or {}))
    model = model or _default_model()
    width, height = size or model.size_for(Shape(brief.shape).aspect)
    request = {
        "prompt": prompt,
        "negative_prompt": negative_prompt,
        "width": width,
        "height": height,
        "steps": steps,
        "guidance": guidance,
    }
    job = jobs.submit(
        campaign.business,
        by=by,
        model=model,
        request=request,
        seeds=_seeds(seed, count),
        key=_key(campaign, by, key),
    )
    return _bound(brief, job)


@transaction.atomic
def retry(job: Job, *, by: User) -> Job:
    """Ask again for a job that failed or was cancelled; its brief is copied.

    Asked twice, it is one job. Raises as `submit`.
    """
    brief = Brief.objects.select_related("campaign__project").get(job=job)
    _refuse_archived(brief.campaign)
    kits.refuse_banned(brief.campaign, {"prompt": job.request["prompt"]})
    brief.pk = None
    return _bound(brief, jobs.retry(job, by=by))


def _refuse_archived(campaign: Campaign) -> None:
    if campaign.archived_at:
        raise BadRequest({"campaign": "This campaign is archived. Restore it to make more pictures."})
    if campaign.project.archived_at:
        raise BadRequest({"campaign": "The project is archived. Restore it to make more pictures."})


def _key(campaign: Campaign, by: User, key: str) -> str:
    """Nobody is given what somebody else asked for, or what was asked for another campaign."""
    return hashlib.sha256(f"{campaign.pk} {by.pk} {key}".encode()).hexdigest() if key else ""


def _bound(brief: Brief, job: Job) -> Job:
    """`job` with its brief; a job found by its key has one already."""
    if not Brief.objects.filter(job=job).exists():
        brief.job = job
        brief.save(force_insert=True)
    return job


def _default_model() -> ModelVersion:
    model = registry.default_model()
    if model is None:
        raise BadRequest({"model": "No model is installed. Ask whoever runs this machine to install one."})
    return model


def _seeds(seed: int | None, count: int) -> list[int]:
    # The range is checked with the rest of the request; here only the loop must be short.
    first = secrets.randbelow(SEEDS) if seed is None else seed
    return [(first + place) % SEEDS if 0 <= first < SEEDS else first for place in range(min(count, 100))]
