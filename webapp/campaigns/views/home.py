from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import membership_for
from webapp.campaigns.project_form import ProjectForm
from webapp.http.requests import Request

from .projects import projects_page


@require_safe
@login_not_required
def home(request: Request) -> HttpResponse:
    """Signed out: what Handbill is. Signed in: the business's projects, or a business to open first."""
    if not request.user.is_authenticated:
        return render(request, "campaigns/landing.html")
    if not request.user.memberships.exists():
        return redirect("businesses")
    return projects_page(request, membership_for(request), ProjectForm())
