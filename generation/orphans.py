"""Files that no row names: what was stored for a row that then was not written, or is gone."""

from collections.abc import Iterator

from django.apps import apps

from generation import storage
from generation.models import StoredFileField


def remove() -> int:
    """Remove them once they are old enough that no row is about to name them. Returns how many."""
    return storage.sweep_orphans(set(_named()))


def _named() -> Iterator[str]:
    """Every path that any row of any application names in a StoredFileField."""
    for model in apps.get_models():
        fields = [field.name for field in model._meta.local_fields if isinstance(field, StoredFileField)]
        if fields:
            for row in model._base_manager.values_list(*fields).iterator():
                yield from filter(None, row)
