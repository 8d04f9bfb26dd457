"""One job being made: from its row to requests of the engine, from pictures to files, with beats in between.

It runs on one thread of the worker; the engine only leaves word of progress. Knows nothing of Celery.
"""

import contextlib
import io
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from PIL import Image

from generation import jobs, provenance, registry
from generation.engine import (
    DEADLINE,
    Cancelled,
    Engine,
    GenerationError,
    ImageRequest,
    ModelNotLoaded,
    Progress,
    Ticket,
)
from generation.files import storage
from generation.jobs import FrameProgress, HeartbeatReply, LeaseLost, StoredPicture
from generation.models import Job, Output
from generation.trace import trace_of
from generation.worker import finish_picture

PREVIEW_SIDE = 96  # pixels
SHOW_EVERY = 0.5  # seconds between beats while there is progress to show
LISTEN_EVERY = 1.0  # seconds between beats in any case: how soon a cancel is heard
WIND_DOWN_LOOK = 0.05  # seconds between looks at whether the device has let a cancelled job go
STUCK_AFTER = 1800.0  # seconds without a step, in which the slowest disk loads the largest model
AWAY = (OperationalError, InterfaceError)  # the database is not there, or has sent us away

log = logging.getLogger(__name__)


class JobCancelled(Exception):
    """Somebody asked to cancel the job."""


class Stuck(Exception):
    """The engine has made no step for very long."""


class EngineLost(Exception):
    """The engine, or its device, is gone for this whole process."""


class ShuttingDown(Exception):
    """The worker is to end before the job is made."""


