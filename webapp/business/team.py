"""Who goes takes what they made with them: their guest links close, what they wait for is not drawn."""

from django.db import transaction

from accounts import members
from accounts.models import Membership, Role, User
from generation import jobs
from generation.models import Job, Status

from . import guest_links


def remove(membership: Membership, *, by: User) -> None:
    """Remove a member, or leave, and stop what they wait for. Raises as `accounts.members.remove`."""
    with transaction.atomic():
        members.remove(membership, by=by)
        guest_links.revoke_made_by(membership.user, membership.business, by=by)
    _stop_what_they_wait_for(membership, by=by)


def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Who may only look from now on waits for nothing either. Raises as `accounts.members.change_role`."""
    if role.covers(Role.EDITOR):
        members.change_role(membership, role, by=by)
        return
    with transaction.atomic():
        members.change_role(membership, role, by=by)
        guest_links.revoke_made_by(membership.user, membership.business, by=by)
    _stop_what_they_wait_for(membership, by=by)


def _stop_what_they_wait_for(membership: Membership, *, by: User) -> None:
    # Each in its own transaction, after the change: a job that ends just now locks the business's row too.
    unfinished = Job.objects.filter(
        business=membership.business_id,
        created_by=membership.user_id,
        status__in=(Status.QUEUED, Status.RUNNING),
    )
    for job in unfinished:
        jobs.cancel(job, by=by)
