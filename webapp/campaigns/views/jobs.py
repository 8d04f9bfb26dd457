from collections.abc import Mapping
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Role
from accounts.usage import OverLimit
from generation import jobs as queue
from generation import pictures
from generation.jobs import heartbeat
from generation.models import Job
from webapp.access import campaign_for, job_for, output_for
from webapp.campaigns import briefs, gallery
from webapp.campaigns.brief_form import BriefForm
from webapp.http.fragments import wants_fragment
from webapp.http.requests import SignedInRequest
from webapp.models import Campaign

from .campaigns import campaign_page, preflight_of


@require_POST
def campaign_jobs(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask for pictures. The answer holds their frames already, at their final shape."""
    campaign = campaign_for(request, pk, Role.EDITOR)
    kit = campaign.kit
    form = BriefForm(request.POST, kit=kit)
    job = _submitted(request, campaign, form)
    if job is None:
        return _refusal(request, campaign, form)
    if not wants_fragment(request):
        return redirect(reverse("campaign", args=[pk]) + "#gallery")
    seen = gallery.parse_seen(request.POST.getlist("seen") + request.POST.getlist("shown"))
    frames = gallery.frames_of(job)
    context = {"added": gallery.added(frames, seen), "was_empty": not seen}
    fresh = BriefForm.fresh(form.typed(), kit=kit)
    return _answer(request, campaign, "campaigns/_answers.html#submitted", context, form=fresh)


def _submitted(request: SignedInRequest, campaign: Campaign, form: BriefForm) -> Job | None:
    """The job, or None with the reasons at the form's fields."""
    if not form.is_valid():
        return None
    if not ratelimit.consume(request, action="make_pictures"):
        form.add_error("count", "Very many pictures were asked for from your network. Go on in an hour.")
        return None
    try:
        return briefs.submit(
            form.brief(campaign),
            form.picture_request(),
            by=request.user,
            key=form.key(),
            **{name: form.cleaned_data[name] for name in ("model", "count", "seed", "with_personal_data")},
        )
    except ValidationError as error:
        form.refuse(error)
    except OverLimit as over:
        form.add_error("count", over.sentence)
    return None


def _refusal(request: SignedInRequest, campaign: Campaign, form: BriefForm) -> HttpResponse:
    if not wants_fragment(request):
        return campaign_page(request, campaign, form, status=422)
    return _answer(request, campaign, "campaigns/_brief.html", {}, form=form, status=422)


@require_POST
def job_cancellation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = job_for(request, pk, Role.EDITOR)
    queue.cancel(job, by=request.user)
    campaign = job.brief.campaign
    if not wants_fragment(request):
        return redirect("campaign", campaign.pk)
    frames = gallery.frames_of(job)
    return _answer(request, campaign, "campaigns/_answers.html#changed", {"changed": frames})


@require_POST
def output_cancellation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One picture, while it is not made; the others of its job go on."""
    output = output_for(request, pk, Role.EDITOR)
    pictures.cancel(output, by=request.user)
    campaign = output.job.brief.campaign
    if not wants_fragment(request):
        return redirect("campaign", campaign.pk)
    frames = gallery.frames_of(output.job)  # the others count it no more
    return _answer(request, campaign, "campaigns/_answers.html#changed", {"changed": frames})


@require_POST
def job_retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The same pictures again, each in the frame of the one that failed."""
    job = job_for(request, pk, Role.EDITOR)
    campaign = job.brief.campaign
    try:
        again = briefs.retry(job, by=request.user)
    except (ValidationError, OverLimit) as refusal:
        return _retry_refusal(request, campaign, job, refusal)
    if not wants_fragment(request):
        return redirect("campaign", campaign.pk)
    places = [f"outerHTML:#frame-{output.pk}" for output in pictures.wanted_again(job).defer("preview")]
    replaced = list(zip(places, gallery.frames_of(again), strict=True))
    return _answer(request, campaign, "campaigns/_answers.html#retried", {"replaced": replaced})


def _retry_refusal(
    request: SignedInRequest, campaign: Campaign, job: Job, refusal: ValidationError | OverLimit
) -> HttpResponse:
    sentence = refusal.sentence if isinstance(refusal, OverLimit) else " ".join(refusal.messages)
    if not wants_fragment(request):
        messages.error(request, sentence)
        return redirect("campaign", campaign.pk)
    context = {"changed": gallery.frames_of(job), "refusal": sentence}
    return _answer(request, campaign, "campaigns/_answers.html#changed", context, status=422)


def _answer(
    request: SignedInRequest,
    campaign: Campaign,
    template: str,
    context: Mapping[str, object],
    *,
    form: BriefForm | None = None,
    status: int = 200,
) -> HttpResponse:
    common = {
        "campaign": campaign,
        "is_live": True,
        "is_busy": True,
        "is_anybody_drawing": heartbeat.workers_alive(),
        "totals": gallery.totals(campaign),
    }
    if form:
        common |= {"form": form, "preflight": preflight_of(request, campaign, form)}
    return render(request, template, {**common, **context}, status=status)
