"""What a member may do, asked again where it is done, whoever calls: a page, a command, a task.

`access` asks at the door, so that what is not yours does not exist. That protects pages only; `require` is
the first line of every public function that acts for somebody. Which roles there are: `models.membership`.
"""

from django.core.exceptions import PermissionDenied

from .models import Business, Membership, Role, User


def require(by: User, business: Business, role: Role) -> None:
    """Raises PermissionDenied unless `by` is active and has `role` in `business`, or one that covers it.

    Costs one query, whose answer is the database's, not the page's. It locks nothing: where a demotion at the
    same moment must not slip by, lock the business first (`owners.lock`). The machine itself has no role: a
    function that it may call (`by` is None) asks only for people.
    """
    if not holds(by, business, role):
        raise PermissionDenied(f"This needs the role {role.label.lower()}.")


def holds(user: User, business: Business, role: Role) -> bool:
    """Whether an active person may do in the business what `role` may."""
    return Membership.holders(business.pk, role).filter(user_id=user.pk).exists()
