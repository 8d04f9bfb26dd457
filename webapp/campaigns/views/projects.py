from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import membership_for
from accounts.models import Membership, Role
from webapp.access import project_for
from webapp.campaigns import overview, projects
from webapp.campaigns.campaign_form import CampaignForm
from webapp.campaigns.project_form import ProjectForm
from webapp.editing import overwritten
from webapp.http import idempotency
from webapp.http.requests import Request, SignedInRequest
from webapp.models import Project

RENAME = "rename_%s"  # A project's page also asks for the name of a campaign: each field has its own id.


@require_POST
def new_project(request: SignedInRequest) -> HttpResponse:
    membership = membership_for(request, Role.EDITOR)
    form = ProjectForm(request.POST)
    if not form.is_valid():
        return projects_page(request, membership, form, status=422)

    def make() -> HttpResponse:
        project = projects.create(membership.business, form.cleaned_data["name"], by=request.user)
        return redirect("project", project.pk)

    return idempotency.answer(request, make)


def projects_page(
    request: Request, membership: Membership, form: ProjectForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "projects": list(overview.projects_of(membership.business)),
        "archived": list(overview.projects_of(membership.business, archived=True)),
        "form": form,
    }
    return render(request, "campaigns/projects.html", context, status=status)


@require_safe
def project(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return project_page(request, project_for(request, pk))


def project_page(
    request: SignedInRequest,
    project: Project,
    *,
    name_form: ProjectForm | None = None,
    campaign_form: CampaignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "campaigns": list(overview.campaigns_of(project)),
        "archived": list(overview.campaigns_of(project, archived=True)),
        "name_form": name_form or ProjectForm(initial={"name": project.name}, auto_id=RENAME),
        "campaign_form": campaign_form or CampaignForm(),
    }
    return render(request, "campaigns/project.html", context, status=status)


@require_POST
def project_name(request: SignedInRequest, pk: UUID) -> HttpResponse:
    project = project_for(request, pk, Role.EDITOR)
    form = ProjectForm(request.POST, auto_id=RENAME)
    if not form.is_valid():
        return project_page(request, project, name_form=form, status=422)
    overwritten.tell(request, project.name, form.cleaned_data["name"])
    projects.rename(project, form.cleaned_data["name"], by=request.user)
    return redirect("project", pk)


@require_POST
def project_archival(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Field `archived`: 1 puts the project away, anything else brings it back."""
    project = project_for(request, pk, Role.EDITOR)
    if request.POST.get("archived") == "1":
        projects.archive(project, by=request.user)
        messages.success(request, f"“{project}” is archived.")
        return redirect("home")
    projects.restore(project, by=request.user)
    return redirect("project", pk)
