"""Putting right what a dead worker or a lost doorbell left behind.

Any process may sweep, at any time, several at once.
"""

import logging
from functools import partial

from django.db import transaction

from accounts import notices
from generation.jobs import wake_celery
from generation.models import Job, Queue, Status
from generation.models.clock import DatabaseClock

from .ending import cancelled, given_up
from .kinds import kind_of, registered, waiting
from .lease import released

GIVEN_UP = "A job ({}) was given up: {} workers were lost while they made it. The workers' logs say why."
log = logging.getLogger(__name__)


def sweep() -> int:
    """Queue the jobs of silent workers again, end those that were tried too often, ring if any job waits.

    Returns how many expired leases it dealt with.
    """
    count = 0
    while _deal_with_one():
        count += 1
    for queue in Queue:
        if waiting(queue).exists():
            wake_celery.ring(queue)
    return count


@transaction.atomic
def _deal_with_one() -> bool:
    job = (
        Job.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("business", "model")
        .filter(
            status=Status.RUNNING,
            lease_until__lt=DatabaseClock(),
            kind__in=[kind.name for kind in registered()],
        )
        .first()
    )
    if job is None:
        return False
    log.warning("job %s: its worker fell silent in attempt %s", job.pk, job.attempts)
    if job.cancel_requested_at:
        cancelled(job, job.gpu_seconds)
    elif job.attempts >= kind_of(job).attempts:
        given_up(job, "worker_died", job.gpu_seconds)
        transaction.on_commit(partial(notices.tell_operator, _given_up_words(job)))
    else:
        Job.objects.filter(pk=job.pk).update(**released())
    return True


def _given_up_words(job: Job) -> str:
    kind = kind_of(job)
    what = f"{kind.label}, model {job.model.name}" if job.model else kind.label
    return GIVEN_UP.format(what, kind.attempts)
