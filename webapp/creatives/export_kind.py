"""Sets of files as a kind of work."""

from datetime import timedelta

from accounts.models import Role, User
from generation import jobs
from generation.models import Job, Queue
from webapp.models.export import EXPORT

TRY_AGAIN = "Try again; if that does not help, ask whoever runs this machine to look into the worker’s log."


class Exports(jobs.Kind):
    """A job makes the archive of its `Export` row; each file is a part of it."""

    name = EXPORT
    queue = Queue.CPU
    label = "exports"
    noun = "export"
    unit = "files"
    role = Role.VIEWER
    reasons = {
        "not_exported": "The files could not be made.",
        "worker_died": f"The files could not be made: {jobs.Kind.attempts} tries broke off. {TRY_AGAIN}",
        "internal": f"The files could not be made. {TRY_AGAIN}",
    }

    @property
    def lease(self) -> timedelta:
        return 4 * super().lease  # for one file, which is longer than a picture's beats are apart

    def run(self, run: jobs.JobRun) -> jobs.Fill:
        from . import exports  # Typst and its fonts are for the processes that set type

        return exports.make(run)

    def again(self, job: Job, *, by: User) -> Job:
        from . import exports

        return exports.again(job, by=by)
