"""Invitations: a link that makes whoever opens it a member of a business, once, until it expires."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import audit, names, owners, roles, tokens
from .models import Business, Invitation, Membership, Role, User

LIFETIMES = (1, 7, 30)  # days


class InvitationClosed(Exception):
    """The invitation was used, revoked or has expired; its `state` says which."""


class AlreadyMember(Exception):
    """The person belongs to the business already; the invitation stays open for whom it was meant."""


@transaction.atomic
def create(
    business: Business, *, role: Role, days: int, note: str = "", by: User, token: str = ""
) -> tuple[Invitation, str]:
    """A new invitation and its token, which is shown once and kept nowhere.

    days: one of LIFETIMES. note: for whom the link is, in the inviter's words. token: another than one made
    here; the invitation that has it already is that one.
    Raises PermissionDenied unless `by` is an owner, ValidationError for a note of more than one line.
    """
    if days not in LIFETIMES:
        raise ValueError(f"an invitation lasts {LIFETIMES} days, not {days}")
    roles.require(by, owners.lock(business.pk), Role.OWNER)
    token = token or tokens.new()
    said = {
        "business": business,
        "role": Role(role),
        "note": names.clean(note) if note.strip() else "",
        "created_by": by,
        "expires_at": timezone.now() + timedelta(days=days),
    }
    invitation, is_new = Invitation.objects.get_or_create(token_hash=tokens.digest(token), defaults=said)
    if is_new:
        audit.record(by, "invitation.created", invitation, role=invitation.role, days=days)
    return invitation, token


def find(token: str) -> Invitation | None:
    """The invitation of this token, open or not."""
    return Invitation.objects.select_related("business").filter(token_hash=tokens.digest(token)).first()


def waiting(business: Business) -> QuerySet[Invitation]:
    """The invitations that can be accepted."""
    unused = business.invitations.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
    return unused.filter(created_by__in=Membership.holders(business.pk, Role.OWNER))


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """Close an open invitation; one that is closed already stays as it is."""
    roles.require(by, invitation.business, Role.OWNER)
    _revoke(invitation, by=by)


def revoke_made_by(user: User, business: Business, *, by: User) -> None:
    """Close what somebody who is an owner no longer has left open; of an owner, nothing. In the caller's
    transaction.

    Asks for no role of `by`: whoever leaves has none any more.
    """
    if roles.holds(user, business, Role.OWNER):
        return
    for invitation in business.invitations.filter(created_by=user, revoked_at=None, accepted_at=None):
        _revoke(invitation, by=by)


def _revoke(invitation: Invitation, *, by: User) -> None:
    open_one = Invitation.objects.filter(pk=invitation.pk, revoked_at=None, accepted_at=None)
    if open_one.update(revoked_at=timezone.now()):
        audit.record(by, "invitation.revoked", invitation)


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Make `by` a member. Raises NotOpen or AlreadyMember."""
    owners.lock(invitation.business_id)
    # Of two people with one link, the second waits here and finds it used.
    invitation = Invitation.objects.select_for_update().select_related("business").get(pk=invitation.pk)
    if not invitation.is_open:
        raise InvitationClosed(invitation.state)
    if invitation.business.memberships.filter(user=by).exists():
        raise AlreadyMember
    membership = Membership.objects.create(business=invitation.business, user=by, role=invitation.role)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    audit.record(by, "member.joined", membership, role=membership.role, invitation=invitation.pk)
    return membership
