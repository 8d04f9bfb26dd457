"""Briefs: what a person asks of a campaign, and the job that answers it, in one transaction."""

import hashlib
import secrets
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, locales
from accounts.models import User
from generation import jobs, pictures
from generation.models import Job, ModelVersion, PictureRequest
from generation.pictures.request_rules import SEEDS
from generation.safety import personal_data
from generation.safety.personal_data import PersonalData
from webapp.brand import kits
from webapp.models import Brief, Campaign


class PersonalDataNoticed(ValidationError):
    """found: what of the prompt looks like somebody's address or number."""

    def __init__(self, found: Sequence[PersonalData]) -> None:
        named = ", ".join(f"“{one.words}” looks like {_a(one.kind)}" for one in found)
        super().__init__({"prompt": f"{named}. A model cannot write it, and prompts are kept: leave it out."})
        self.found = found


def submit(
    brief: Brief,
    request: PictureRequest,
    *,
    by: User,
    key: str,
    model: ModelVersion,
    count: int,
    seed: int | None = None,
    with_personal_data: bool = False,
) -> Job:
    """Ask `model` for `count` pictures: the job with its empty frames, queued. The same `key` again, by the
    same person for the same campaign, is the same job.

    brief: not yet saved; its campaign, and the person's own words.
    seed: of the first picture, the others follow it; None: by chance.
    with_personal_data: whether `by` wants addresses and numbers in the prompt, which the audit log says then.
    A prompt with a word that the campaign's brand kit bans is refused, whoever asks and by whatever way.
    Raises pictures.Refused, of which an incident is kept, PersonalDataNoticed, ValidationError (fields:
    prompt, negative_prompt, count, seed, width, height, steps, guidance, model, campaign, key),
    accounts.usage.OverLimit, or PermissionDenied: the role is asked once, by `pictures.submit`, which nothing
    that asks for pictures gets past.
    """
    campaign = brief.campaign
    with pictures.incident_kept(campaign.business, by=by), transaction.atomic():
        _refuse_archived(campaign)
        kits.refuse_banned(campaign, {"prompt": request.prompt})
        personal = personal_data.found_in(request.prompt, locales.region_of(campaign.business.locale))
        if personal and not with_personal_data:
            raise PersonalDataNoticed(personal)
        job = pictures.submit(
            campaign.business,
            by=by,
            model=model,
            request=request,
            seeds=_seeds(seed, count),
            key=_key(campaign, by, key),
        )
        if personal and not Brief.objects.filter(job=job).exists():
            audit.record(by, "job.personal_data_kept", job, kinds=sorted({one.kind for one in personal}))
        return _bound(brief, job)


def retry(job: Job, *, by: User) -> Job:
    """Ask again for a job that failed or was cancelled; its brief is copied.

    Asked twice, it is one job. Raises as `submit`.
    """
    with pictures.incident_kept(job.business, by=by, job=job), transaction.atomic():
        brief = Brief.objects.select_related("campaign__project").get(job=job)
        _refuse_archived(brief.campaign)
        kits.refuse_banned(brief.campaign, {"prompt": job.request["prompt"]})
        brief.pk = None
        return _bound(brief, jobs.retry(job, by=by))


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _refuse_archived(campaign: Campaign) -> None:
    if campaign.archived_at:
        raise ValidationError({"campaign": "This campaign is archived. Restore it to make more pictures."})
    if campaign.project.archived_at:
        raise ValidationError({"campaign": "The project is archived. Restore it to make more pictures."})


def _key(campaign: Campaign, by: User, key: str) -> str:
    """Nobody is given what somebody else asked for, or what was asked for another campaign."""
    return hashlib.sha256(f"{campaign.pk} {by.pk} {key}".encode()).hexdigest() if key else ""


def _bound(brief: Brief, job: Job) -> Job:
    """`job` with its brief; a job found by its key has one already."""
    if not Brief.objects.filter(job=job).exists():
        brief.job = job
        brief.save(force_insert=True)
    return job


def _seeds(seed: int | None, count: int) -> list[int]:
    # The range is checked with the rest of the request; here only the loop must be short.
    first = secrets.choice(SEEDS) if seed is None else seed
    return [(first + place) % len(SEEDS) if first in SEEDS else first for place in range(min(count, 100))]
