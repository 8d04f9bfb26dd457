"""The pictures of a campaign as frames: what each shows now, and what of it a page already has.

A page names the frames it shows by key and version; whatever has another version by now has changed. Any
number of frames costs the same few queries.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from generation.jobs import eta
from generation.jobs.eta import Outlook
from generation.models import ENDED_BADLY, MAY_BE_SHOWN, UNFINISHED, Incident, Job, Output, Status
from generation.pictures import floor
from webapp.models import Campaign

from .duration_words import in_words

PAGE = 48  # frames
REGRETS_SHOWN = timedelta(days=1)  # how long a page speaks of what failed or was cancelled
STATES: dict[str, str] = {Status.QUEUED: "waiting", Status.DONE: "stored"}  # of a frame; else the job's own

REFUSED = ("refused", "withheld")  # codes of generation.jobs.reasons


class Show(models.TextChoices):
    ALL = "all", "All"
    KEPT = "kept", "Kept"
    DISCARDED = "discarded", "Discarded"


@dataclass(frozen=True)
class GalleryItem:
    """One picture, made or to be made. Its job is loaded with it, its preview is not."""

    output: Output
    outlook: Outlook

    @cached_property
    def state(self) -> str:
        """waiting, running, stopping, stored, taken-down, withheld, failed or cancelled."""
        job = self.output.job
        if self.output.taken_down_at:
            return "taken-down"
        if self.output.hidden_at:
            return "hidden"
        if self.output.is_stored:
            return "stored"
        if self.incident:
            return "withheld"
        if self.output.cancelled_at:
            return "cancelled"
        if job.status == Status.RUNNING and job.cancel_requested_at:
            return "stopping"
        return STATES.get(job.status, job.status)

    @property
    def incident(self) -> Incident | None:
        """Of a picture that was withheld: why, and where that may be contested."""
        return getattr(self.output, "incident", None)

    @property
    def why_withheld(self) -> str:
        return floor.sentence_of(self.incident.rule) if self.incident else ""

    @property
    def is_unfinished(self) -> bool:
        return not (self.output.job.is_finished or self.output.cancelled_at)

    @property
    def siblings(self) -> int:
        """How many pictures its job is to make."""
        return self.output.siblings or 0  # type: ignore[attr-defined]  # by `_loaded`

    @property
    def may_be_retried(self) -> bool:
        """Whether a retry would make it: what was withheld, or taken out of a job that went on, is not asked
        for again.
        """
        status = self.output.job.status
        if self.incident:
            return False
        return status == Status.CANCELLED or (status == Status.FAILED and not self.output.cancelled_at)

    @property
    def was_refused(self) -> bool:
        """Whether the safety floor had something against its job, which may be contested."""
        return self.output.job.reason_code in REFUSED

    @property
    def may_change(self) -> bool:
        """Whether a page must go on asking: also for one that was cancelled, while its job goes on."""
        return not self.output.job.is_finished

    @property
    def has_preview(self) -> bool:
        return self.output.has_preview  # type: ignore[attr-defined]  # by `_loaded`

    @cached_property
    def time_left(self) -> str:
        return in_words(self.outlook.seconds_left)

    @cached_property
    def version(self) -> str:
        """Differs when the frame looks different: all that `campaigns/_frame.html` says is in it."""
        output = self.output
        outlook = self.outlook
        place = (outlook.place, outlook.hindrance, self.time_left)
        moving = (output.step, self.has_preview, self.siblings, *place)
        looks = (
            self.state,
            moving if self.is_unfinished else None,
            self.may_change,
            self.may_be_retried,
            output.job.reason,
            bool(output.kept_at),
            bool(output.discarded_at),
        )
        return hashlib.sha256(repr(looks).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Totals:
    """How many frames each filter shows."""

    all: int
    kept: int
    discarded: int

    def __iter__(self):
        return iter((show, getattr(self, show)) for show in Show)


def totals(campaign: Campaign) -> Totals:
    counts = {show.value: Count("pk", filter=_shown(show)) for show in Show}
    return Totals(**outputs_of(campaign).aggregate(**counts))


def page(campaign: Campaign, show: Show, number: str | None) -> Page:
    """A page of frames, newest first. A number that is none is the nearest that there is."""
    found = Paginator(in_order(outputs_of(campaign).filter(_shown(show))), PAGE).get_page(number)
    return Page(frames(found.object_list), found.number, found.paginator)


def frames_of(job: Job) -> list[GalleryItem]:
    return frames(_loaded(job.outputs.all()).order_by("index"))


def outcome(frames: Iterable[GalleryItem]) -> str:
    """What became of pictures that a page waited for, in a sentence; empty for none."""
    states = [frame.state for frame in frames]
    told = {
        "ready": states.count("stored"),
        "withheld": states.count("withheld"),
        "not made": states.count("failed"),
        "cancelled": states.count("cancelled"),
    }
    parts = [f"{number} {word}" for word, number in told.items() if number]
    return f"{_pictures(sum(told.values()))}: {', '.join(parts)}." if parts else ""


def watched(campaign: Campaign, seen: Collection[UUID]) -> list[GalleryItem]:
    """The frames that a page must hear of: what is unfinished, and what it saw unfinished last."""
    unfinished = Q(job__status__in=UNFINISHED, cancelled_at=None)
    return frames(in_order(outputs_of(campaign).filter(unfinished | Q(pk__in=seen))))


def frames(outputs: Iterable[Output]) -> list[GalleryItem]:
    outputs = list(outputs)
    outlooks = eta.outlooks({output.job_id: output.job for output in outputs}.values())
    return [GalleryItem(output, outlooks[output.job_id]) for output in outputs]


def neighbours(output: Output, show: Show) -> tuple[UUID | None, UUID | None]:
    """The pictures that may be shown before and after `output`, in the order of the gallery."""
    others = outputs_of(output.job.brief.campaign).filter(_shown(show), MAY_BE_SHOWN)
    keys = list(in_order(others).values_list("pk", flat=True))
    if output.pk not in keys:
        return None, keys[0] if keys else None
    place = keys.index(output.pk)
    return (keys[place - 1] if place else None), (keys[place + 1] if place + 1 < len(keys) else None)


def find(campaign: Campaign, key: str) -> Output | None:
    """The picture of this key, if it is one of the campaign's."""
    return outputs_of(campaign).filter(pk__in=parse_seen([key])).first()


