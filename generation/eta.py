"""How long it will be: the place in the queue and the time left. Numbers only, nothing about anybody else.

The pace of a model is what this machine took of late: seconds in which it worked for each unit of a job's
cost. Jobs that run together share the machine evenly, so one is done when every other has had as much work as
it needs, or all it wants; a job that waits comes after all that is ahead of it in the fair order. What is not
known is None, never a guess.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from generation.models import Job, Status

RECENT_JOBS = 10
ENOUGH_PROGRESS = 0.2  # of a job's steps, to tell the rest of it from itself


def place_in_queue(job: Job) -> int | None:
    """1 for the job that is claimed next; None for one that does not wait."""
    return _ahead_of(job).count() + 1 if job.status == Status.QUEUED else None


def seconds_left(job: Job) -> float | None:
    """Seconds until `job` is done, if the machine goes on as it did of late; None when that is not known."""
    if job.status == Status.QUEUED:
        return _while_waiting(job)
    return _while_running(job) if job.status == Status.RUNNING else None


def _while_waiting(job: Job) -> float | None:
    ahead = _ahead_of(job).values_list("model").annotate(Sum("cost"))
    work = [*_seconds_of_running().values(), *(_seconds(model, cost) for model, cost in ahead)]
    work.append(_seconds(job.model_id, job.cost))
    return None if None in work else sum(work)


def _while_running(job: Job) -> float | None:
    work = _seconds_of_running()
    own = work.pop(job.pk, None)
    if own is None or None in work.values():
        return _by_its_own_pace(job)
    return own + sum(min(own, other) for other in work.values())


def _by_its_own_pace(job: Job) -> float | None:
    done = _progress(job.outputs.aggregate(step=Sum("step"), steps=Sum("steps")))
    if done < ENOUGH_PROGRESS:
        return None
    return (timezone.now() - job.started_at).total_seconds() * (1 - done) / done


def _ahead_of(job: Job) -> QuerySet[Job]:
    sooner = Q(finish_tag__lt=job.finish_tag) | Q(finish_tag=job.finish_tag, created_at__lt=job.created_at)
    return Job.objects.filter(sooner, status=Status.QUEUED)


def _seconds_of_running() -> dict[object, float | None]:
    """Work left, in seconds, of every job that is being made."""
    running = Job.objects.filter(status=Status.RUNNING).annotate(
        step=Sum("outputs__step"), steps=Sum("outputs__steps")
    )
    rows = running.values("pk", "model_id", "cost", "step", "steps")
    return {row["pk"]: _seconds(row["model_id"], row["cost"] * (1 - _progress(row))) for row in rows}


def _progress(sums: dict[str, int | None]) -> float:
    return (sums["step"] or 0) / sums["steps"] if sums["steps"] else 0.0


def _seconds(model_id: int, cost: float) -> float | None:
    pace = _pace(model_id)
    return None if pace is None else cost * pace


def _pace(model_id: int) -> float | None:
    """Seconds for a unit of cost, over the last jobs of the model; their time together is counted once."""
    done = Job.objects.filter(model=model_id, status=Status.DONE).order_by("-finished_at")[:RECENT_JOBS]
    rows = list(done.values_list("started_at", "finished_at", "cost"))
    cost = sum(row[2] for row in rows)
    return _covered((begin, end) for begin, end, _ in rows) / cost if cost else None


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds that lie within at least one of the spans."""
    total, reached = timedelta(), None
    for begin, end in sorted(spans):
        begin = begin if reached is None else max(begin, reached)
        total += max(end - begin, timedelta())
        reached = end if reached is None else max(end, reached)
    return total.total_seconds()
