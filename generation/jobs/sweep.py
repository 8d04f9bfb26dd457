"""Putting right what a dead worker or a lost doorbell left behind.

Any process may sweep, at any time, several at once.
"""

import logging
from functools import partial

from django.db import transaction

from accounts import notices
from generation.jobs import wake_celery
from generation.models import Job, Status
from generation.models.clock import DatabaseClock

from .ending import cancelled, given_up
from .lease import released

MAX_ATTEMPTS = 3
GIVEN_UP = (
    f"A job for the model {{}} was given up: {MAX_ATTEMPTS} workers were lost while they made it."
    " The workers' logs say why."
)
log = logging.getLogger(__name__)


def sweep() -> int:
    """Queue the jobs of silent workers again, end those that were tried too often, ring if any job waits.

    Returns how many expired leases it dealt with.
    """
    count = 0
    while _deal_with_one():
        count += 1
    if Job.objects.filter(status=Status.QUEUED).exists():
        wake_celery.ring()
    return count


@transaction.atomic
def _deal_with_one() -> bool:
    job = (
        Job.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("business", "model")
        .filter(status=Status.RUNNING, lease_until__lt=DatabaseClock())
        .first()
    )
    if job is None:
        return False
    log.warning("job %s: its worker fell silent in attempt %s", job.pk, job.attempts)
    if job.cancel_requested_at:
        cancelled(job, job.gpu_seconds)
    elif job.attempts >= MAX_ATTEMPTS:
        given_up(job, "worker_died", job.gpu_seconds)
        transaction.on_commit(partial(notices.tell_operator, GIVEN_UP.format(job.model.name)))
    else:
        Job.objects.filter(pk=job.pk).update(**released())
    return True
