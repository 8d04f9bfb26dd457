"""The doorbell: the only file that names Celery's queues.

A ring says that some job waits, not which. Lost, it is made up for by every worker's own tick; so a broker
that is away is counted and logged, and hinders nobody.
"""

import itertools
import logging

from celery import current_app
from kombu.exceptions import OperationalError

GPU = "gpu"  # workers that host an engine
CPU = "cpu"  # workers for what needs none

log = logging.getLogger(__name__)
_unheard = itertools.count(1)


def ring() -> bool:
    """Wake the workers, after the transaction that queued the job.

    False when the broker would not take the message.
    """
    try:
        # No second try: a person waits for the answer to their click, the job needs no doorbell.
        current_app.send_task("generation.tasks.run_next", queue=GPU, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("doorbell not heard, %s so far: %s", next(_unheard), type(error).__name__)
        return False
    return True
