"""The owners of a business. There is always one, and what only an owner may do is asked under a lock.

Each change of members locks the business's row first, so that two owners who demote or remove each other
at the same moment go one after the other, and the second finds what the first left.
"""

from django.core.exceptions import PermissionDenied

from .models import Business, Membership, Role, User


class LastOwner(Exception):
    """The change would leave a business without an owner."""


def lock(business_id: int) -> Business:
    """The business, locked for the rest of the transaction against other changes of its members."""
    # Not FOR UPDATE: that would also hold up every insert of a row that refers to the business.
    return Business.objects.select_for_update(no_key=True).get(pk=business_id)


def require(business: Business, user: User) -> None:
    """Raises PermissionDenied unless `user` is an owner now: the page may be older than a demotion."""
    if not business.memberships.filter(user=user, role=Role.OWNER).exists():
        raise PermissionDenied("This needs the role owner.")


def keep_one(business: Business, without: Membership) -> None:
    """Raises LastOwner if nobody else owns the business."""
    others = business.memberships.filter(role=Role.OWNER).exclude(pk=without.pk)
    if without.role == Role.OWNER and not others.exists():
        raise LastOwner
