"""Campaigns: making, naming, putting away. Each change and its record are one transaction."""

from django.db import transaction
from django.utils import timezone

from accounts import audit, names, roles, slugs
from accounts.models import Role, User
from webapp.models import Campaign, Project

SLUG_LENGTH = 80


@transaction.atomic
def create(project: Project, name: str, *, by: User) -> Campaign:
    """A new campaign of `project`. Raises ValidationError for a name that is none."""
    roles.require(by, project.business, Role.EDITOR)
    name = names.clean(name)
    # Two campaigns of one name at once take their slugs in turn.
    Project.objects.select_for_update().get(pk=project.pk)
    slug = slugs.free(name, project.campaigns.all(), length=SLUG_LENGTH, otherwise="campaign")
    campaign = Campaign.objects.create(project=project, name=name, slug=slug, created_by=by)
    audit.record(by, "campaign.created", campaign, name=name)
    return campaign


@transaction.atomic
def rename(campaign: Campaign, name: str, *, by: User) -> None:
    """Raises ValidationError for a name that is none. The slug stays: scripts may know it."""
    roles.require(by, campaign.business, Role.EDITOR)
    name = names.clean(name)
    if Campaign.objects.filter(pk=campaign.pk).exclude(name=name).update(name=name):
        audit.record(by, "campaign.renamed", campaign, before=campaign.name, after=name)
    campaign.name = name


@transaction.atomic
def archive(campaign: Campaign, *, by: User) -> None:
    """Put a campaign away: out of the lists, and its guest links closed until it is restored."""
    roles.require(by, campaign.business, Role.EDITOR)
    if Campaign.objects.filter(pk=campaign.pk, archived_at=None).update(archived_at=timezone.now()):
        audit.record(by, "campaign.archived", campaign)
    campaign.refresh_from_db(fields=["archived_at"])


@transaction.atomic
def restore(campaign: Campaign, *, by: User) -> None:
    roles.require(by, campaign.business, Role.EDITOR)
    if Campaign.objects.filter(pk=campaign.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "campaign.restored", campaign)
    campaign.archived_at = None
