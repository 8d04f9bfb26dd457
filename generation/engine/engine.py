"""The resident engine: one thread that owns everything of torch and shares denoising steps between requests.

A turn is: admit what arrived, drop what was cancelled, let the schedule pick calls that fit together, run the
component once, resume the fibers. It knows nothing of jobs, accounts or databases.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import diffusers
import torch
from diffusers import DiffusionPipeline

from generation.engine.flight import Flight
from generation.engine.forward import OutOfMemory, forward, is_out_of_memory
from generation.engine.memory import ResidentModels, free_cached_memory
from generation.engine.preview import LatentPreview
from generation.engine.request import (
    Cancelled,
    GenerationError,
    ImageRequest,
    Picture,
    Progress,
    Reason,
    Ticket,
)
from generation.engine.schedule import Schedule, Waiting
from generation.engine.stats import EngineStats, ModelStats

log = logging.getLogger(__name__)


class Engine:
    """Makes pictures with any diffusers text-to-image pipeline, many at once.

    `load` turns a request's `model` into a pipeline on its device; it runs on the engine's thread.
    `memory_bytes` bounds the weights kept loaded, `max_rows` the rows of one component call (a guided picture
    takes two). `clock` returns seconds.
    """

    def __init__(
        self,
        load: Callable[[str], DiffusionPipeline],
        *,
        memory_bytes: int | None = None,
        max_rows: int = 8,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)
        # Guarded by _wake.
        self._arrived: deque[tuple[Ticket, float]] = deque()
        self._nudged = False
        self._stopping = False
        self._failure: str | None = None
        self._counts: dict[str, ModelStats] = {}
        # The engine thread's own.
        self._models = ResidentModels(load, memory_bytes)
        self._previews: dict[str, LatentPreview] = {}
        self._schedule = Schedule(max_rows=max_rows)
        self._queue: deque[tuple[Ticket, float]] = deque()
        self._flights: dict[int, Flight] = {}
        self._numbers = count()

    def start(self) -> None:
        # diffusers prints the part of a prompt that a text encoder cuts off, as a warning.
        diffusers.utils.logging.set_verbosity_error()
        self._thread.start()

    def submit(self, request: ImageRequest, on_progress: Callable[[Progress], None] | None = None) -> Ticket:
        """Queue a request, from any thread. `on_progress` runs on the engine's thread and must be quick.

        Raises GenerationError("internal") when the engine is stopped or broken.
        """
        ticket = Ticket(request, on_progress, self._nudge)
        with self._wake:
            if self._stopping or self._failure:
                raise GenerationError("internal", self._failure or "The engine is stopped.")
            self._arrived.append((ticket, self._clock()))
            self._wake.notify()
        return ticket

    def stop(self, timeout: float | None = 10.0) -> None:
        """End every open ticket as Cancelled and wait up to `timeout` seconds for the running call."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        else:
            self._end_all(Cancelled("The engine was stopped."))

    def healthy(self) -> bool:
        """Whether the engine's thread runs and takes requests."""
        return self._thread.is_alive() and self._failure is None and not self._stopping

    def stats(self) -> EngineStats:
        with self._wake:
            waiting = len(self._arrived) + len(self._queue)
            return EngineStats(dict(self._counts), len(self._flights), waiting, self._models.resident)

    # --- the engine's thread ------------------------------------------------------------------------------

    def _live(self) -> None:
        outcome: Cancelled | GenerationError = Cancelled("The engine was stopped.")
        try:
            with torch.inference_mode():
                while self._has_work():
                    self._turn()
        except BaseException as error:  # whatever it was, nobody may wait for ever for this thread
            self._failure = f"The engine failed: {_place_of(error)}."
            log.critical(self._failure)
            outcome = GenerationError("internal", self._failure)
        finally:
            self._end_all(outcome)

    def _has_work(self) -> bool:
        """Sleep until there is something to do; False when the engine is to stop."""
        with self._wake:
            while not (self._stopping or self._arrived or self._nudged or self._queue or self._flights):
                self._wake.wait()
            self._nudged = False
            self._queue.extend(self._arrived)
            self._arrived.clear()
            return not self._stopping

    def _turn(self) -> None:
        self._drop_cancelled()
        self._admit()
        waiting = [flight.waiting for flight in self._flights.values() if flight.waiting is not None]
        if chosen := self._schedule.pick(waiting, self._clock()):
            self._run(chosen)

    def _drop_cancelled(self) -> None:
        for flight in list(self._flights.values()):
            if flight.ticket.cancelled is not None:
                flight.fiber.kill()
                self._end(flight, Cancelled(flight.ticket.cancelled))
        kept = [entry for entry in self._queue if entry[0].cancelled is None]
        for ticket, _ in self._queue:
            if ticket.cancelled is not None:
                ticket.finish(Cancelled(ticket.cancelled))
        self._queue = deque(kept)

    def _admit(self) -> None:
        """Start what waits, in order. One whose model must wait for memory holds back those behind it."""
        while self._queue and self._models.can_acquire(self._queue[0][0].request.model):
            ticket, arrived = self._queue.popleft()
            try:
                self._take_off(ticket, self._load(ticket.request.model), arrived)
            except GenerationError as error:
                ticket.finish(error)

    def _load(self, model: str) -> DiffusionPipeline:
        """The model's pipeline, in use from now on. Raises GenerationError."""
        try:
            try:
                return self._models.acquire(model)
            except (
                Exception
            ) as error:  # loaders raise what they like; only lack of memory is worth a second try
                if not is_out_of_memory(error):
                    raise
            self._models.evict_idle()
            return self._models.acquire(model)
        except Exception as error:  # the same
            reason: Reason = "out_of_memory" if is_out_of_memory(error) else "model_unavailable"
            raise GenerationError(reason, f"The model could not be loaded: {error}") from None

    def _take_off(self, ticket: Ticket, pipeline: DiffusionPipeline, arrived: float) -> None:
        model = ticket.request.model
        preview = self._previews.setdefault(model, LatentPreview())
        try:
            flight = Flight(next(self._numbers), ticket, pipeline, preview, arrived)
        except Exception as error:  # a pipeline that cannot be copied or called fails its request only
            self._models.release(model)
            raise _failure_of(error) from None
        self._flights[flight.number] = flight
        self._advance(flight, flight.start)

    def _run(self, chosen: list[Waiting]) -> None:
        """One component call for the chosen rows, then let each fiber run on to its next call."""
        flights = [self._flights[call.request] for call in chosen]
        rows = sum(call.rows for call in chosen)
        started = self._clock()
        try:
            answers = forward([flight.call for flight in flights])
        except OutOfMemory:
            self._schedule.narrow(chosen[0].place, rows)
            free_cached_memory()
            return
        seconds = self._clock() - started
        self._schedule.charge(chosen, seconds)
        self._count(flights[0], rows)
        for flight, call, answer in zip(flights, chosen, answers, strict=True):
            flight.seconds += seconds * call.rows / rows
            self._advance(flight, partial(flight.resume, answer))

    def _advance(self, flight: Flight, move: Callable[[], None]) -> None:
        """Let a fiber run to its next call or its end."""
        try:
            move()
        except torch.AcceleratorError:
            raise  # the device is lost for the whole process
        except (
            Exception
        ) as error:  # the pipeline, the component or the caller's on_progress: this request's fault
            self._end(flight, _failure_of(error))
        else:
            if flight.waiting is None:
                self._end(flight, flight.picture)

    def _end(self, flight: Flight, outcome: Picture | GenerationError | Cancelled) -> None:
        del self._flights[flight.number]
        self._models.release(flight.ticket.request.model)
        flight.ticket.finish(outcome)

    def _end_all(self, outcome: GenerationError | Cancelled) -> None:
        with self._wake:
            tickets = [ticket for ticket, _ in (*self._queue, *self._arrived)]
            self._queue.clear()
            self._arrived.clear()
        for flight in self._flights.values():
            tickets.append(flight.ticket)
            with suppress(
                Exception
            ):  # unwinding runs the pipeline's own clean-up, on a device that may be lost
                flight.fiber.kill()
        self._flights.clear()
        for ticket in tickets:
            ticket.finish(outcome)

    def _count(self, flight: Flight, rows: int) -> None:
        model, stage = flight.ticket.request.model, flight.call.stage
        with self._wake:
            stats = self._counts.get(model, ModelStats())
            self._counts[model] = replace(stats, **{stage: getattr(stats, stage).plus(rows)})

    def _nudge(self) -> None:
        with self._wake:
            self._nudged = True
            self._wake.notify()


def _failure_of(error: Exception) -> GenerationError:
    """What the caller is told: the kind and place of an error, as its own text may quote the prompt."""
    if isinstance(error, GenerationError):
        return error
    if is_out_of_memory(error):
        return GenerationError("out_of_memory", "The picture does not fit into memory.")
    return GenerationError("internal", f"The picture failed: {_place_of(error)}.")


def _place_of(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
