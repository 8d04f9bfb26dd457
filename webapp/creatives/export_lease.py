"""Holding an export: claimed by one maker at a time, kept by its progress, ended once.

The fence is its `epoch`, bumped by every claim: whoever was taken for dead and comes back changes nothing.
All clocks are the database's.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from generation.jobs import heartbeat
from generation.models.clock import DatabaseClock
from webapp.models import Export, ExportStatus

LEASE = timedelta(minutes=2)  # for one file: each that is made extends it
MAX_ATTEMPTS = 3
GIVEN_UP = (
    f"The files could not be made: {MAX_ATTEMPTS} tries broke off. Try again; if that does not help, ask"
    " whoever runs this machine to look into the worker’s log."
)

log = logging.getLogger(__name__)


class ExportLeaseLost(Exception):
    """The export is another maker's now, or ended; nothing was changed."""


def claim(which: Q) -> Export | None:
    """Take up an export of `which` that waits, or whose maker fell silent; None when there is none.

    Those that were tried least come first, then the oldest, so that none that fails stands in another's way.
    """
    while (export := _claim_one(which)) is not None and export.is_finished:
        log.error("export %s: given up, its makers fell silent", export.pk)
    return export


def keep(export: Export, done: int) -> None:
    """Show how many files are made, and extend the lease. Raises LeaseLost."""
    _change(export, done=done, lease_until=DatabaseClock() + LEASE)


def end(export: Export, status: ExportStatus, **found: object) -> None:
    """Raises LeaseLost."""
    _change(export, status=status, claimed_by="", lease_until=None, **found)


def fail_attempt(export: Export) -> None:
    """Let it be tried again, as often as an export may be, else end it with a reason. Raises LeaseLost."""
    if export.attempts >= MAX_ATTEMPTS:
        end(export, ExportStatus.FAILED, reason=GIVEN_UP)
    else:
        end(export, ExportStatus.WAITING, done=0)


@transaction.atomic
def _claim_one(which: Q) -> Export | None:
    """The export as it is now held; or as it was given up, for having been tried too often."""
    silent = Q(status=ExportStatus.RUNNING, lease_until__lt=DatabaseClock())
    rows = Export.objects.filter(which, Q(status=ExportStatus.WAITING) | silent)
    rows = rows.select_for_update(skip_locked=True, of=("self",))
    export = rows.order_by("attempts", "created_at").first()
    if export is None:
        return None
    if export.status == ExportStatus.RUNNING:
        log.warning("export %s: its maker fell silent in attempt %s", export.pk, export.attempts)
    if export.attempts >= MAX_ATTEMPTS:
        end(export, ExportStatus.FAILED, reason=GIVEN_UP)
    else:
        Export.objects.filter(pk=export.pk).update(**_taken())
    export.refresh_from_db()
    return export


def _taken() -> dict[str, object]:
    return {
        "status": ExportStatus.RUNNING,
        "done": 0,
        "attempts": F("attempts") + 1,
        "epoch": F("epoch") + 1,
        "claimed_by": heartbeat.new_worker_name(),
        "lease_until": DatabaseClock() + LEASE,
    }


def _held(export: Export) -> QuerySet[Export]:
    return Export.objects.filter(pk=export.pk, epoch=export.epoch, status=ExportStatus.RUNNING)


def _change(export: Export, **values: object) -> None:
    if not _held(export).update(**values):
        raise ExportLeaseLost(f"export {export.pk} is not held at epoch {export.epoch}")
