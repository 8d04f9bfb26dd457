"""One claimed job, from the code of its kind to its end, with beats in between.

What the code of a kind raises says how the job ends: a database that went away costs the attempt, whatever
nobody foresaw ends the job as "internal", and the next one is made. Knows nothing of Celery, and imports
nothing that draws.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, connection

from generation.files import storage
from generation.models import Job
from generation.trace import trace_of

from . import ending, lease
from .kinds import Fill, kind_of
from .lease import HeartbeatReply, LeaseLost

if TYPE_CHECKING:
    from generation.engine import Engine

AGAIN_AFTER = 0.5  # seconds between two tries to end a job while the database is away
AWAY = (OperationalError, InterfaceError)  # the database is not there, or has sent us away

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """The job cannot be done. code: of `jobs.reasons` or the kind's own; sentence: for the person, in place
    of that of the code; detail: for the log, never what somebody wrote.
    """

    def __init__(self, code: str, *, sentence: str = "", detail: str = "") -> None:
        super().__init__(detail or code)
        self.code, self.sentence = code, sentence


class ProcessBroken(JobFailed):
    """The same, and this process can do no more: it is to end, so that a new one can start."""


class JobCancelled(Exception):
    """Somebody asked to cancel the job."""


class JobGivenBack(Exception):
    """Another worker, or this one later, is to do the job; this attempt does not count."""


class JobAbandoned(Exception):
    """Neither done nor given back: when the lease has run out, the sweep hands it to another process. The
    attempt counts, so that a job that breaks every worker is given up in the end.
    """


class JobRun:
    """A claimed job in the hands of its worker.

    seconds: of the device, so far; whoever does the work keeps it. going_home: set when the worker is to end.
    engine: the worker's, in the gpu queue. broke_process: this process is to end; gave_back: it should not
    claim at once again.
    """

    def __init__(self, job: Job, going_home: threading.Event, engine: Engine | None = None) -> None:
        self.job, self.going_home, self.engine = job, going_home, engine
        self.seconds = 0.0
        self.broke_process = self.gave_back = False
        self._kind = kind_of(job)
        self._heard_at = time.monotonic()

    @property
    def lease(self) -> timedelta:
        return self._kind.lease

    @property
    def hangs(self) -> bool:
        """Whether nothing was heard of it for twice its lease: somebody else has the job by now, and this
        process would keep a place for it for ever.
        """
        return self._leases_of_silence() > 2

    def run(self) -> None:
        """Do the job and end it, whatever happens."""
        job = self.job
        try:
            self._insist(self._outcome())
        except JobAbandoned as why:
            log.error("job %s: %s; left to the sweep", job.pk, why)
        except LeaseLost:
            log.warning("job %s: another's by now, or ended; dropped", job.pk)
        except AWAY:
            log.warning("job %s: the database is away for longer than the lease; dropped", job.pk)

    def beat(self, progress: int | None = None) -> bool:
        """Show how many parts are done, and keep the lease. False: the database is away, but not for long.

        Raises LeaseLost, JobCancelled, JobGivenBack when the worker is to end, and the database's own error
        when it is away for longer than the lease.
        """
        if self.going_home.is_set():
            raise JobGivenBack
        try:
            reply = lease.beat(self.job, progress, self.seconds)
        except AWAY:
            connection.close()
            if self._lease_has_run_out():
                raise
            return False
        self._heard_at = time.monotonic()
        if reply is HeartbeatReply.LOST:
            raise LeaseLost
        if reply is HeartbeatReply.CANCELLED:
            raise JobCancelled
        return True

    def _lease_has_run_out(self) -> bool:
        """Whether somebody else can have got the job, as nothing was heard of the database for so long."""
        return self._leases_of_silence() > 1

    def _leases_of_silence(self) -> float:
        return (time.monotonic() - self._heard_at) / self.lease.total_seconds()

    def _outcome(self) -> Callable[[], object]:
        """Do the work; the answer is how the job is to end."""
        try:
            fill = self._kind.run(self)
        except (LeaseLost, JobAbandoned):
            raise
        except AWAY as error:
            if self._lease_has_run_out():
                raise
            log.warning("job %s: broken off by the database (%s)", self.job.pk, type(error).__name__)
            return partial(ending.lose_attempt, self.job, self.seconds)
        except Exception as error:
            return self._ending_after(error)
        return partial(self._finish, fill)

    def _finish(self, fill: Fill) -> None:
        try:
            ending.finish(self.job, fill, self.seconds)
        except (LeaseLost, *AWAY):
            raise
        except Exception as error:
            self._ending_after(error)()

    def _ending_after(self, error: Exception) -> Callable[[], object]:
        """How the job is to end, as its code raised `error`. Whatever that was, the next one must be made."""
        job = self.job
        match error:
            case JobCancelled():
                return partial(ending.stop, job, self.seconds)
            case JobGivenBack():
                self.gave_back = True
                return partial(ending.give_back, job, self.seconds)
            case JobFailed():
                log.error("job %s: %s", job.pk, error)
                self.broke_process = isinstance(error, ProcessBroken)
                return partial(ending.fail, job, error.code, self.seconds, error.sentence)
            case storage.NotStored():
                log.error("job %s: %s", job.pk, error)
                return partial(ending.fail, job, error.reason, self.seconds)
            case _:
                log.error("job %s: %s", job.pk, trace_of(error))
                return partial(ending.fail, job, "internal", self.seconds)

    def _insist(self, end: Callable[[], object]) -> None:
        """End the job, trying again while the database is away, for as long as nobody else can have got it.

        An answer lost on the way is harmless: the second try finds that the fence no longer lets it pass.
        """
        while True:
            try:
                end()
                return
            except AWAY:
                connection.close()
                if self._lease_has_run_out():
                    raise
                time.sleep(AGAIN_AFTER)
