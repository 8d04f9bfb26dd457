"""Opening a business: the account, its first owner and the record of it."""

from django.db import transaction
from django.utils.text import slugify

from . import audit
from .models import Account, Membership, Role, User


@transaction.atomic
def open_business(name: str, *, by: User) -> Account:
    """A new account named `name` with `by` as its owner."""
    account = Account.objects.create(name=name, slug=_free_slug(name))
    Membership.objects.create(account=account, user=by, role=Role.OWNER)
    audit.record(by, "account.created", account)
    return account


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "business"
    taken = set(Account.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else next(s for n in range(2, len(taken) + 3) if (s := f"{base}-{n}") not in taken)
