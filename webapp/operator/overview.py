"""What is at work on this machine and what waits, in numbers: no prompts, no pictures, no names."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q

from generation.jobs import heartbeat, kinds
from generation.models import UNFINISHED, Job, Status, WorkerHeartbeat


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one kind. oldest: since when the first of them waits."""

    kind: str
    waiting: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """free: bytes left where the data folder is."""

    workers: list[WorkerHeartbeat]
    queue: list[Waiting]
    free: int


def overview() -> Overview:
    return Overview(
        workers=list(heartbeat.present().order_by("since")),
        queue=_queue(),
        free=shutil.disk_usage(settings.DATA_DIR).free,
    )


def _queue() -> list[Waiting]:
    """One line a kind of work, and a model that it waits for."""
    rows = (
        Job.objects.filter(status__in=UNFINISHED)
        .values("kind", "model__name")
        .annotate(
            waiting=Count("pk", filter=Q(status=Status.QUEUED)),
            running=Count("pk", filter=Q(status=Status.RUNNING)),
            oldest=Min("created_at", filter=Q(status=Status.QUEUED)),
        )
        .order_by("kind", "model__name")
    )
    return [
        Waiting(_words(row["kind"], row["model__name"]), row["waiting"], row["running"], row["oldest"])
        for row in rows
    ]


def _words(kind: str, model: str | None) -> str:
    labels = {each.name: each.label for each in kinds.registered()}
    label = labels.get(kind, kind).capitalize()
    return f"{label} by {model}" if model else label
