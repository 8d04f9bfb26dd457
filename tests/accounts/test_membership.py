"""Who may do in a business what a role may."""

import pytest

from accounts.models import Membership, Role, User

pytestmark = pytest.mark.django_db


def names_of_holders(people, role: Role) -> set[str]:
    holders = User.objects.filter(pk__in=Membership.holders(people.bakery.pk, role))
    return {user.name for user in holders}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.OWNER, {"Alice"}),
        (Role.EDITOR, {"Alice", "Bob"}),
        (Role.VIEWER, {"Alice", "Bob", "Carol"}),
    ],
)
def test_those_of_the_role_and_of_one_that_covers_it_hold_it(people, role: Role, names: set[str]) -> None:
    assert names_of_holders(people, role) == names


def test_somebody_who_may_not_sign_in_holds_nothing(people) -> None:
    User.objects.filter(pk=people.bob.pk).update(is_active=False)
    assert names_of_holders(people, Role.VIEWER) == {"Alice", "Carol"}
