"""The only door to an object in a view: checked against the person's memberships, else 404."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.access import membership_in
from accounts.models import Role
from generation.models import Incident, Job, Output

from .models import BrandKit, Campaign, Creative, Export, GuestLink, Project, Report


def project_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> Project:
    project = _found(Project.objects.select_related("business"), pk)
    membership_in(request, project.business_id, role)
    return project


def campaign_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> Campaign:
    campaign = _found(Campaign.objects.select_related("project__business"), pk)
    membership_in(request, campaign.project.business_id, role)
    return campaign


def job_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> Job:
    """A job of pictures: what other kinds of work are asked for by has a door of its own."""
    pictures = Job.objects.filter(brief__isnull=False)
    job = _found(pictures.select_related("business", "model", "brief__campaign__project"), pk)
    membership_in(request, job.business_id, role)
    return job


def incident_for(request: HttpRequest, pk: UUID) -> Incident:
    """What was refused to the person who asks, and to nobody else of the business."""
    incident = _found(Incident.objects.filter(by_id=request.user.pk), pk)
    membership_in(request, incident.business_id)
    return incident


def output_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> Output:
    related = Output.objects.select_related("job__business", "job__model", "job__brief__campaign__project")
    output = _found(related.defer("preview"), pk)
    membership_in(request, output.job.business_id, role)
    return output


def report_for(request: HttpRequest, pk: UUID) -> Report:
    """A report of a picture, for those who decide about it."""
    report = _found(Report.objects.select_related("output__job__business").defer("output__preview"), pk)
    membership_in(request, report.business.pk, Role.OWNER)
    return report


def creative_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> Creative:
    related = Creative.objects.select_related(
        "campaign__project__business", "version__created_by", "output__job__model"
    )
    creative = _found(related.defer("output__preview"), pk)
    membership_in(request, creative.business.pk, role)
    return creative


def export_for(request: HttpRequest, pk: UUID) -> Export:
    related = Export.objects.select_related(
        "job__business", "creative__campaign", "creative__version", "creative__output"
    )
    export = _found(related.defer("creative__output__preview"), pk)
    membership_in(request, export.job.business_id)
    return export


def brand_kit_for(request: HttpRequest, pk: UUID, role: Role = Role.VIEWER) -> BrandKit:
    kit = _found(BrandKit.objects.select_related("business"), pk)
    membership_in(request, kit.business_id, role)
    return kit


def guest_link_for(request: HttpRequest, pk: UUID, role: Role = Role.EDITOR) -> GuestLink:
    link = _found(GuestLink.objects.select_related("campaign__project__business"), pk)
    membership_in(request, link.campaign.project.business_id, role)
    return link


def _found(rows: QuerySet, pk: UUID):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("Not found")
    return found
