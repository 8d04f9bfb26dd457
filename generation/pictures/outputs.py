"""The frames of a job of pictures: how far each is, one taken out by a person or withheld, all filled at the
end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet, Sum

from accounts import audit, roles, usage
from accounts.models import Role, User
from generation import jobs
from generation.models import Incident, Job, Output
from generation.models.clock import DatabaseClock

from . import floor, incidents, withdrawal

FILLED = ["step", "file", "sha256", "bytes", "thumbnail", "generation_record"]


@dataclass(frozen=True, slots=True)
class FrameProgress:
    """How far one picture is. preview: a small WebP, None: as before."""

    index: int
    step: int
    preview: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """A picture of a job that is on disk. file, thumbnail: relative to the media folder; sha256, bytes: of
    the file; generation_record: what reproduces its pixels.
    """

    index: int
    file: str
    sha256: str
    bytes: int
    thumbnail: str
    generation_record: dict[str, object]


SHOW = """
WITH held AS (
    SELECT id FROM generation_job
    WHERE id = %(id)s AND epoch = %(epoch)s AND claimed_by = %(claimed_by)s AND status = 'running'
), progress AS (
    UPDATE generation_output AS output
    SET step = frame.step, preview = COALESCE(frame.preview, output.preview)
    FROM held,
        unnest(%(indices)s::int[], %(steps)s::int[], %(previews)s::bytea[]) AS frame(index, step, preview)
    WHERE output.job_id = held.id AND output.index = frame.index
)
SELECT index FROM generation_output WHERE job_id = %(id)s AND cancelled_at IS NOT NULL
"""


def show(job: Job, frames: Sequence[FrameProgress] = ()) -> set[int]:
    """Show how far pictures are, while the job is held; which of its pictures were taken out of it.

    job: as `jobs.claim` returned it. One statement.
    """
    values: dict[str, Any] = {
        "id": job.pk,
        "epoch": job.epoch,
        "claimed_by": job.claimed_by,
        "indices": [frame.index for frame in frames],
        "steps": [frame.step for frame in frames],
        "previews": [frame.preview for frame in frames],
    }
    with connection.cursor() as cursor:
        cursor.execute(SHOW, values)
        return {row[0] for row in cursor.fetchall()}


def to_be_made(job: Job) -> QuerySet[Output]:
    """The frames that are to be filled, in order: neither taken out of the job nor withheld."""
    return job.outputs.filter(cancelled_at=None, incident=None).defer("preview").order_by("index")


def filled(pictures: Sequence[StoredPicture]) -> jobs.Fill:
    """What fills a job's frames with `pictures`, for `jobs.finish`. It raises JobFailed where all were
    withheld.
    """

    def fill(row: Job) -> int:
        return _fill(row, pictures)

    return fill


@transaction.atomic
def cancel(output: Output, *, by: User) -> None:
    """Take one picture out of its job, which goes on with the others; the last one ends it.

    What is made, or has ended, stays as it is.
    """
    roles.require(by, output.job.business, Role.EDITOR)
    row = Job.objects.select_for_update(of=("self",)).select_related("business").get(pk=output.job_id)
    if row.is_finished or row.cancel_requested_at:
        return
    if not _has_others(row, output):
        jobs.withdraw(row, by=by)
    elif _take_out(row, output):
        audit.record(by, "output.cancelled", output, business=row.business)


@transaction.atomic
def withhold(job: Job, output: Output, *, rule: str, sha256: str) -> None:
    """Take a picture that must not be kept out of a job, which goes on with the others; where it is the last,
    `filled` fails the job.

    Its incident is written with it: an attempt that is made again leaves the frame alone, so that there is
    never another incident of it. job: as `jobs.claim` returned it; sha256: of the pixels. Raises LeaseLost,
    having changed nothing.
    """
    row = jobs.locked(job)
    stage = Incident.Stage.PICTURE
    incidents.open_incident_of(row, stage=stage, rule=rule, output=output, sha256=sha256)
    Output.objects.filter(pk=output.pk).update(preview=None)
    if _has_others(row, output):
        _take_out(row, output)


def _has_others(row: Job, output: Output) -> bool:
    return row.outputs.filter(cancelled_at=None).exclude(pk=output.pk).exists()


def _take_out(row: Job, output: Output) -> bool:
    """Go on without a picture in a job whose row the caller has locked. False: it was out already."""
    wanted = row.outputs.filter(cancelled_at=None)
    if not wanted.filter(pk=output.pk).update(cancelled_at=DatabaseClock(), preview=None):
        return False
    left = wanted.aggregate(step=Sum("step"), steps=Sum("steps"))
    share = left["steps"] / row.progress_total
    Job.objects.filter(pk=row.pk).update(
        cost=F("cost") * share, progress=left["step"], progress_total=left["steps"]
    )
    usage.release_one(row.pk)
    return True


def _fill(row: Job, pictures: Sequence[StoredPicture]) -> int:
    """How many frames were filled. A picture that was cancelled while it was made is dropped."""
    # Locked: whoever withdraws a twin meanwhile finds these made, or `follow` finds it withdrawn.
    wanted = to_be_made(row).select_for_update(no_key=True, of=("self",)).order_by("pk")
    frames = {frame.index: frame for frame in wanted}
    if not frames:
        rule = row.incidents.filter(stage=Incident.Stage.PICTURE).latest("at").rule
        raise jobs.JobFailed("withheld", sentence=floor.sentence_of(rule))
    pictures = [picture for picture in pictures if picture.index in frames]
    if sorted(frames) != sorted(picture.index for picture in pictures):
        raise ValueError(f"job {row.pk} wants {len(frames)} pictures, each once")
    for picture in pictures:
        frame = frames[picture.index]
        frame.step = frame.steps
        frame.file, frame.sha256, frame.bytes = picture.file, picture.sha256, picture.bytes
        frame.thumbnail, frame.generation_record = picture.thumbnail, picture.generation_record
    Output.objects.bulk_update(frames.values(), FILLED)
    withdrawal.follow(frames.values())
    return len(frames)