class JobRun:
    """Makes a claimed job and ends it, whatever happens.

    going_home: set when the worker is to end; the job then goes back to the queue.
    """

    def __init__(self, job: Job, engine: Engine, going_home: threading.Event) -> None:
        self._job = job
        self._engine = engine
        self._going_home = going_home
        self._outputs = list(job.outputs.filter(cancelled_at=None).defer("preview").order_by("index"))
        self._tickets: dict[int, Ticket] = {}
        self._progress: dict[int, Progress] = {}  # The engine's thread writes it.
        self._shown: dict[int, Progress] = {}
        self._stored: dict[int, StoredPicture] = {}
        self.found_engine_stuck = False
        self._beat_at = self._heard_at = self._news_at = time.monotonic()

    def run(self) -> None:
        try:
            self._insist(self._make())
        except EngineLost:
            # No beats any more: when the lease has run out, the sweep hands it to another process. The
            # attempt counts, so that a job that breaks every engine is given up in the end.
            log.error("job %s: the engine is lost; left to the sweep", self._job.pk)
        except LeaseLost:
            log.warning("job %s: another's by now, or ended; dropped", self._job.pk)
        except AWAY:
            log.warning("job %s: the database is away for longer than the lease; dropped", self._job.pk)
        finally:
            for ticket in self._tickets.values():
                ticket.cancel("dropped")

    def _make(self) -> Callable[[], object]:
        """Make the pictures; the answer is how the job is to end."""
        job = self._job
        try:
            self._submit()
            self._follow()
            return partial(jobs.finish, job, list(self._stored.values()), self._seconds)
        except (LeaseLost, EngineLost, *AWAY):
            raise
        except JobCancelled:
            return partial(jobs.stop, job, self._seconds)
        except ShuttingDown:
            return partial(jobs.give_back, job, self._seconds)
        except Cancelled as word:
            if word.reason == DEADLINE:
                return partial(jobs.fail, job, "deadline", self._seconds)
            return partial(jobs.give_back, job, self._seconds)  # by the ending engine alone
        except ModelNotLoaded:
            log.warning("job %s: given back, as its model could not be loaded here", job.pk)
            return partial(jobs.give_back, job)
        except GenerationError as error:
            if error.reason == "engine_lost":
                return self._without_engine()
            log.error("job %s: %s", job.pk, error)
            return partial(jobs.fail, job, error.reason, self._seconds)
        except Stuck:
            self.found_engine_stuck = True
            log.error("job %s: no step for %s seconds", job.pk, STUCK_AFTER)
            return partial(jobs.fail, job, "timed_out", self._seconds)
        except storage.NotStored as error:
            log.error("job %s: %s", job.pk, error)
            return partial(jobs.fail, job, error.reason, self._seconds)
        except provenance.NotMarked as error:
            log.error("job %s: %s", job.pk, error)
            return partial(jobs.fail, job, "not_marked", self._seconds)
        except Exception as error:  # Whatever it was, the job must end, and the next one be made.
            log.error("job %s: %s", job.pk, trace_of(error))
            return partial(jobs.fail, job, "internal", self._seconds)

    def _without_engine(self) -> Callable[[], object]:
        """The engine was stopped, as the worker ends in good order, or broke before it had the job; or else
        it broke with the job. Raises EngineLost.
        """
        if self._going_home.is_set() or not self._tickets:
            return partial(jobs.give_back, self._job)
        raise EngineLost

    def _submit(self) -> None:
        request, share = self._job.request, str(self._job.business_id)
        tuning = registry.tuning_of(self._job.model)
        row_skip = tuning.settings.row_skip if tuning else 0.0
        for output in self._outputs:
            wanted = ImageRequest(
                **asdict(request),
                model=self._job.model.hash,
                seed=output.seed,
                share=share,
                row_skip=row_skip,
            )
            on_progress = partial(self._progress.__setitem__, output.index)
            self._tickets[output.index] = self._engine.submit(wanted, on_progress)

    def _follow(self) -> None:
        """Until all pictures are stored."""
        try:
            while self._missing:
                self._wait()
                self._beat_if_due()
                self._store_one()
        except JobCancelled:
            self._wind_down()
            raise

    def _wind_down(self) -> None:
        """Let the device end what it is at for this job: that is paid for too."""
        for ticket in self._tickets.values():
            ticket.cancel("withdrawn")
        while any(ticket.is_under_way for ticket in self._tickets.values()) and not self._going_home.is_set():
            time.sleep(WIND_DOWN_LOOK)
            with contextlib.suppress(JobCancelled):
                self._beat_if_due()

    @property
    def _seconds(self) -> float:
        """Of the device, for all pictures of the job, made or not."""
        return sum(ticket.seconds for ticket in self._tickets.values())

    def _wait(self) -> None:
        """Until a picture is there, or it is time to look around."""
        waiting = [self._tickets[output.index] for output in self._missing]
        if not any(ticket.done() for ticket in waiting):
            with contextlib.suppress(TimeoutError):
                waiting[0].result(timeout=SHOW_EVERY / 2)
        if self._going_home.is_set():
            raise ShuttingDown

    def _store_one(self) -> None:
        """Store one finished picture, not all, so that beats go on in between.

        Raises what its ticket raises.
        """
        for output in self._missing:
            ticket = self._tickets[output.index]
            if ticket.done():
                picture = ticket.result()
                self._stored[output.index] = finish_picture.store(self._job, output, picture)
                return

    def _beat_if_due(self) -> None:
        news = {
            index: word for index, word in self._progress.copy().items() if word is not self._shown.get(index)
        }
        if news:
            self._news_at = time.monotonic()
        elif time.monotonic() - self._news_at > STUCK_AFTER:
            raise Stuck
        silence = time.monotonic() - self._beat_at
        if silence < (SHOW_EVERY if news else self._listen_every):
            return
        self._beat_at = time.monotonic()
        try:
            frames = [_frame(index, word) for index, word in news.items()]
            lease = jobs.beat(self._job, frames, self._seconds)
            self._drop_cancelled()
        except AWAY:
            connection.close()
            if self._lease_has_run_out():
                raise
            return
        self._shown.update(news)
        self._heard_at = time.monotonic()
        if lease is HeartbeatReply.LOST:
            raise LeaseLost
        if lease is HeartbeatReply.CANCELLED:
            raise JobCancelled

    @property
    def _missing(self) -> list[Output]:
        return [output for output in self._outputs if output.index not in self._stored]

    def _drop_cancelled(self) -> None:
        """Make no more of the pictures that somebody took out of the job meanwhile."""
        taken_out = self._job.outputs.filter(cancelled_at__isnull=False)
        gone = set(taken_out.values_list("index", flat=True))
        for index in gone & self._tickets.keys():
            self._tickets[index].cancel("taken out")
        self._outputs = [output for output in self._outputs if output.index not in gone]

    @property
    def _listen_every(self) -> float:
        return min(LISTEN_EVERY, settings.LEASE.total_seconds() / 4)

    def _lease_has_run_out(self) -> bool:
        return time.monotonic() - self._heard_at > settings.LEASE.total_seconds()

    def _insist(self, end: Callable[[], object]) -> None:
        """End the job, trying again while the database is away, for as long as nobody else can have got the
        job.

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
                time.sleep(SHOW_EVERY)


def _frame(index: int, word: Progress) -> FrameProgress:
    return FrameProgress(index, word.step, None if word.preview is None else _small(word.preview))


def _small(image: Image.Image) -> bytes:
    preview = image.convert("RGB")
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    buffer = io.BytesIO()
    preview.save(buffer, "WEBP", quality=60)
    return buffer.getvalue()
