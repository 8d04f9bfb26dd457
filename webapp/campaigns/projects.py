"""Projects: making, naming, putting away. Each change and its record are one transaction."""

from django.db import transaction
from django.utils import timezone

from accounts import audit, names, roles
from accounts.models import Business, Role, User
from webapp.models import Project


@transaction.atomic
def create(business: Business, name: str, *, by: User) -> Project:
    """A new project of `business`. Raises ValidationError for a name that is none."""
    roles.require(by, business, Role.EDITOR)
    project = Project.objects.create(business=business, name=names.clean(name), created_by=by)
    audit.record(by, "project.created", project, name=project.name)
    return project


@transaction.atomic
def rename(project: Project, name: str, *, by: User) -> None:
    """Raises ValidationError for a name that is none; the same name again changes nothing."""
    roles.require(by, project.business, Role.EDITOR)
    name = names.clean(name)
    if Project.objects.filter(pk=project.pk).exclude(name=name).update(name=name):
        audit.record(by, "project.renamed", project, before=project.name, after=name)
    project.name = name


@transaction.atomic
def archive(project: Project, *, by: User) -> None:
    """Put a project away, with its campaigns: out of the lists, still there."""
    roles.require(by, project.business, Role.EDITOR)
    if Project.objects.filter(pk=project.pk, archived_at=None).update(archived_at=timezone.now()):
        audit.record(by, "project.archived", project)
    project.refresh_from_db(fields=["archived_at"])


@transaction.atomic
def restore(project: Project, *, by: User) -> None:
    roles.require(by, project.business, Role.EDITOR)
    if Project.objects.filter(pk=project.pk, archived_at__isnull=False).update(archived_at=None):
        audit.record(by, "project.restored", project)
    project.archived_at = None
