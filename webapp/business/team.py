"""Who goes takes what they made with them: their guest links close, what they wait for is not drawn."""

from django.db import transaction

from accounts import members
from accounts.models import Membership, Role, User
from generation import jobs

from . import guest_links


def remove(membership: Membership, *, by: User) -> None:
    """Remove a member, or leave, and stop what they wait for. Raises as `accounts.members.remove`."""
    with transaction.atomic():
        members.remove(membership, by=by)
        guest_links.revoke_made_by(membership.user, membership.business, by=by)
    jobs.cancel_left_by(membership.user, membership.business, by=by)


def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Who may only look from now on waits for nothing either. Raises as `accounts.members.change_role`."""
    if role.covers(Role.EDITOR):
        members.change_role(membership, role, by=by)
        return
    with transaction.atomic():
        members.change_role(membership, role, by=by)
        guest_links.revoke_made_by(membership.user, membership.business, by=by)
    jobs.cancel_left_by(membership.user, membership.business, by=by)
