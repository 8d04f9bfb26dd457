"""Holding a job: claimed by one worker, kept by its beats or lost.

The fence is (id, epoch, claimed_by) as they were when the job was claimed. A worker that slept through its
lease finds that no row matches it any more, and changes nothing.
"""

import enum
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from generation.models import Job, Queue, Status

from .kinds import kind_of, registered


class HeartbeatReply(enum.Enum):
    """How things stand with a job, as told to the worker that makes it."""

    HELD = "go on"
    CANCELLED = "somebody asked to stop: stop, then say so with `stop`"
    LOST = "it is another's now, or ended: drop everything"


class LeaseLost(Exception):
    """The job is another worker's now, or ended; nothing was changed."""


# The first few of each model, so that what waits for others is not even looked at; more than there are
# workers that claim in the same moment and lock them. Asked so, only the index that goes by model has the
# order: with "=" and old statistics, PostgreSQL took the other one and read a million rows of models that
# nobody has. The clock's row, which every claim wants, is written last: PostgreSQL runs a part that nothing
# reads at the end, and so its lock is held for a moment only.
CLAIM = """
WITH heads AS (
    SELECT head.* FROM unnest(
        COALESCE(%(models)s::bigint[], ARRAY(SELECT id FROM generation_modelversion))
    ) AS model(id) CROSS JOIN LATERAL (
        SELECT id, finish_tag, created_at FROM generation_job
        WHERE status = 'queued' AND queue = %(queue)s AND kind = ANY(%(kinds)s)
            AND model_id BETWEEN model.id AND model.id
        ORDER BY model_id, finish_tag, created_at LIMIT 32
    ) AS head
    UNION ALL (
        SELECT id, finish_tag, created_at FROM generation_job
        WHERE status = 'queued' AND queue = %(queue)s AND kind = ANY(%(kinds)s) AND model_id IS NULL
        ORDER BY finish_tag, created_at LIMIT 32
    )
), next AS MATERIALIZED (
    SELECT job.id, job.start_tag FROM heads JOIN generation_job AS job ON job.id = heads.id
    WHERE job.status = 'queued'
    ORDER BY heads.finish_tag, heads.created_at LIMIT 1 FOR UPDATE OF job SKIP LOCKED
), clock AS (
    INSERT INTO generation_virtualclock AS clock (queue, virtual_time) SELECT %(queue)s, start_tag FROM next
    ON CONFLICT (queue) DO UPDATE
    SET virtual_time = GREATEST(clock.virtual_time, EXCLUDED.virtual_time)
)
UPDATE generation_job AS job
SET status = 'running', claimed_by = %(worker)s, epoch = job.epoch + 1, attempts = job.attempts + 1,
    progress = 0, started_at = clock_timestamp(),
    lease_until = clock_timestamp() + (%(leases)s::jsonb ->> job.kind)::interval
FROM next WHERE job.id = next.id AND NOT EXISTS (
    SELECT 1 FROM generation_job AS mine
    WHERE mine.claimed_by = %(worker)s AND mine.status = 'running'
        AND (mine.attempts > 1 OR job.attempts > 0)
)
RETURNING job.*
"""


def claim(worker: str, queue: Queue = Queue.GPU, models: Sequence[int] | None = None) -> Job | None:
    """Take the waiting job of a queue with the lowest finish tag, None when there is none, in one statement.

    One that was lost with a worker may be what killed it, so it is made alone: its turn comes when `worker`
    has nothing else in hand, and until it ends there is nothing else for `worker`. Whoever has several
    threads lets one claim at a time.

    models: keys of those that `worker` can load, None for all; a job without a model is for everybody. Two
    workers never get the same job. Virtual time moves on to the job's start tag.
    """
    leases = {kind.name: f"{kind.lease.total_seconds()} seconds" for kind in registered(queue)}
    values: dict[str, Any] = {
        "worker": worker,
        "queue": queue,
        "kinds": list(leases),
        "leases": json.dumps(leases),
        "models": None if models is None else list(models),
    }
    return next(iter(Job.objects.raw(CLAIM, values)), None)


BEAT = """
UPDATE generation_job
SET lease_until = clock_timestamp() + %(lease)s, gpu_seconds = %(seconds)s,
    progress = LEAST(COALESCE(%(progress)s, progress), progress_total)
WHERE id = %(id)s AND epoch = %(epoch)s AND claimed_by = %(claimed_by)s AND status = 'running'
RETURNING cancel_requested_at IS NOT NULL
"""


def beat(job: Job, progress: int | None = None, gpu_seconds: float = 0.0) -> HeartbeatReply:
    """Show progress, extend the lease and hear whether to go on, in one statement.

    job: as `claim` returned it; progress: parts that are done, None: as before; gpu_seconds: what it has cost
    so far, for whoever must end it instead.
    """
    values: dict[str, Any] = {
        "id": job.pk,
        "epoch": job.epoch,
        "claimed_by": job.claimed_by,
        "lease": kind_of(job).lease,
        "seconds": gpu_seconds,
        "progress": progress,
    }
    with connection.cursor() as cursor:
        cursor.execute(BEAT, values)
        row = cursor.fetchone()
    if row is None:
        return HeartbeatReply.LOST
    return HeartbeatReply.CANCELLED if row[0] else HeartbeatReply.HELD


def held(job: Job) -> QuerySet[Job]:
    """The job's row while whoever claimed `job` still holds it, else no row: the fence."""
    return Job.objects.filter(pk=job.pk, epoch=job.epoch, claimed_by=job.claimed_by, status=Status.RUNNING)


def released() -> dict[str, object]:
    """The fields of a running job that waits again, in its old place."""
    return {
        "status": Status.QUEUED,
        "claimed_by": "",
        "lease_until": None,
        "gpu_seconds": 0.0,
        "progress": 0,
    }
