"""Files that no row names: what was stored for a row that then was not written, or is gone."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import DurationField, ExpressionWrapper, F, Max, Model, Q

from generation.files import storage
from generation.models import Job, Status, StoredFileField
from generation.models.clock import DatabaseClock

MARGIN = timedelta(hours=1)  # from storing a file to the row that names it, beyond the job that makes it
FEW = 20  # files that may all be orphans

log = logging.getLogger(__name__)


def remove() -> int:
    """Remove them once they are old enough that no row is about to name them. Returns how many."""
    older_than = _longest_job() + MARGIN  # first: a job that ends meanwhile has named its files
    known = set(named())
    if not known and storage.holds_more_than(FEW):
        log.error("no row names any of the stored files, so none is removed: is this their database?")
        return 0
    return storage.sweep_orphans(known, older_than)


def remove_at_once(paths: Collection[str], stored_before: datetime) -> None:
    """Remove those of `paths` that no row names any more, however young they are. Called after the commit of
    what named them. What was stored anew since `stored_before` is left to `remove`.
    """
    for path in set(paths) - _named_of(paths):
        storage.remove(path, stored_before.timestamp())


def named() -> Iterator[str]:
    """Every path that any row of any application names in a StoredFileField."""
    for model, fields in _naming():
        for row in model._base_manager.values_list(*fields).iterator():
            yield from filter(None, row)


def _named_of(paths: Collection[str]) -> set[str]:
    found: set[str] = set()
    for model, fields in _naming():
        one_of_them = Q(*((f"{field}__in", paths) for field in fields), _connector=Q.OR)
        for row in model._base_manager.filter(one_of_them).values_list(*fields):
            found.update(row)
    return found


def _naming() -> Iterator[tuple[type[Model], list[str]]]:
    """Every table with a StoredFileField, and the names of those fields."""
    for model in apps.get_models():
        fields = [field.name for field in model._meta.local_fields if isinstance(field, StoredFileField)]
        if fields:
            yield model, fields


def _longest_job() -> timedelta:
    """For how long the oldest job has been running: its first pictures are on disk, and named at its end."""
    age = ExpressionWrapper(DatabaseClock() - F("started_at"), DurationField())
    return Job.objects.filter(status=Status.RUNNING).aggregate(age=Max(age))["age"] or timedelta(0)
