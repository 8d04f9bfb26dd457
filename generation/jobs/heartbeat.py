"""Which workers are at work, by a row each that they renew; the broker is not asked."""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from django.db.models import QuerySet

from generation.jobs.reasons import REMEDIES, WAITING
from generation.models import ModelVersion, Queue, WorkerHeartbeat
from generation.models.clock import DatabaseClock

EVERY = 2.0  # seconds between two beats of a worker
ABSENT_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)


def new_worker_name() -> str:
    """A name for whoever takes up work in this process. Its number alone would not do: after a restart
    another process may have the same one.
    """
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(8)}"


def attend(
    worker: str,
    device: str,
    lacking: Mapping[int, str] = MappingProxyType({}),
    queue: Queue = Queue.GPU,
) -> None:
    """Say that `worker` is at work on the jobs of `queue`. lacking: keys of the models that it cannot load,
    each with a code of `jobs.reasons.WAITING`.
    """
    row = WorkerHeartbeat(
        worker=worker,
        queue=queue,
        device=device,
        since=DatabaseClock(),
        seen_at=DatabaseClock(),
        lacking={str(key): code for key, code in lacking.items()},
    )
    told = ["device", "seen_at", "lacking"]
    WorkerHeartbeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["worker"], update_fields=told
    )


def leave(worker: str) -> None:
    WorkerHeartbeat.objects.filter(worker=worker).delete()


def workers_alive(queue: Queue = Queue.GPU) -> bool:
    """Whether any worker of a queue was seen in the last seconds: what waits there will be made."""
    return present().filter(queue=queue).exists()


def lacking() -> dict[int, str]:
    """The models that none of the workers at work on pictures can load, by key: of all their reasons the
    one that is mended soonest, as a code of `jobs.reasons.WAITING`. Empty while none is at work.
    """
    told = list(present().filter(queue=Queue.GPU).values_list("lacking", flat=True))
    everywhere = set.intersection(*map(set, told)) if told else set()
    return {int(key): max((one[key] for one in told), key=list(WAITING).index) for key in everywhere}


def hindrance(model: ModelVersion) -> str:
    """Why pictures of `model` wait although workers are at work, and what to do; empty where they do not."""
    code = lacking().get(model.pk)
    return f"{WAITING[code]} {REMEDIES[code]}" if code else ""


def present() -> QuerySet[WorkerHeartbeat]:
    """The workers that were seen in the last seconds."""
    return WorkerHeartbeat.objects.filter(seen_at__gt=DatabaseClock() - ABSENT_AFTER)


def forget_absent() -> None:
    """Remove the rows of workers that ended without saying so."""
    WorkerHeartbeat.objects.filter(seen_at__lt=DatabaseClock() - FORGOTTEN_AFTER).delete()
