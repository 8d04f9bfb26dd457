"""Short names for addresses and scripts, made of what people call a thing."""

from django.db.models import QuerySet
from django.utils.text import slugify


def free(name: str, rows: QuerySet, *, length: int, otherwise: str) -> str:
    """A slug of `name` that none of `rows` has yet, numbered from 2 where the plain one is taken.

    length: of the unnumbered slug, in characters; otherwise: for a name that has no letter for a slug.
    """
    base = slugify(name)[:length] or otherwise
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)
