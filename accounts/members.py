"""Who belongs to a business, and with which role."""

from django.db import transaction

from . import audit, invitations, owners, roles
from .models import Membership, Role, User


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Raises LastOwner, PermissionDenied unless `by` is an owner, Membership.DoesNotExist once removed."""
    business = owners.lock(membership.business_id)
    roles.require(by, business, Role.OWNER)
    current = Membership.objects.select_related("user", "business").get(pk=membership.pk)
    if current.role == role:
        return
    owners.keep_one(business, without=current)
    Membership.objects.filter(pk=current.pk).update(role=Role(role))
    audit.record(by, "member.role_changed", current, member=current.user_id, before=current.role, after=role)
    if current.role == Role.OWNER:
        invitations.revoke_made_by(current.user, business, by=by)


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """Remove a member, or leave: then `by` is the member. Raises as `change_role`."""
    business = owners.lock(membership.business_id)
    leaving = membership.user_id == by.pk
    roles.require(by, business, Role.VIEWER if leaving else Role.OWNER)
    current = Membership.objects.select_related("user", "business").get(pk=membership.pk)
    owners.keep_one(business, without=current)
    verb = "member.left" if leaving else "member.removed"
    audit.record(by, verb, current, member=current.user_id, role=current.role)
    current.delete()
    invitations.revoke_made_by(current.user, business, by=by)
