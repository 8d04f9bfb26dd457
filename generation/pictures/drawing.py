"""One job of pictures being made: from its row to requests of the engine, from pictures to files.

It runs on one thread of the worker; the engine only leaves word of progress.
"""

import contextlib
import io
import logging
import time
from dataclasses import asdict
from functools import cached_property, partial

from django.db import connection
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
from generation.jobs import JobCancelled, JobFailed, JobGivenBack, JobRun
from generation.jobs.job_run import AWAY
from generation.models import Incident, Output, PictureRequest
from generation.safety import pictures as safety

from . import finish_picture, incidents, outputs, request_rules
from .outputs import FrameProgress, StoredPicture
from .submission import model_of

PREVIEW_SIDE = 96  # pixels
SHOW_EVERY = 0.5  # seconds between beats while there is progress to show
LISTEN_EVERY = 1.0  # seconds between beats in any case: how soon a cancel is heard
WIND_DOWN_LOOK = 0.05  # seconds between looks at whether the device has let a cancelled job go
STUCK_AFTER = 1800.0  # seconds without a step, in which the slowest disk loads the largest model

log = logging.getLogger(__name__)


class Drawing:
    """Makes the pictures of a claimed job."""

    def __init__(self, run: JobRun) -> None:
        assert run.engine is not None, "only a worker with an engine claims pictures"
        self._run, self._job = run, run.job
        self._engine: Engine = run.engine
        self._outputs: list[Output] = list(outputs.to_be_made(self._job))
        self._tickets: dict[int, Ticket] = {}
        self._progress: dict[int, Progress] = {}  # The engine's thread writes it.
        self._shown: dict[int, Progress] = {}
        self._stored: dict[int, StoredPicture] = {}
        self._beat_at = self._news_at = time.monotonic()

    def draw(self) -> jobs.Fill:
        """All the pictures that may be kept, stored. Raises as `jobs.job_run` has it."""
        try:
            self._submit()
            self._follow()
            return outputs.filled(list(self._stored.values()))
        except Cancelled as word:
            if word.reason == DEADLINE:
                raise JobFailed("deadline") from word
            raise JobGivenBack from word  # by the ending engine alone
        except ModelNotLoaded as error:
            log.warning("job %s: given back, as its model could not be loaded here", self._job.pk)
            raise JobGivenBack from error
        except GenerationError as error:
            if error.reason == "engine_lost":
                raise self._without_engine() from error
            raise JobFailed(error.reason, detail=str(error)) from error
        except provenance.NotMarked as error:
            raise JobFailed("not_marked", detail=str(error)) from error
        finally:
            self._keep_time()
            for ticket in self._tickets.values():
                ticket.cancel("dropped")

    def _without_engine(self) -> Exception:
        """The engine was stopped, as the worker ends in good order, or broke before it had the job; or else
        it broke with the job, and will make no other.
        """
        if self._run.going_home.is_set() or not self._tickets:
            return JobGivenBack()
        return jobs.JobAbandoned("the engine is lost")

    def _submit(self) -> None:
        request, share = PictureRequest.of(self._job), str(self._job.business_id)
        self._refuse(request)
        model = model_of(self._job)
        tuning = registry.tuning_of(model)
        row_skip = tuning.settings.row_skip if tuning else 0.0
        for output in self._outputs:
            wanted = ImageRequest(
                **asdict(request),
                model=model.hash,
                seed=output.seed,
                share=share,
                row_skip=row_skip,
            )
            on_progress = partial(self._progress.__setitem__, output.index)
            self._tickets[output.index] = self._engine.submit(wanted, on_progress)

    def _refuse(self, request: PictureRequest) -> None:
        """Whatever way the job came by: from the time before a rule, or by a row that somebody wrote."""
        if refusal := request_rules.refusal_of(request):
            incidents.open_incident_of(self._job, stage=Incident.Stage.WORDS, rule=refusal.rule.key)
            raise JobFailed("refused", sentence=refusal.sentence)

    def _follow(self) -> None:
        """Until all pictures are stored or withheld."""
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
        going_home = self._run.going_home
        while any(ticket.is_under_way for ticket in self._tickets.values()) and not going_home.is_set():
            time.sleep(WIND_DOWN_LOOK)
            with contextlib.suppress(JobCancelled, JobGivenBack):
                self._beat_if_due()

    def _keep_time(self) -> None:
        """Of the device, for all pictures of the job, made or not."""
        self._run.seconds = sum(ticket.seconds for ticket in self._tickets.values())

    def _wait(self) -> None:
        """Until a picture is there, or it is time to look around."""
        waiting = [self._tickets[output.index] for output in self._missing]
        if not any(ticket.done() for ticket in waiting):
            with contextlib.suppress(TimeoutError):
                waiting[0].result(timeout=SHOW_EVERY / 2)
        if self._run.going_home.is_set():
            raise JobGivenBack

    def _store_one(self) -> None:
        """Store or withhold one finished picture, not all, so that beats go on in between.

        Raises what its ticket raises.
        """
        for output in self._missing:
            ticket = self._tickets[output.index]
            if ticket.done():
                about_minors = self._about_minors
                stored = finish_picture.store(self._job, output, ticket.result(), about_minors=about_minors)
                if stored:
                    self._stored[output.index] = stored
                else:
                    self._outputs.remove(output)
                return

    def _beat_if_due(self) -> None:
        # Nothing more of what was taken out, so that no preview outlives its picture.
        words = {frame.index: word for frame in self._outputs if (word := self._progress.get(frame.index))}
        news = {index: word for index, word in words.items() if word is not self._shown.get(index)}
        if news:
            self._news_at = time.monotonic()
        elif time.monotonic() - self._news_at > STUCK_AFTER:
            raise jobs.ProcessBroken("timed_out", detail=f"no step for {STUCK_AFTER} seconds")
        silence = time.monotonic() - self._beat_at
        if silence < (SHOW_EVERY if news else self._listen_every):
            return
        self._beat_at = time.monotonic()
        self._keep_time()
        if self._run.beat(self._steps_done) and self._show(news):
            self._shown.update(news)

    def _show(self, news: dict[int, Progress]) -> bool:
        """Also stop making the pictures that somebody took out of the job meanwhile. False: the database went
        away just now.
        """
        try:
            gone = outputs.show(self._job, [_frame(index, word) for index, word in news.items()])
        except AWAY:
            connection.close()
            return False
        for index in gone & self._tickets.keys():
            self._tickets[index].cancel("taken out")
        self._outputs = [output for output in self._outputs if output.index not in gone]
        return True

    @cached_property
    def _about_minors(self) -> bool:
        """Whether the words speak of minors: read once, as all pictures of the job have the same."""
        return safety.speaks_of_minors(request_rules.words_of(PictureRequest.of(self._job)))

    @property
    def _steps_done(self) -> int:
        return sum(word.step for output in self._outputs if (word := self._progress.get(output.index)))

    @property
    def _missing(self) -> list[Output]:
        return [output for output in self._outputs if output.index not in self._stored]

    @property
    def _listen_every(self) -> float:
        return min(LISTEN_EVERY, self._run.lease.total_seconds() / 4)


def _frame(index: int, word: Progress) -> FrameProgress:
    return FrameProgress(index, word.step, None if word.preview is None else _small(word.preview))


def _small(image: Image.Image) -> bytes:
    preview = image.convert("RGB")
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    buffer = io.BytesIO()
    preview.save(buffer, "WEBP", quality=60)
    return buffer.getvalue()
