"""The page of whoever runs this machine. For everybody else it does not exist."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Notice
from generation.models import Incident
from generation.pictures import incidents
from webapp.http.requests import SignedInRequest
from webapp.operator import refusals
from webapp.operator.overview import overview


@require_safe
def operator(request: SignedInRequest) -> HttpResponse:
    _require_operator(request)
    context = {"overview": overview(), "notices": Notice.objects.order_by("-last_at", "-pk")}
    context |= {"refusals": refusals.counts(), "contests": refusals.contests()}
    return render(request, "operator/operator.html", context)


@require_POST
def notice_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a notice away; told again it comes back."""
    _require_operator(request)
    get_object_or_404(Notice, pk=pk).delete()
    return redirect("operator")


@require_POST
def contest_reading(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put away what somebody wrote of a refusal."""
    _require_operator(request)
    incidents.read(get_object_or_404(Incident, pk=pk), by=request.user)
    return redirect("operator")


def _require_operator(request: SignedInRequest) -> None:
    if not request.user.is_operator:
        raise Http404("not the operator")
