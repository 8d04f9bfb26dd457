from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from generation.jobs import heartbeat
from webapp.access import campaign_for, project_for
from webapp.brand.forms import CampaignBrandKitForm
from webapp.campaigns import campaigns, gallery, preflight, prompt
from webapp.campaigns.brief_form import BriefForm, initial_again, initial_of
from webapp.campaigns.campaign_form import CampaignForm
from webapp.campaigns.gallery import Show
from webapp.editing import overwritten
from webapp.http import idempotency
from webapp.http.fragments import wants_fragment
from webapp.http.requests import SignedInRequest
from webapp.models import Campaign

from .projects import project_page


@require_POST
def new_campaign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A new campaign of a project."""
    project = project_for(request, pk, Role.EDITOR)
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return project_page(request, project, campaign_form=form, status=422)

    def make() -> HttpResponse:
        campaign = campaigns.create(project, form.cleaned_data["name"], by=request.user)
        return redirect("campaign", campaign.pk)

    return idempotency.answer(request, make)


@require_safe
def campaign(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """`again` in the query fills the brief in with what made that picture."""
    campaign = campaign_for(request, pk)
    remembered = _remembered(campaign, request.GET.get("again"))
    return campaign_page(request, campaign, BriefForm.fresh(remembered, kit=campaign.kit))


def campaign_page(
    request: SignedInRequest,
    campaign: Campaign,
    form: BriefForm,
    *,
    name_form: CampaignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    show = Show(request.GET["show"]) if request.GET.get("show") in Show.values else Show.ALL
    page = gallery.page(campaign, show, request.GET.get("page"))
    found = preflight_of(request, campaign, form)
    context = {
        "campaign": campaign,
        "is_archived": bool(campaign.archived_at or campaign.project.archived_at),
        "form": form,
        "preflight": found,
        "brand_form": CampaignBrandKitForm(campaign=campaign),
        "name_form": name_form or CampaignForm(initial={"name": campaign.name}),
        "page": page,
        "show": show,
        "totals": gallery.totals(campaign),
        "is_live": show == Show.ALL and page.number == 1,
        "is_busy": any(frame.is_unfinished for frame in page.object_list),
        "is_anybody_drawing": found.is_anybody_drawing,
    }
    return render(request, "campaigns/campaign.html", context, status=status)


@require_POST
def campaign_name(request: SignedInRequest, pk: UUID) -> HttpResponse:
    campaign = campaign_for(request, pk, Role.EDITOR)
    form = CampaignForm(request.POST)
    if not form.is_valid():
        brief = BriefForm.fresh(_remembered(campaign), kit=campaign.kit)
        return campaign_page(request, campaign, brief, name_form=form, status=422)
    overwritten.tell(request, campaign.name, form.cleaned_data["name"])
    campaigns.rename(campaign, form.cleaned_data["name"], by=request.user)
    return redirect("campaign", pk)


@require_POST
def campaign_archival(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Field `archived`: 1 puts the campaign away, anything else brings it back."""
    campaign = campaign_for(request, pk, Role.EDITOR)
    if request.POST.get("archived") == "1":
        campaigns.archive(campaign, by=request.user)
        messages.success(request, f"“{campaign}” is archived.")
        return redirect("project", campaign.project_id)
    campaigns.restore(campaign, by=request.user)
    return redirect("campaign", pk)


@require_POST
def campaign_prompt(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What the brief comes to, before the click. Field `instead`: "unknown|known" exchanges a thing first."""
    campaign = campaign_for(request, pk, Role.EDITOR)
    data, is_exchanged = _exchanged(request.POST)
    kit = campaign.kit
    form = BriefForm.fresh(BriefForm(data, kit=kit).typed(), kit=kit)
    if not wants_fragment(request):
        return campaign_page(request, campaign, form)
    context = {
        "campaign": campaign,
        "form": form,
        "preflight": preflight_of(request, campaign, form),
        "is_exchanged": is_exchanged,
        "is_live": True,
    }
    return render(request, "campaigns/_prompt.html", context)


@require_safe
def campaign_gallery(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The one poll: what differs from what the page says it has; no trigger once all is finished."""
    campaign = campaign_for(request, pk)
    if not wants_fragment(request):
        return redirect("campaign", pk)
    seen = gallery.parse_seen(request.GET.getlist("seen"))
    watched = gallery.watched(campaign, seen)
    is_busy = any(frame.is_unfinished for frame in watched)
    is_anybody_drawing = heartbeat.workers_alive()
    context = {
        "campaign": campaign,
        "changed": gallery.changed(watched, seen),
        "added": gallery.added(watched, seen),
        "is_busy": is_busy,
        "outcome": "" if is_busy else gallery.outcome(watched),
        "is_anybody_drawing": is_anybody_drawing,
    }
    told_of_worker = request.GET.get("drawing") == str(int(is_anybody_drawing))
    if is_busy and told_of_worker and not context["changed"] and not context["added"]:
        return HttpResponse(status=204)
    return render(request, "campaigns/_answers.html#polled", context | {"totals": gallery.totals(campaign)})


def preflight_of(request: SignedInRequest, campaign: Campaign, form: BriefForm) -> preflight.Preflight:
    return preflight.check(campaign, form["prompt"].value() or "", form.chosen_model, by=request.user)


def _remembered(campaign: Campaign, again: str | None = None) -> dict[str, object]:
    """What made the picture `again`, else the campaign's last brief, else nothing."""
    if again and (picture := gallery.find(campaign, again)):
        return initial_again(picture)
    brief = campaign.briefs.select_related("job").order_by("-created_at").first()
    return initial_of(brief) if brief else {}


def _exchanged(data: QueryDict) -> tuple[QueryDict, bool]:
    unknown, _, known = data.get("instead", "").partition("|")
    if not (unknown and known):
        return data, False
    data = data.copy()
    for name in ("subject", "prompt"):
        data[name] = prompt.instead(data.get(name, ""), unknown, known)
    return data, True
