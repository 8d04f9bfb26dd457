"""How long it will be: the place in the queue and the time left. Numbers only, nothing about anybody else.

The pace of a kind of work, with its model, is what this machine took of late: seconds in which it worked
for each unit of a job's cost. Queues go on beside one another, so each is reckoned by itself. Jobs that run
together share the machine evenly, so one is done when every other has had as much work as it needs, or all
it wants; a job that waits comes after all that is ahead of it in the fair order. What is not known is None,
never a guess.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from generation.jobs import heartbeat
from generation.jobs.reasons import WAITING
from generation.models import Job, Status

RECENT_JOBS = 10
FORESEEN = 500  # places of the queue: nobody plans by one beyond, and every poll reads those ahead of its job
ENOUGH_PROGRESS = 0.2  # of a job's parts, to tell the rest of it from itself

Work = tuple[str, int | None]  # a kind and a model
Pace = dict[Work, float | None]


@dataclass(frozen=True, slots=True)
class Outlook:
    """place: 1 for the job that is claimed next, None for one that does not wait or is further back than
    FORESEEN. seconds_left: until the job is done, if the machine goes on as it did of late; None when that is
    not known. hindrance: a sentence that says why it waits although workers run, if it does.
    """

    place: int | None = None
    seconds_left: float | None = None
    hindrance: str = ""


def place_in_queue(job: Job) -> int | None:
    return outlooks([job])[job.pk].place


def seconds_left(job: Job) -> float | None:
    return outlooks([job])[job.pk].seconds_left


def outlooks(jobs: Collection[Job]) -> dict[UUID, Outlook]:
    """How things stand for each of `jobs`, in as many queries for many as for one.

    Only the number of queues, kinds and models that are in demand adds any.
    """
    found = {job.pk: Outlook() for job in jobs}
    unfinished = [job for job in jobs if not job.is_finished]
    for queue in {job.queue for job in unfinished}:
        found |= _outlooks(queue, [job for job in unfinished if job.queue == queue])
    return found


def _outlooks(queue: str, jobs: Collection[Job]) -> dict[UUID, Outlook]:
    queued = [job for job in jobs if job.status == Status.QUEUED]
    lacking = heartbeat.lacking() if queued else {}
    found = {
        job.pk: Outlook(hindrance=WAITING[lacking[job.model_id]]) for job in queued if job.model_id in lacking
    }
    waiting = [job for job in queued if job.pk not in found]
    running = [job for job in jobs if job.status == Status.RUNNING]
    if not waiting and not running:
        return found
    rows = list(_running(queue))
    line = list(_until_the_last_of(waiting, queue, lacking)) if waiting else []
    pace = {work: _pace(*work) for work in {_work_of(row) for row in [*rows, *line]}}
    work = {row["pk"]: _seconds(row, pace) for row in rows}
    found |= {job.pk: Outlook(seconds_left=_while_running(job, work, rows)) for job in running}
    places = _places(line, pace, _sum(work.values()))
    return found | {job.pk: places.get(job.pk, Outlook()) for job in waiting}


def _places(queue: Iterable[dict], pace: Pace, ahead: float | None) -> dict[UUID, Outlook]:
    """ahead: seconds of work that is being done already."""
    places = {}
    for place, row in enumerate(queue, start=1):
        ahead = _sum([ahead, _seconds(row, pace)])
        places[row["pk"]] = Outlook(place, ahead)
    return places


def _while_running(job: Job, work: dict[UUID, float | None], rows: Iterable[dict]) -> float | None:
    own = work.get(job.pk)
    if own is None:
        return _by_its_own_pace(job, rows)
    others = [None if other is None else min(own, other) for pk, other in work.items() if pk != job.pk]
    shared = _sum(others)
    return _by_its_own_pace(job, rows) if shared is None else own + shared


def _by_its_own_pace(job: Job, rows: Iterable[dict]) -> float | None:
    done = next((_progress(row) for row in rows if row["pk"] == job.pk), 0.0)
    if job.started_at is None or done < ENOUGH_PROGRESS:
        return None
    return (timezone.now() - job.started_at).total_seconds() * (1 - done) / done


def _until_the_last_of(waiting: Collection[Job], queue: str, lacking: Collection[int]) -> QuerySet:
    """The queue in its order, as far as anybody asks and it is foreseen, without what no worker can make."""
    last = max(waiting, key=lambda job: (job.finish_tag, job.created_at))
    sooner = Q(finish_tag__lt=last.finish_tag) | Q(
        finish_tag=last.finish_tag, created_at__lte=last.created_at
    )
    line = Job.objects.filter(sooner, queue=queue, status=Status.QUEUED)
    line = line.exclude(model__isnull=False, model__in=list(lacking))
    return line.order_by("finish_tag", "created_at").values("pk", "kind", "model_id", "cost")[:FORESEEN]


def _running(queue: str) -> QuerySet:
    running = Job.objects.filter(queue=queue, status=Status.RUNNING)
    return running.values("pk", "kind", "model_id", "cost", "progress", "progress_total")


def _work_of(row: dict) -> Work:
    return row["kind"], row["model_id"]


def _seconds(row: dict, pace: Pace) -> float | None:
    """Work left of a job, in seconds."""
    each = pace[_work_of(row)]
    return None if each is None else row["cost"] * (1 - _progress(row)) * each


def _sum(work: Collection[float | None]) -> float | None:
    known = [seconds for seconds in work if seconds is not None]
    return sum(known) if len(known) == len(work) else None


def _progress(row: dict) -> float:
    """The part of a job that is done, from 0 to 1."""
    return row["progress"] / row["progress_total"] if row.get("progress_total") else 0.0


def _pace(kind: str, model_id: int | None) -> float | None:
    """Seconds for a unit of cost, over the last jobs of a kind and a model; their time together is counted
    once.
    """
    done = Job.objects.filter(kind=kind, model=model_id, status=Status.DONE, started_at__isnull=False)
    rows = list(done.order_by("-finished_at")[:RECENT_JOBS].values_list("started_at", "finished_at", "cost"))
    cost = sum(row[2] for row in rows)
    return _covered((begin, end) for begin, end, _ in rows if begin and end) / cost if cost else None


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Seconds that lie within at least one of the spans."""
    total, reached = timedelta(), None
    for begin, end in sorted(spans):
        begin = begin if reached is None else max(begin, reached)
        total += max(end - begin, timedelta())
        reached = end if reached is None else max(end, reached)
    return total.total_seconds()
