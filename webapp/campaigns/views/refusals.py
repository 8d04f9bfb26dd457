from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from generation.pictures import floor, incidents
from webapp.access import incident_for, job_for
from webapp.campaigns.contest_form import ContestForm
from webapp.http.requests import SignedInRequest


@require_safe
def job_refusal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Where it is said why a job was refused or its picture withheld."""
    incident = job_for(request, pk).incidents.filter(by_id=request.user.pk).order_by("-at").first()
    if incident is None:
        raise Http404("nothing was refused to this person")
    return redirect("refusal", incident.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def refusal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Why something was refused, for whoever asked for it, and a place to say that it is a mistake."""
    incident = incident_for(request, pk)
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incidents.contest(incident, form.cleaned_data["contest"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Thank you. Whoever runs this machine will read it.")
            return redirect("refusal", pk)
    context = {"incident": incident, "sentence": floor.sentence_of(incident.rule), "form": form}
    return render(request, "campaigns/refusal.html", context, status=422 if form.errors else 200)
