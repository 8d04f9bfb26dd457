"""Projects and campaigns as lists show them: with their counts and a cover, in one query for any number."""

from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery

from accounts.models import Business
from generation.models import MAY_BE_SHOWN, Output
from webapp.models import Campaign, Project

COUNTED = 300  # Nobody reads the difference beyond, and counting it all would take ever longer.


def projects_of(business: Business, *, archived: bool = False) -> QuerySet[Project]:
    """Newest first. Each has campaign_count, picture_count and cover (the key of an Output, or None)."""
    rows = business.projects.filter(archived_at__isnull=not archived).order_by("-created_at")
    campaigns = Campaign.objects.filter(project=OuterRef("pk"), archived_at=None)
    pictures = _pictures(job__brief__campaign__project=OuterRef("pk"))
    newest = Subquery(_newest_with_pictures(OuterRef(OuterRef("pk"))))
    cover = _cover(_pictures(job__brief__campaign=newest))
    return rows.annotate(campaign_count=_Count(campaigns), picture_count=_Count(pictures), cover=cover)


def campaigns_of(project: Project, *, archived: bool = False) -> QuerySet[Campaign]:
    """Newest first. Each has picture_count, kept_count and cover (the key of an Output, or None)."""
    rows = project.campaigns.filter(archived_at__isnull=not archived).order_by("-created_at")
    pictures = _pictures(job__brief__campaign=OuterRef("pk"))
    kept = pictures.filter(kept_at__isnull=False)
    return rows.annotate(picture_count=_Count(pictures), kept_count=_Count(kept), cover=_cover(pictures))


class _Count(Subquery):
    """How many rows there are, up to one more than COUNTED."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(rows.order_by().values("pk")[: COUNTED + 1])


def _pictures(**within) -> QuerySet[Output]:
    return Output.objects.filter(MAY_BE_SHOWN, **within, discarded_at=None)


def _newest_with_pictures(project: OuterRef) -> QuerySet[Campaign, Any]:
    """The key of its campaign, so that a cover is sought in one campaign and not in all of them."""
    pictures = _pictures(job__brief__campaign=OuterRef("pk"))
    return Campaign.objects.filter(Exists(pictures), project=project).order_by("-created_at").values("pk")[:1]


def _cover(pictures: QuerySet[Output]) -> Subquery:
    """The picture kept last, else the newest."""
    best = pictures.order_by(F("kept_at").desc(nulls_last=True), "-job__created_at", "index")
    return Subquery(best.values("pk")[:1])
