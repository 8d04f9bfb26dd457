"""The resident engine: a thread on which the executor shares denoising steps between requests of all threads.

It knows nothing of jobs, accounts or databases.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

import diffusers
import torch
from diffusers import DiffusionPipeline

from generation.engine.executor import Executor
from generation.engine.failures import place_of
from generation.engine.latency_curve import LatencyCurve
from generation.engine.request import Cancelled, GenerationError, ImageRequest, Progress, Ticket

log = logging.getLogger(__name__)


class Engine:
    """Makes pictures with any diffusers text-to-image pipeline, many at once.

    `load` turns a request's `model` into a pipeline on its device; it runs on the engine's thread.
    `memory_bytes` bounds the weights kept loaded, `max_rows` the rows of one component call (a guided picture
    takes two). `deterministic` makes pictures equal to the last bit in any company, at a price: see
    generation.engine.deterministic. `clock` returns seconds.
    """

    def __init__(
        self,
        load: Callable[[str], DiffusionPipeline],
        *,
        memory_bytes: int | None = None,
        max_rows: int = 8,
        deterministic: bool = False,
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
        self._executor = Executor(
            load,
            self._nudge,
            memory_bytes=memory_bytes,
            max_rows=max_rows,
            deterministic=deterministic,
            clock=clock,
        )

    def start(self) -> None:
        # diffusers prints the part of a prompt that a text encoder cuts off, as a warning.
        diffusers.utils.logging.set_verbosity_error()
        self._thread.start()

    def submit(self, request: ImageRequest, on_progress: Callable[[Progress], None] | None = None) -> Ticket:
        """Queue a request, from any thread. `on_progress` runs on the engine's thread and must be quick.

        Raises GenerationError("engine_lost") when the engine is stopped or broken.
        """
        ticket = Ticket(request, on_progress, self._nudge)
        with self._wake:
            if self._stopping or self._failure:
                raise GenerationError("engine_lost", self._failure or "The engine is stopped.")
            self._arrived.append((ticket, self._clock()))
            self._wake.notify()
        return ticket

    def record(self, place: Hashable, curve: LatencyCurve) -> None:
        """Start from a measured curve at a place of the scheduler. For the loader, on the engine's thread."""
        self._executor.record(place, curve)

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

    # --- the engine's thread ------------------------------------------------------------------------------

    def _live(self) -> None:
        outcome: Cancelled | GenerationError = Cancelled("The engine was stopped.")
        try:
            with torch.inference_mode():
                busy = False
                while self._has_work(busy):
                    busy = self._executor.turn()
        except BaseException as error:  # whatever it was, nobody may wait for ever for this thread
            self._failure = f"The engine failed: {place_of(error)}."
            log.critical(self._failure)
            outcome = GenerationError("engine_lost", self._failure)
        finally:
            self._end_all(outcome)

    def _has_work(self, busy: bool) -> bool:
        """Unless `busy`, sleep until something happens; False when the engine is to stop."""
        with self._wake:
            if not (busy or self._stopping or self._arrived or self._nudged):
                self._wake.wait(self._executor.patience())
            self._nudged = False
            self._hand_over()
            return not self._stopping

    def _hand_over(self) -> None:
        self._executor.take(self._arrived)
        self._arrived.clear()

    def _end_all(self, outcome: Cancelled | GenerationError) -> None:
        with self._wake:
            self._hand_over()
        self._executor.end_all(outcome)

    def _nudge(self) -> None:
        with self._wake:
            self._nudged = True
            self._wake.notify()
