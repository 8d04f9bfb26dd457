"""What the safety floor refused on this machine, and what was reported of its pictures: rules and numbers,
and what people wrote to the operator.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from generation.models import Incident
from generation.pictures import floor

COUNTED = timedelta(days=30)
SHOWN = 50  # contests, the oldest first


@dataclass(frozen=True, slots=True)
class RefusalCount:
    """What was refused to one business by one rule: how often to words and to pictures, how often it was
    reported, and the last time.
    """

    sentence: str
    business: str
    words: int
    pictures: int
    reports: int
    last: datetime


def counts() -> list[RefusalCount]:
    """Of the last `COUNTED`, the newest first."""
    rows = (
        Incident.objects.filter(at__gte=timezone.now() - COUNTED)
        .values("rule", "business__name")
        .annotate(
            words=Count("pk", filter=Q(stage=Incident.Stage.WORDS)),
            pictures=Count("pk", filter=Q(stage=Incident.Stage.PICTURE)),
            reports=Count("pk", filter=Q(stage=Incident.Stage.REPORT)),
            last=Max("at"),
        )
        .order_by("-last")
    )
    return [
        RefusalCount(
            floor.sentence_of(row["rule"]),
            row["business__name"],
            row["words"],
            row["pictures"],
            row["reports"],
            row["last"],
        )
        for row in rows
    ]


def contests() -> QuerySet[Incident]:
    """What nobody has put away yet."""
    waiting = Incident.objects.filter(contested_at__isnull=False, read_at=None)
    return waiting.select_related("business").order_by("contested_at")[:SHOWN]
