"""What is at work on this machine and what waits, in numbers: no prompts, no pictures, no names."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q

from generation.jobs import heartbeat
from generation.models import Job, Status, WorkerHeartbeat
from webapp.models import Export, ExportStatus


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
        queue=[*_pictures(), *_exports()],
        free=shutil.disk_usage(settings.DATA_DIR).free,
    )


def _pictures() -> list[Waiting]:
    """One line a model that something waits for."""
    rows = (
        Job.objects.filter(status__in=[Status.QUEUED, Status.RUNNING])
        .values("model__name")
        .annotate(
            waiting=Count("pk", filter=Q(status=Status.QUEUED)),
            running=Count("pk", filter=Q(status=Status.RUNNING)),
            oldest=Min("created_at", filter=Q(status=Status.QUEUED)),
        )
        .order_by("model__name")
    )
    return [
        Waiting(f"Pictures by {row['model__name']}", row["waiting"], row["running"], row["oldest"])
        for row in rows
    ]


def _exports() -> list[Waiting]:
    unfinished = Export.objects.filter(status__in=[ExportStatus.WAITING, ExportStatus.RUNNING])
    found = unfinished.aggregate(
        waiting=Count("pk", filter=Q(status=ExportStatus.WAITING)),
        running=Count("pk", filter=Q(status=ExportStatus.RUNNING)),
        oldest=Min("created_at", filter=Q(status=ExportStatus.WAITING)),
    )
    return [Waiting("Exports", **found)] if found["waiting"] or found["running"] else []
