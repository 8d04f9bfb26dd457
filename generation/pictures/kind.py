"""Pictures as a kind of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts import usage
from accounts.models import Outcome, User
from generation import jobs
from generation.models import PICTURES, Job, Queue, Status

from . import submission

if TYPE_CHECKING:
    from generation.jobs import Fill, JobRun

OUTCOMES = {
    Status.DONE: Outcome.DONE,
    Status.FAILED: Outcome.FAILED,
    Status.CANCELLED: Outcome.CANCELLED,
}


class Pictures(jobs.Kind):
    """A job is one request, alike for its `Output` rows, which differ by their seeds; each step of each
    picture is a part of it.
    """

    name = PICTURES
    queue = Queue.GPU
    label = "pictures"
    noun = "job"  # as the log has called it from the first day
    unit = "pictures"

    def run(self, run: JobRun) -> Fill:
        from .drawing import Drawing  # torch is for the processes that draw

        return Drawing(run).draw()

    def again(self, job: Job, *, by: User) -> Job:
        return submission.again(job, by=by)

    def ended(self, job: Job, made: int) -> None:
        """Pictures that were not made are not charged; the device's time for them is, so that asking and
        cancelling over and over is not free.
        """
        job.outputs.update(preview=None)
        usage.settle(
            job.business,
            job.pk,
            by=job.created_by,
            model=submission.model_of(job).name,
            outcome=OUTCOMES[Status(job.status)],
            pictures=made,
            gpu_seconds=job.gpu_seconds,
        )
