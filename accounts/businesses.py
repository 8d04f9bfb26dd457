"""Opening a business: the business, its first owner and the record of it."""

from django.db import IntegrityError, transaction

from . import audit, names, slugs
from .models import Business, Membership, Role, User

SLUG_LENGTH = 50


@transaction.atomic
def open_business(name: str, *, by: User | None, owner: User | None = None) -> Business:
    """A new business, owned by `by`, or by `owner` where whoever runs the machine opens it (by: None).

    Raises ValidationError for a name that is none. Whether people may open one themselves is asked before.
    """
    business = _named(names.clean(name))
    Membership.objects.create(business=business, user=owner or by, role=Role.OWNER)
    audit.record(by, "business.created", business)
    return business


def _named(name: str) -> Business:
    for _ in range(5):
        try:
            slug = slugs.free(name, Business.objects.all(), length=SLUG_LENGTH, otherwise="business")
            with transaction.atomic():
                return Business.objects.create(name=name, slug=slug)
        except IntegrityError:
            continue  # Another business took the slug between the look and the insert.
    raise RuntimeError("no free slug")
