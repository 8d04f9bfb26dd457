"""Projects and campaigns as lists show them: with their counts and a cover, in one query for any number."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Account
from generation.models import Output

from .models import Campaign, Project


def projects_of(account: Account, *, archived: bool = False) -> QuerySet[Project]:
    """Newest first. Each has campaign_count, picture_count and cover (the key of an Output, or None)."""
    rows = account.projects.filter(archived_at__isnull=not archived).order_by("-created_at")
    campaigns = Count("campaigns", filter=Q(campaigns__archived_at=None))
    pictures = _pictures(job__brief__campaign__project=OuterRef("pk"))
    return rows.annotate(campaign_count=campaigns, picture_count=_count(pictures), cover=_cover(pictures))


def campaigns_of(project: Project, *, archived: bool = False) -> QuerySet[Campaign]:
    """Newest first. Each has picture_count, kept_count and cover (the key of an Output, or None)."""
    rows = project.campaigns.filter(archived_at__isnull=not archived).order_by("-created_at")
    pictures = _pictures(job__brief__campaign=OuterRef("pk"))
    kept = pictures.filter(kept_at__isnull=False)
    return rows.annotate(picture_count=_count(pictures), kept_count=_count(kept), cover=_cover(pictures))


def _pictures(**within) -> QuerySet[Output]:
    return Output.objects.filter(**within, discarded_at=None).exclude(file="")


def _count(pictures: QuerySet[Output]) -> Coalesce:
    counted = pictures.order_by().values(one=F("job__account")).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _cover(pictures: QuerySet[Output]) -> Subquery:
    """The picture kept last, else the newest."""
    best = pictures.order_by(F("kept_at").desc(nulls_last=True), "-job__created_at", "index")
    return Subquery(best.values("pk")[:1])
