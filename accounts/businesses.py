"""Opening a business, with its first owner and the record of it, and changing what it is called and how it
writes.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from . import audit, locales, names, owners, roles, slugs
from .models import Business, Membership, Role, User

SLUG_LENGTH = 50
VERBS = {  # by the field that changes
    "name": "business.renamed",
    "locale": "business.locale_changed",
    "currency": "business.currency_changed",
}


@transaction.atomic
def open_business(
    name: str, *, by: User | None, owner: User | None = None, locale: str = locales.DEFAULT
) -> Business:
    """A new business, owned by `by`, or by `owner` where whoever runs the machine opens it (by: None). It
    pays with the money of where `locale` is spoken.

    Raises ValidationError for a name that is none. Whether people may open one themselves is asked before.
    """
    business = _named(names.clean(name), locale)
    holder = owner or by
    assert holder is not None, "a business has an owner"
    Membership.objects.create(business=business, user=holder, role=Role.OWNER)
    audit.record(by, "business.created", business)
    return business


@transaction.atomic
def change(business: Business, values: Mapping[str, str], *, by: User) -> None:
    """Set of the fields of VERBS those in `values`. The short name in addresses and commands stays.

    Raises ValidationError by field for what is none, PermissionDenied unless `by` is an owner.
    """
    locked = owners.lock(business.pk)
    roles.require(by, locked, Role.OWNER)
    values = {name: names.clean(value) if name == "name" else value for name, value in values.items()}
    _check(values)
    for field, value in values.items():
        before = getattr(locked, field)
        if value != before:
            Business.objects.filter(pk=locked.pk).update(**{field: value})
            audit.record(by, VERBS[field], locked, before=before, after=value)


def _check(values: Mapping[str, str]) -> None:
    errors = {}
    if values.get("locale", locales.DEFAULT) not in locales.names():
        errors["locale"] = "Please choose a language of the list."
    if values.get("currency", "EUR") not in locales.currencies():
        errors["currency"] = "Please choose a currency of the list."
    if errors:
        raise ValidationError(errors)


def _named(name: str, locale: str) -> Business:
    money = locales.currency_of(locale)
    for _ in range(5):
        try:
            slug = slugs.free(name, Business.objects.all(), length=SLUG_LENGTH, otherwise="business")
            with transaction.atomic():
                return Business.objects.create(name=name, slug=slug, locale=locale, currency=money)
        except IntegrityError:
            continue  # Another business took the slug between the look and the insert.
    raise RuntimeError("no free slug")
