from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import invitations as links
from accounts import owners, reauthentication
from accounts.access import member_for, membership_for, membership_in
from accounts.models import Membership, Role
from webapp.business.team import change_role, remove
from webapp.business.team_form import InvitationForm, RoleForm
from webapp.http.requests import SignedInRequest

LAST_OWNER = "A business needs an owner. Make somebody else an owner first."


@require_safe
def team(request: SignedInRequest) -> HttpResponse:
    return team_page(request, membership_for(request), InvitationForm())


def team_page(
    request: SignedInRequest,
    membership: Membership,
    form: InvitationForm,
    *,
    new_link: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The members for everybody; the invitations, and the means to change both, for owners."""
    business, is_owner = membership.business, membership.covers(Role.OWNER)
    waiting = links.waiting(business)
    context = {
        "members": business.memberships.select_related("user").order_by("created_at", "pk"),
        "invitations": waiting.select_related("created_by").order_by("-created_at") if is_owner else [],
        "form": form,
        "roles": Role.choices,
        "new_link": new_link,
    }
    return render(request, "business/team.html", context, status=status)


@require_POST
def member_role(request: SignedInRequest, pk: int) -> HttpResponse:
    member = member_for(request, pk, Role.OWNER)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Please choose one of the roles.")
        return redirect("team")
    role = Role(form.cleaned_data["role"])
    reauthentication.require(request, f"make {member.user} {role.label.lower()} of {member.business}")
    try:
        change_role(member, role, by=request.user)
    except owners.LastOwner:
        messages.error(request, LAST_OWNER)
    else:
        messages.success(request, f"{member.user} is now {role.label.lower()}.")
    return redirect("team")


@require_POST
def member_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a member (owners), or leave (everybody, themselves)."""
    member = member_for(request, pk)
    leaving = member.user_id == request.user.pk
    if not leaving:
        membership_in(request, member.business_id, Role.OWNER)
        reauthentication.require(request, f"remove {member.user} from {member.business}")
    try:
        remove(member, by=request.user)
    except owners.LastOwner:
        messages.error(request, LAST_OWNER)
        return redirect("team")
    if leaving:
        messages.success(request, f"You have left {member.business}.")
        return redirect("home")
    messages.success(request, f"{member.user} no longer belongs to {member.business}.")
    return redirect("team")
