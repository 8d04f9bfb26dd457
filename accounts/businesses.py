"""Opening a business: the account, its first owner and the record of it."""

from django.db import IntegrityError, transaction

from . import audit, names, slugs
from .models import Account, Membership, Role, User

SLUG_LENGTH = 50


@transaction.atomic
def open_business(name: str, *, by: User) -> Account:
    """A new account with `by` as its owner. Raises ValidationError for a name that is none."""
    account = _named(names.clean(name))
    Membership.objects.create(account=account, user=by, role=Role.OWNER)
    audit.record(by, "account.created", account)
    return account


def _named(name: str) -> Account:
    for _ in range(5):
        try:
            slug = slugs.free(name, Account.objects.all(), length=SLUG_LENGTH, otherwise="business")
            with transaction.atomic():
                return Account.objects.create(name=name, slug=slug)
        except IntegrityError:
            continue  # Another business took the slug between the look and the insert.
    raise RuntimeError("no free slug")
