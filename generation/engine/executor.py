"""The resident executor: everything of torch, and the steps that all requests in flight share.

A turn is: collect what other threads have done, drop what was cancelled, admit what arrived, let the
scheduler pick calls that fit together, run the component once, resume the fibers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count

import torch
from diffusers import DiffusionPipeline

from generation.engine.adapters import acquire
from generation.engine.batch_scheduler import BatchScheduler, Waiting
from generation.engine.deterministic import Buckets, apart
from generation.engine.device import Span
from generation.engine.encodings import EncodingKey, Encodings
from generation.engine.failures import failure_of
from generation.engine.forward import Answer, OutOfMemory, forward
from generation.engine.latency_curve import LatencyCurve
from generation.engine.memory import ResidentModels, free_cached_memory
from generation.engine.offload import Offload
from generation.engine.preview import LatentPreview
from generation.engine.request import (
    DEADLINE,
    Cancelled,
    GenerationError,
    ImageRequest,
    ModelNotLoaded,
    Picture,
    Ticket,
)
from generation.engine.running import Running
from generation.engine.running_request import Parts, RunningRequest
from generation.engine.sharing import Sharing
from generation.engine.standins import Call


class Executor:
    """Belongs to the engine's thread.

    `wake` is called on other threads when there is something to collect; for the rest see Engine.
    """

    def __init__(
        self,
        load: Callable[[str], DiffusionPipeline],
        wake: Callable[[], None],
        *,
        memory_bytes: int | None,
        max_rows: int,
        deterministic: bool,
        clock: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._models = ResidentModels(load, memory_bytes)
        self._scheduler = BatchScheduler(max_rows=max_rows)
        self._buckets = Buckets(max_rows) if deterministic else None
        self._encodings = Encodings()
        self._sharing = Sharing()
        self._offload = Offload(wake)
        self._previews: dict[str, LatentPreview] = {}
        self._tiled: set[Hashable] = set()  # places where one decode does not fit into memory whole
        self._queue: deque[tuple[Ticket, float]] = deque()
        self._runs: dict[int, RunningRequest] = {}
        self._running: Running | None = None
        self._held: dict[str, int] = {}  # the most bytes that a request of a model has held
        self._numbers = count()

    def take(self, arrived: Iterable[tuple[Ticket, float]]) -> None:
        """Queue tickets, each with its time of arrival."""
        self._queue.extend(arrived)

    def turn(self) -> bool:
        """Whether a component ran, so that there may be more to do at once."""
        self._settle()
        self._collect()
        self._drop_late()
        self._drop_cancelled()
        self._admit()
        self._answer_alike()
        chosen = self._scheduler.pick(self._waiting(), self._clock())
        if chosen:
            self._run(chosen)
        return bool(chosen)

    def patience(self) -> float | None:
        """Seconds until the next deadline, which nothing else would wake the engine for."""
        ends = [end for _, end in self._deadlines()]
        return max(0.0, min(ends) - self._clock()) if ends else None

    def record(self, place: Hashable, curve: LatencyCurve) -> None:
        """Start from a measured curve at a place of the scheduler."""
        self._scheduler.record(place, curve)

    def end_all(self, outcome: GenerationError | Cancelled) -> None:
        tickets = [ticket for ticket, _ in self._queue]
        self._queue.clear()
        # Both on a device that may be lost; unwinding runs the pipeline's own clean-up.
        with suppress(Exception):
            self._settle()
        for run in self._runs.values():
            tickets.append(run.ticket)
            with suppress(Exception):
                run.fiber.kill()
        self._runs.clear()
        self._offload.close()
        for ticket in tickets:
            ticket.finish(outcome)

    def _collect(self) -> None:
        """Go on with those whose work on another thread is done."""
        for number, answer, seconds in self._offload.collect():
            run = self._runs[number]
            if run.waiting is None:
                self._end(run, failure_of(answer.error) if answer.error else run.picture(answer.value))
                continue
            run.ticket.seconds += seconds
            self._advance(run, partial(run.resume, answer))

    def _waiting(self) -> list[Waiting]:
        """The calls to choose from. Of several that ask a text encoder the same, the first asks for all."""
        waiting: list[Waiting] = []
        asked: set[EncodingKey] = set()
        for run in self._runs.values():
            if run.waiting is None or run.number in self._offload or run.encoding in asked:
                continue
            if run.encoding is not None:
                asked.add(run.encoding)
            waiting.append(self._keyed(run.waiting, run.call))
        return waiting

    def _keyed(self, waiting: Waiting, call: Call) -> Waiting:
        """With a key that only those have whose calls may be shared with this one."""
        if self._sharing.is_refused([call]):
            return replace(waiting, key=(waiting.key, waiting.request))
        return apart(waiting, call) if self._buckets else waiting

    def _answer_alike(self) -> None:
        """Let those go on whose text another one has had encoded meanwhile."""
        for run in list(self._runs.values()):
            if run.encoding is not None and run.number not in self._offload:
                self._advance(run, lambda: None)

    def _deadlines(self) -> Iterator[tuple[Ticket, float]]:
        """Open tickets that have one, and when it is by the clock."""
        running = [(run.ticket, run.arrived) for run in self._runs.values()]
        for ticket, arrived in (*self._queue, *running):
            if ticket.request.deadline is not None:
                yield ticket, arrived + ticket.request.deadline

    def _drop_late(self) -> None:
        for ticket, end in self._deadlines():
            if self._clock() >= end:
                ticket.cancel(DEADLINE)

    def _drop_cancelled(self) -> None:
        for run in list(self._runs.values()):
            if run.ticket.cancelled is not None:
                run.fiber.kill()
                run.ticket.seconds += self._offload.drop(run.number)
                self._end(run, Cancelled(run.ticket.cancelled))
        kept = [entry for entry in self._queue if entry[0].cancelled is None]
        for ticket, _ in self._queue:
            if ticket.cancelled is not None:
                ticket.finish(Cancelled(ticket.cancelled))
        self._queue = deque(kept)

    def _admit(self) -> None:
        """Start what waits, in order. One that must wait for memory holds back those behind it."""
        while self._queue and self._has_room(self._queue[0][0].request):
            ticket, arrived = self._queue[0]
            try:
                self._start(ticket, arrived)
            except ModelNotLoaded as error:
                self._refuse_alike(ticket.request.models, error)
                continue
            except GenerationError as error:
                ticket.finish(error)
            # Not before: who is on the way when the device is lost must hear of it.
            self._queue.popleft()

    def _refuse_alike(self, models: tuple[str, ...], error: ModelNotLoaded) -> None:
        """End all that wait for these models: a load that failed is not tried again for each of them."""
        for ticket, _ in self._queue:
            if ticket.request.models == models:
                ticket.finish(error)
        self._queue = deque(entry for entry in self._queue if entry[0].request.models != models)

    def _has_room(self, request: ImageRequest) -> bool:
        for run in self._runs.values():
            name = run.ticket.request.model
            self._held[name] = max(self._held.get(name, 0), run.held)
        # One that has not denoised yet will hold what the largest of its model did.
        held = [run.held or self._held[run.ticket.request.model] for run in self._runs.values()]
        return self._models.can_acquire(*request.models) and self._scheduler.may_start(held)

    def _start(self, ticket: Ticket, arrived: float) -> None:
        request = ticket.request
        pipeline, *controls = self._models.acquire_all(request.models)
        self._encodings.retain(self._models.resident)
        preview = self._previews.setdefault(request.model, LatentPreview())
        try:
            in_use = {name for run in self._runs.values() for name in run.adapters}
            parts = Parts(pipeline, controls, acquire(pipeline, request.loras, in_use))
            if request.loras:
                self._models.weigh(request.model)
            run = RunningRequest(next(self._numbers), ticket, parts, preview, arrived)
        except Exception as error:  # a pipeline that cannot be copied or called fails its request only
            self._models.release(*request.models)
            raise failure_of(error) from None
        self._runs[run.number] = run
        ticket.begun = True
        self._advance(run, run.start)

    def _run(self, chosen: list[Waiting]) -> None:
        """One component call for the chosen rows, then let each fiber run on to its next call."""
        runs = [self._runs[call.request] for call in chosen]
        rows, place = sum(call.rows for call in chosen), chosen[0].place
        bucket = self._buckets.size(chosen[0], rows) if self._buckets else 0
        calls = [run.call for run in runs]
        is_usual = len(calls) == 1 or self._sharing.is_proven(calls)
        span = Span(self._clock)
        try:
            answers = forward(calls, self._sharing, rows=bucket, tiled=place in self._tiled)
        except OutOfMemory:
            self._make_room(chosen, bucket or rows)
            return
        span.end()
        self._running = Running(chosen, runs, span, is_usual)
        for run, answer in zip(runs, answers, strict=True):
            if run.encoding is not None and answer.error is None:
                self._encodings.keep(run.encoding, answer.value)
            self._advance(run, partial(run.resume, answer))

    def _settle(self) -> None:
        """Wait for the device, which had the fibers' work to do meanwhile."""
        if self._running is not None:
            self._running.charge(self._scheduler)
            self._running = None

    def _make_room(self, chosen: list[Waiting], rows: int) -> None:
        """`rows` rows did not fit: from now on run fewer at this place, or one decode tile by tile."""
        place = chosen[0].place
        if self._buckets and chosen[0].denoising:
            rows = self._buckets.narrow(place)
            self._scheduler.narrow(place, 2 * rows)
        elif len(chosen) > 1:
            self._scheduler.narrow(place, rows)
        else:
            self._tiled.add(place)
        self._encodings.retain(())
        free_cached_memory()

    def _advance(self, run: RunningRequest, move: Callable[[], None]) -> None:
        """Let a fiber run to its next call or its end."""
        try:
            move()
            while (answer := self._shortcut(run)) is not None:
                run.resume(answer)
            work = run.work_elsewhere()
        except torch.AcceleratorError:
            raise  # the device is lost for the whole process
        except Exception as error:  # of pipeline, component or on_progress: this request's fault
            self._end(run, failure_of(error))
        else:
            if work is not None:
                self._offload.send(run.number, work)

    def _shortcut(self, run: RunningRequest) -> Answer | None:
        """The answer to a parked call that needs no component to run."""
        if run.encoding is None:
            return run.foretold()
        known = self._encodings.find(run.encoding)
        return None if known is None else Answer(known)

    def _end(self, run: RunningRequest, outcome: Picture | GenerationError | Cancelled) -> None:
        self._settle()  # what the ticket is told to have taken is all of it
        del self._runs[run.number]
        self._models.release(*run.ticket.request.models)
        run.ticket.finish(outcome)
