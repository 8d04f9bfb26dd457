"""The process that draws: one resident engine, a few jobs in flight, a tick of its own.

A bell makes it claim at once. The tick claims too, sweeps and says that the worker is alive, so that it
goes on without a broker, without a doorbell, and after whatever another worker left behind.
"""

import functools
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Hashable, Mapping

import diffusers
import psycopg
import torch
import transformers
from diffusers import DiffusionPipeline
from django.conf import settings
from django.db import connection, connections

from generation import jobs, registry
from generation.checkpoints import CheckpointRefused
from generation.engine import Engine
from generation.engine.forward import is_out_of_memory
from generation.engine.latency_curve import LatencyCurve
from generation.jobs import heartbeat, wake_notify
from generation.models import Job, ModelVersion, Status
from generation.trace import trace_of
from generation.tuning.applying import curves_of
from generation.worker.job_run import AWAY, JobRun
from generation.worker.loadable import LoadableModels

SWEEP_EVERY = 15.0  # seconds, at most
STOP_SECONDS = 6.0  # to give the jobs back and end; who waits for us gives us little more

Curves = Callable[[str], Mapping[Hashable, LatencyCurve]]

log = logging.getLogger(__name__)


@functools.cache
def resident() -> "Worker":
    """This process's worker: the models are in memory once."""
    return Worker(load_installed, installed_curves, registry.glance)


class Worker:
    """Makes what waits in the queue until it is stopped. One a process."""

    def __init__(
        self,
        load: Callable[[str], DiffusionPipeline],
        curves: Curves = lambda model: {},
        glance: Callable[[ModelVersion], Hashable] = lambda model: model.hash,
    ) -> None:
        """load: gives the pipeline of a model by the hash of its lock; curves: what its calls were measured
        to take, by their place in the engine's scheduler; glance: as `registry.glance`.
        """
        self._load, self._curves = load, curves
        self._loadable = LoadableModels(glance)
        self.name = heartbeat.new_worker_name()
        self._engine = Engine(self._learn, memory_bytes=settings.MODEL_MEMORY, max_rows=settings.ENGINE_ROWS)
        self._slots = threading.BoundedSemaphore(settings.JOBS_IN_FLIGHT)
        self._claiming = threading.Lock()
        self._going_home = threading.Event()
        self._ticker = threading.Thread(target=self._tick_for_ever, name="tick", daemon=True)
        self._listener = threading.Thread(target=self._listen_for_ever, name="bell", daemon=True)
        self._sweep_at = 0.0

    def start(self) -> None:
        # Bars are for people who wait at a terminal.
        diffusers.utils.logging.disable_progress_bar()
        transformers.utils.logging.disable_progress_bar()
        self._engine.start()
        self._ticker.start()
        self._listener.start()
        log.info(
            "worker %s draws on %s, %s jobs at a time", self.name, device_name(), settings.JOBS_IN_FLIGHT
        )

    def stop(self) -> None:
        """Give the jobs back, unharmed, and end within a few seconds, whatever is being computed."""
        if self._going_home.is_set():
            return
        self._going_home.set()
        deadline = time.monotonic() + STOP_SECONDS
        for _ in range(settings.JOBS_IN_FLIGHT):
            self._slots.acquire(timeout=max(0.0, deadline - time.monotonic()))
        self._engine.stop(timeout=max(0.0, deadline - time.monotonic()))
        try:
            heartbeat.leave(self.name)
        except AWAY:
            log.info("worker %s could not sign off: the database is away", self.name)
        finally:
            connections.close_all()

    def work(self) -> None:
        """Claim and make jobs until none waits, or until as many as may be are being made."""
        while not self._going_home.is_set() and self._slots.acquire(blocking=False):
            try:
                if not self._make_one():
                    return
            except AWAY as error:
                log.warning("cannot claim: the database is away (%s)", type(error).__name__)
                return
            finally:
                self._slots.release()
                connection.close()

    def _learn(self, model: str) -> DiffusionPipeline:
        """Load a model for the engine, and tell it what was measured."""
        files = self._loadable.files(model)
        try:
            pipeline = self._load(model)
            for place, curve in self._curves(model).items():
                self._engine.record(place, curve)
        except AWAY:  # Which says nothing about the model.
            raise
        except Exception as error:  # Whatever it is, it is this machine's: another may do better.
            log.error("a model cannot be loaded: %s", trace_of(error))
            self._loadable.failed(model, _hindrance(error), files)
            raise
        self._loadable.loaded(model)
        return pipeline

    def _make_one(self) -> bool:
        if not self._engine.healthy():  # It would only break off what it claims; the tick ends this process.
            return False
        with self._claiming:
            models = self._loadable.loadable()
            job = jobs.claim(self.name, models) if models else None
        if job is None:
            return False
        log.info("job %s: attempt %s", job.pk, job.attempts)
        run = JobRun(job, self._engine, self._going_home)
        run.run()
        if run.found_engine_stuck:
            self._end_process("the engine is stuck")
        return not run.found_engine_stuck

    def _listen_for_ever(self) -> None:
        while not self._going_home.is_set():
            try:
                for _ in wake_notify.listen(self._going_home):
                    self._work_aside()
            except psycopg.OperationalError as error:
                log.warning("hears no bell: the database is away (%s)", type(error).__name__)
                self._going_home.wait(heartbeat.EVERY)

    def _work_aside(self) -> None:
        threading.Thread(target=self.work, name="work", daemon=True).start()

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
        if not self._engine.healthy():
            self._end_process("the engine is lost")
            return
        heartbeat.attend(self.name, device_name(), self._loadable.lacking())
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + min(SWEEP_EVERY, settings.LEASE.total_seconds() / 2)
            jobs.sweep()
            heartbeat.forget_absent()
        waiting = Job.objects.filter(status=Status.QUEUED)[: settings.JOBS_IN_FLIGHT].count()
        for _ in range(waiting):
            self._work_aside()

    def _end_process(self, reason: str) -> None:
        if self._going_home.is_set():  # A tick that was under way finds the engine that `stop` has ended.
            return
        log.critical("%s; this process ends, so that a new one can start", reason)
        os.kill(os.getpid(), signal.SIGTERM)


def _hindrance(error: Exception) -> str:
    """Why a model was not loaded, as a code of `jobs.reasons.WAITING`."""
    if isinstance(error, CheckpointRefused):
        return "damaged"
    return "too_large" if is_out_of_memory(error) else "unloadable"


def load_installed(model_hash: str) -> DiffusionPipeline:
    """The pipeline of an installed model, for the engine."""
    try:
        return registry.load_pipeline(ModelVersion.objects.get(hash=model_hash))
    finally:
        connection.close()


def installed_curves(model_hash: str) -> Mapping[Hashable, LatencyCurve]:
    """What `tune_model` measured for an installed model, for the engine."""
    try:
        tuning = registry.tuning_of(ModelVersion.objects.get(hash=model_hash))
        return curves_of(tuning) if tuning else {}
    finally:
        connection.close()


@functools.cache
def device_name() -> str:
    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "CPU"
