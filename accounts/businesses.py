"""Opening a business: the account, its first owner and the record of it."""

from django.db import IntegrityError, transaction

from . import audit, names, slugs
from .models import Account, Membership, Role, User

SLUG_LENGTH = 50


@transaction.atomic
def open_business(name: str, *, by: User | None, owner: User | None = None) -> Account:
    """A new account, owned by `by`, or by `owner` where whoever runs the machine opens it (by: None).

    Raises ValidationError for a name that is none. Whether people may open one themselves is asked before.
    """
    account = _named(names.clean(name))
    Membership.objects.create(account=account, user=owner or by, role=Role.OWNER)
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
