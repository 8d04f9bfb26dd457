"""The process that works: a few jobs of one queue at a time, a tick of its own.

A bell makes it claim at once. The tick claims too, sweeps and says that the worker is alive, so that it
goes on without a broker, without a doorbell, and after whatever another worker left behind.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.db import connection, connections

from generation import jobs
from generation.jobs import heartbeat, wake_notify
from generation.jobs.job_run import AWAY
from generation.jobs.kinds import waiting
from generation.models import Queue
from generation.trace import trace_of

if TYPE_CHECKING:
    from generation.engine import Engine

SWEEP_EVERY = 15.0  # seconds, at most
STOP_SECONDS = 6.0  # to give the jobs back and end; who waits for us gives us little more

log = logging.getLogger(__name__)


class Worker:
    """Does what waits in a queue until it is stopped. One a queue and process.

    This one has nothing but the processor; `EngineWorker` hosts an engine.
    """

    device = "CPU"
    engine: Engine | None = None

    def __init__(self, queue: Queue, slots: int) -> None:
        """slots: jobs at the same time."""
        self.queue = queue
        self.name = heartbeat.new_worker_name()
        self._slot_count = slots
        self._slots = threading.BoundedSemaphore(slots)
        self._claiming = threading.Lock()
        self._in_hand: set[jobs.JobRun] = set()
        self._going_home = threading.Event()
        self._ticker = threading.Thread(target=self._tick_for_ever, name="tick", daemon=True)
        self._listener = threading.Thread(target=self._listen_for_ever, name="bell", daemon=True)
        self._sweep_at = 0.0

    def start(self) -> None:
        self._ticker.start()
        self._listener.start()
        log.info(
            "worker %s serves %s on %s, %s jobs at a time",
            self.name,
            self.queue,
            self.device,
            self._slot_count,
        )

    def stop(self) -> None:
        """Give the jobs back, unharmed, and end within a few seconds, whatever is being computed."""
        if self._going_home.is_set():
            return
        self._going_home.set()
        deadline = time.monotonic() + STOP_SECONDS
        for _ in range(self._slot_count):
            self._slots.acquire(timeout=max(0.0, deadline - time.monotonic()))
        self._let_go(timeout=max(0.0, deadline - time.monotonic()))
        try:
            for run in list(self._in_hand):  # Of threads that do not hear: the fence keeps them out.
                jobs.give_back(run.job)
            heartbeat.leave(self.name)
        except AWAY:
            log.info("worker %s could not sign off: the database is away", self.name)
        finally:
            connections.close_all()

    def wake(self) -> None:
        """Have what waits done in a thread that no end of the process waits for: a job may hang."""
        threading.Thread(target=self.work, name="work", daemon=True).start()

    def work(self) -> None:
        """Claim and do jobs until none waits, or until as many as may be are being done."""
        while not self._going_home.is_set() and self._slots.acquire(blocking=False):
            try:
                if not self._do_one():
                    return
            except AWAY as error:
                log.warning("cannot claim: the database is away (%s)", type(error).__name__)
                return
            finally:
                self._slots.release()
                connection.close()

    def _models(self) -> Sequence[int]:
        """Keys of the models that jobs wait for and that can be loaded here."""
        return ()

    def _lacking(self) -> Mapping[int, str]:
        """Models that are wanted and cannot be loaded here, and why, as `heartbeat.attend` has it."""
        return {}

    def _is_healthy(self) -> bool:
        return True

    def _let_go(self, timeout: float) -> None:
        """Of whatever is held beside the jobs. timeout: in seconds."""

    def _do_one(self) -> bool:
        if not self._is_healthy():  # It would only break off what it claims; the tick ends this process.
            return False
        with self._claiming:
            job = jobs.claim(self.name, self.queue, self._models())
        if job is None:
            return False
        log.info("job %s: attempt %s", job.pk, job.attempts)
        run = jobs.JobRun(job, self._going_home, self.engine)
        self._in_hand.add(run)
        try:
            run.run()
        finally:
            self._in_hand.discard(run)
        if run.broke_process:
            self._end_process("a job cannot be brought to an end")
        # What was given back would be claimed again at once: the tick comes to it.
        return not (run.broke_process or run.gave_back)

    def _listen_for_ever(self) -> None:
        while not self._going_home.is_set():
            try:
                for _ in wake_notify.listen(self.queue, self._going_home):
                    self.wake()
            except psycopg.OperationalError as error:
                log.warning("hears no bell: the database is away (%s)", type(error).__name__)
                self._going_home.wait(heartbeat.EVERY)

    def _tick_for_ever(self) -> None:
        while not self._going_home.wait(heartbeat.EVERY):
            try:
                self._tick()
            except AWAY as error:
                log.warning("no tick: the database is away (%s)", type(error).__name__)
            except Exception as error:  # The tick brings everything else back; nothing may end it.
                log.error("no tick: %s", trace_of(error))
            finally:
                connection.close()

    def _tick(self) -> None:
        if not self._is_healthy():
            self._end_process("the engine is lost")
            return
        heartbeat.attend(self.name, self.device, self._lacking(), self.queue)
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + min(SWEEP_EVERY, settings.LEASE.total_seconds() / 2)
            jobs.sweep()
            heartbeat.forget_absent()
        if any(run.hangs for run in list(self._in_hand)):
            self._end_process("a job hangs")
            return
        for _ in range(waiting(self.queue)[: self._slot_count].count()):
            self.wake()

    def _end_process(self, reason: str) -> None:
        if self._going_home.is_set():  # A tick that was under way finds the engine that `stop` has ended.
            return
        log.critical("%s; this process ends, so that a new one can start", reason)
        os.kill(os.getpid(), signal.SIGTERM)
