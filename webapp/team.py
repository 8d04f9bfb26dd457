"""Who goes takes what they asked for with them: nothing is drawn for somebody who no longer belongs."""

from accounts import members
from accounts.models import Membership, Role, User
from generation import jobs
from generation.models import Job, Status


def remove(membership: Membership, *, by: User) -> None:
    """Remove a member, or leave, and stop what they wait for. Raises as `accounts.members.remove`."""
    members.remove(membership, by=by)
    _stop_what_they_wait_for(membership, by=by)


def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Who may only look from now on waits for nothing either. Raises as `accounts.members.change_role`."""
    members.change_role(membership, role, by=by)
    if not role.covers(Role.EDITOR):
        _stop_what_they_wait_for(membership, by=by)


def _stop_what_they_wait_for(membership: Membership, *, by: User) -> None:
    # Each in its own transaction, after the change: a job that ends just now locks the account's row too.
    unfinished = Job.objects.filter(
        account=membership.account_id,
        created_by=membership.user_id,
        status__in=(Status.QUEUED, Status.RUNNING),
    )
    for job in unfinished:
        jobs.cancel(job, by=by)
