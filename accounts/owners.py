"""The owners of a business. There is always one, and what only an owner may do is asked under a lock.

Each change of members locks the account's row first, so that two owners who demote or remove each other
at the same moment go one after the other, and the second finds what the first left.
"""

from django.core.exceptions import PermissionDenied

from .models import Account, Membership, Role, User


class LastOwner(Exception):
    """The change would leave a business without an owner."""


def lock(account_id: int) -> Account:
    """The account, locked for the rest of the transaction against other changes of its members."""
    # Not FOR UPDATE: that would also hold up every insert of a row that refers to the account.
    return Account.objects.select_for_update(no_key=True).get(pk=account_id)


def require(account: Account, user: User) -> None:
    """Raises PermissionDenied unless `user` is an owner now: the page may be older than a demotion."""
    if not account.memberships.filter(user=user, role=Role.OWNER).exists():
        raise PermissionDenied("This needs the role owner.")


def keep_one(account: Account, without: Membership) -> None:
    """Raises LastOwner if nobody else owns the account."""
    others = account.memberships.filter(role=Role.OWNER).exclude(pk=without.pk)
    if without.role == Role.OWNER and not others.exists():
        raise LastOwner
