"""The owners of a business. There is always one.

Each change of members locks the business's row first, so that two owners who demote or remove each other
at the same moment go one after the other, and the second finds what the first left.
"""

from .models import Business, Membership, Role


class LastOwner(Exception):
    """The change would leave a business without an owner."""


def lock(business_id: int) -> Business:
    """The business, locked for the rest of the transaction: whoever changes its members, its limits, which
    kit is its default or its line in the queue takes turns here.
    """
    # Not FOR UPDATE: that would also hold up every insert of a row that refers to the business.
    return Business.objects.select_for_update(no_key=True).get(pk=business_id)


def keep_one(business: Business, without: Membership) -> None:
    """Raises LastOwner if nobody else owns the business."""
    others = business.memberships.filter(role=Role.OWNER).exclude(pk=without.pk)
    if without.role == Role.OWNER and not others.exists():
        raise LastOwner
