from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import invitations as links
from accounts import reauthentication
from accounts.access import SESSION_KEY, invitation_for, membership_for
from accounts.models import Invitation, Membership, Role
from accounts.sign_up import INVITATION_KEY
from webapp.business.link_fields import CLOSED, TOO_MANY
from webapp.business.team_form import InvitationForm
from webapp.http import idempotency
from webapp.http.headers import secret_address
from webapp.http.requests import Request, SignedInRequest

from .team import team_page


@require_POST
def invitations(request: SignedInRequest) -> HttpResponse:
    """Make a link and show it, this once, in the answer itself: nothing keeps it for a redirect."""
    membership = membership_for(request, Role.OWNER)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return team_page(request, membership, form, status=422)
    reauthentication.require(request, _act(form, membership))
    if not ratelimit.consume(request, action="invite"):
        form.add_error(None, TOO_MANY)
        return team_page(request, membership, form, status=429)
    asked = {**form.cleaned_data, "token": idempotency.token(request)}
    made, token = links.create(membership.business, **asked, by=request.user)
    if not made.is_open:
        form.add_error(None, CLOSED)
        return team_page(request, membership, form, status=422)
    new_link = request.build_absolute_uri(reverse("invitation", args=[token]))
    return team_page(request, membership, InvitationForm(), new_link=new_link, status=201)


def _act(form: InvitationForm, membership: Membership) -> str:
    whom, role = form.cleaned_data["note"] or "somebody", Role(form.cleaned_data["role"])
    return f"invite {whom} to {membership.business} as {role.label.lower()}"


@require_POST
def invitation_revocation(request: SignedInRequest, pk: int) -> HttpResponse:
    links.revoke(invitation_for(request, pk), by=request.user)
    messages.success(request, "The invitation no longer works.")
    return redirect("team")


@require_safe
@login_not_required
@secret_address
def invitation(request: Request, token: str) -> HttpResponse:
    """Remember in the session which invitation was opened, and get its token out of the address bar."""
    found = links.find(token)
    if found is None:
        return render(request, "business/invitation.html", {"state": "unknown"}, status=404)
    request.session[INVITATION_KEY] = found.pk
    return redirect("invitation_acceptance")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@secret_address
def invitation_acceptance(request: Request) -> HttpResponse:
    """Ask to sign in or up, then for one click."""
    found = _opened(request)
    if request.method != "POST":
        return _page(request, found)
    if not request.user.is_authenticated:
        return redirect("account_login")
    try:
        membership = links.accept(found, by=request.user)
    except (links.InvitationClosed, links.AlreadyMember):
        return _page(request, _opened(request))
    del request.session[INVITATION_KEY]
    request.session[SESSION_KEY] = membership.business_id
    messages.success(request, f"Welcome to {membership.business}.")
    return redirect("home")


def _opened(request: Request) -> Invitation:
    key = request.session.get(INVITATION_KEY)
    found = Invitation.objects.select_related("business", "created_by")
    opened = found.filter(pk=key).first() if key is not None else None
    if opened is None:
        raise Http404("No invitation was opened")
    return opened


def _page(request: Request, found: Invitation) -> HttpResponse:
    state: str = found.state
    if request.user.is_authenticated and found.business.memberships.filter(user=request.user).exists():
        state = "member"
    status = 200 if state in (Invitation.State.OPEN, "member") else 410
    return render(request, "business/invitation.html", {"invitation": found, "state": state}, status=status)
