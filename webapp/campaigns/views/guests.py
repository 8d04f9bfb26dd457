from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from generation.models import Output
from webapp.access import campaign_for, guest_link_for
from webapp.business import guest_links
from webapp.business.link_fields import CLOSED, TOO_MANY
from webapp.campaigns.guest_link_form import GuestLinkForm
from webapp.http import file_response, idempotency
from webapp.http.headers import no_referrer, secret_address
from webapp.http.requests import Request, SignedInRequest
from webapp.models import Campaign


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_guest_links(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The links of a campaign, and a new one, which is shown this once in the answer itself."""
    campaign = campaign_for(request, pk, Role.EDITOR)
    if request.method != "POST":
        return _share_page(request, campaign, GuestLinkForm())
    form = GuestLinkForm(request.POST)
    if not form.is_valid():
        return _share_page(request, campaign, form, status=422)
    if not ratelimit.consume(request, action="share"):
        form.add_error(None, TOO_MANY)
        return _share_page(request, campaign, form, status=429)
    made, token = guest_links.create(
        campaign, **form.cleaned_data, by=request.user, token=idempotency.token(request)
    )
    if made.revoked_at:
        form.add_error(None, CLOSED)
        return _share_page(request, campaign, form, status=422)
    new_link = request.build_absolute_uri(reverse("guest_campaign", args=[token]))
    return _share_page(request, campaign, GuestLinkForm(), new_link=new_link, status=201)


@require_POST
def guest_link_revocation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    link = guest_link_for(request, pk)
    guest_links.revoke(link, by=request.user)
    if request.htmx:
        return _share_page(request, link.campaign, GuestLinkForm())
    messages.success(request, "The guest link no longer works.")
    return redirect("campaign_guest_links", link.campaign_id)


def _share_page(
    request: SignedInRequest,
    campaign: Campaign,
    form: GuestLinkForm,
    *,
    new_link: str | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "guest_links": guest_links.links_of(campaign),
        "guest_link_form": form,
        "new_link": new_link,
    }
    template = "campaigns/guest/_share.html" if request.htmx else "campaigns/guest/share.html"
    return render(request, template, context, status=status)


@require_safe
@login_not_required
@no_referrer
@secret_address
def guest_campaign(request: Request, token: str) -> HttpResponse:
    link = guest_links.find(token)
    if link is None or not link.is_open:
        return render(request, "campaigns/guest/closed.html", status=404 if link is None else 410)
    if request.method == "GET":
        guest_links.record_opening(link)
    pictures = list(guest_links.pictures(link.campaign).select_related("job").defer("preview"))
    context = {
        "link": link,
        "campaign": link.campaign,
        "token": token,
        "pictures": pictures,
        "only_kept": bool(pictures and pictures[0].kept_at),
    }
    return render(request, "campaigns/guest/campaign.html", context)


@require_safe
@login_not_required
@no_referrer
@secret_address
def guest_output_file(request: Request, token: str, pk: UUID) -> HttpResponse:
    return file_response.shown(request, _picture(token, pk).file)


@require_safe
@login_not_required
@no_referrer
@secret_address
def guest_output_thumbnail(request: Request, token: str, pk: UUID) -> HttpResponse:
    return file_response.shown(request, _picture(token, pk).small_file)


def _picture(token: str, pk: UUID) -> Output:
    picture = guest_links.find_picture(token, pk)
    if picture is None or not picture.may_be_shown:
        raise Http404("Not found")
    return picture