def outputs_of(campaign: Campaign) -> QuerySet[Output]:
    return _loaded(Output.objects.filter(job__brief__campaign=campaign))


def in_order(outputs: QuerySet[Output]) -> QuerySet[Output]:
    """Newest job first, each job's pictures in their own order."""
    return outputs.order_by("-job__created_at", "job_id", "index")


def parse_seen(words: Iterable[str]) -> dict[UUID, str]:
    """The frames a page has, key to version. Words that are none of ours are left out."""
    seen = {}
    for word in words:
        key, _, version = word.partition(":")
        try:
            seen[UUID(key)] = version
        except ValueError:
            continue
    return seen


def changed(watched: Iterable[GalleryItem], seen: Mapping[UUID, str]) -> list[GalleryItem]:
    return [frame for frame in watched if seen.get(frame.output.pk, frame.version) != frame.version]


def added(watched: Iterable[GalleryItem], seen: Mapping[UUID, str]) -> list[GalleryItem]:
    return [frame for frame in watched if frame.output.pk not in seen]


def _loaded(outputs: QuerySet[Output]) -> QuerySet[Output]:
    # A preview is kilobytes, and a page only links to it.
    has_preview = models.ExpressionWrapper(Q(preview__isnull=False), output_field=models.BooleanField())
    loaded = outputs.select_related("job__model", "job__brief", "incident").defer("preview")
    wanted = Output.objects.filter(job=OuterRef("job"), cancelled_at=None).order_by().values("job")
    siblings = Subquery(wanted.annotate(number=Count("pk")).values("number"))
    return loaded.annotate(has_preview=has_preview, siblings=siblings)


def _shown(show: Show) -> Q:
    if show == Show.KEPT:
        return Q(kept_at__isnull=False)
    if show == Show.DISCARDED:
        return Q(discarded_at__isnull=False)
    old_regrets = Q(job__finished_at__lt=timezone.now() - REGRETS_SHOWN) | Q(job__retry__isnull=False)
    ended_badly = Q(job__status__in=ENDED_BADLY) | Q(cancelled_at__isnull=False)
    return Q(discarded_at=None) & ~(ended_badly & old_regrets)


def _pictures(number: int) -> str:
    return f"{number} picture{'' if number == 1 else 's'}"
