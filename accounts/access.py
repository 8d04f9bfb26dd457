"""Who may come in: the membership behind a request. What is not yours does not exist (404).

Whoever is refused is on the record of the business whose door it was, and on no other: the owners of the
business that a stranger comes from learn nothing of what there is elsewhere; the others learn no name.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from . import audit
from .models import Business, Invitation, Membership, Role, User

SESSION_KEY = "account"  # Its former name: which business somebody chose outlives an update.


def membership_for(request: HttpRequest, role: Role = Role.VIEWER) -> Membership:
    """The membership in the business the person is looking at: the one chosen last, else their first.

    Raises Http404 for a person without any business, PermissionDenied where the role does not reach.
    """
    own = Membership.objects.select_related("business").filter(user=_person(request))
    memberships = own.order_by("created_at", "pk")
    last = request.session.get(SESSION_KEY)
    chosen = memberships.filter(business_id=last).first() if last is not None else None
    return admit(request, chosen or memberships.first(), role)


def membership_in(request: HttpRequest, business_id: int, role: Role = Role.VIEWER) -> Membership:
    """The membership in one given business, or Http404; the shell then shows that business."""
    found = (
        Membership.objects.select_related("business")
        .filter(user=_person(request), business_id=business_id)
        .first()
    )
    if found is None:
        _record_refusal(request, Business.objects.get(pk=business_id), by=None)
    return admit(request, found, role)


def membership_named(request: HttpRequest, slug: str) -> Membership:
    """The membership in the business of this short name, or Http404."""
    return membership_in(request, get_object_or_404(Business, slug=slug).pk)


def member_for(request: HttpRequest, pk: int, role: Role = Role.VIEWER) -> Membership:
    """Somebody's membership in a business where the person has `role`, else Http404."""
    return _of_a_business(request, Membership.objects.select_related("business", "user"), pk, role)


def invitation_for(request: HttpRequest, pk: int, role: Role = Role.OWNER) -> Invitation:
    """An invitation to a business where the person has `role`, else Http404."""
    return _of_a_business(request, Invitation.objects.select_related("business"), pk, role)


def _of_a_business(request: HttpRequest, rows: QuerySet, pk: int, role: Role):
    found = get_object_or_404(rows, pk=pk)
    membership_in(request, found.business_id, role)
    return found


def admit(request: HttpRequest, membership: Membership | None, role: Role) -> Membership:
    """Remember the membership on the request, for the page's shell, once it covers `role`."""
    if membership is None:
        raise Http404("Not found")
    if not membership.covers(role):
        _record_refusal(request, membership.business, by=_person(request))
        raise PermissionDenied(f"This needs the role {role.label.lower()}.")
    # Views may hand on what they like with a request; the stubs know what Django itself puts there.
    request.membership = membership  # type: ignore[attr-defined]
    return membership


def _person(request: HttpRequest) -> User:
    """Who is signed in: pages that are open to others ask nothing here."""
    assert isinstance(request.user, User), "nobody is signed in"
    return request.user


def _record_refusal(request: HttpRequest, business: Business, *, by: User | None) -> None:
    """by: the member whose role did not reach; None for somebody from outside."""
    verb = "access.refused" if by else "access.refused_outside"
    if times := audit.telling_count(verb, business.pk, request.user.pk):
        match = request.resolver_match
        assert match is not None, "a view was found before it asked"
        # The number of a stranger is for whoever runs the machine; pages show none.
        stranger: dict[str, Any] = {} if by else {"stranger": request.user.pk}
        with transaction.atomic():
            audit.record(by, verb, business, page=str(match.url_name), times=times, **stranger)
