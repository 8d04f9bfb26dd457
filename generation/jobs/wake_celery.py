"""Celery's doorbell.

A ring says that some job waits, not which. Lost, it is made up for by every worker's own tick; so a broker
that is away is counted and logged, and hinders nobody.
"""

import itertools
import logging
import threading

from celery import current_app
from kombu.exceptions import ChannelError, OperationalError

TASK = "generation.tasks.run_next"
MOMENT = 0.3  # seconds
UNHEARD = (OperationalError, ChannelError, OSError)  # the broker is away, refuses, or has no room

log = logging.getLogger(__name__)
_unheard = itertools.count(1)


def ring(queue: str) -> None:
    """Wake the workers of a queue, once the transaction that left work for them is committed.

    Somebody waits for the answer to their click: a broker that does not answer gets a moment, no more.
    """
    bell = threading.Thread(target=_ring, args=(queue,), name="doorbell", daemon=True)
    bell.start()
    bell.join(MOMENT)


def _ring(queue: str) -> None:
    try:
        current_app.send_task(TASK, queue=queue, retry=False, ignore_result=True)
    except UNHEARD as error:
        log.warning("doorbell not heard, %s so far: %s", next(_unheard), type(error).__name__)
