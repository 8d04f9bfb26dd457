"""Files that no row names: what was stored for a row that then was not written, or is gone."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.db.models import DurationField, ExpressionWrapper, F, Max

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


def named() -> Iterator[str]:
    """Every path that any row of any application names in a StoredFileField."""
    for model in apps.get_models():
        fields = [field.name for field in model._meta.local_fields if isinstance(field, StoredFileField)]
        if fields:
            for row in model._base_manager.values_list(*fields).iterator():
                yield from filter(None, row)


def _longest_job() -> timedelta:
    """For how long the oldest job has been running: its first pictures are on disk, and named at its end."""
    age = ExpressionWrapper(DatabaseClock() - F("started_at"), DurationField())
    return Job.objects.filter(status=Status.RUNNING).aggregate(age=Max(age))["age"] or timedelta(0)
