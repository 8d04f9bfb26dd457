"""Opening a business: the account, its first owner and the record of it."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from . import audit, names
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
            with transaction.atomic():
                return Account.objects.create(name=name, slug=_free_slug(name))
        except IntegrityError:
            continue  # Another business took the slug between the look and the insert.
    raise RuntimeError("no free slug")


def _free_slug(name: str) -> str:
    base = slugify(name)[:SLUG_LENGTH] or "business"
    taken = set(Account.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
