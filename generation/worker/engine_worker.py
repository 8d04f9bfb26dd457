"""The worker that draws: one resident engine, and the models that it can load."""

import functools
import logging
from collections.abc import Callable, Hashable, Mapping, Sequence

import diffusers
import torch
import transformers
from diffusers import DiffusionPipeline
from django.conf import settings
from django.db import connection

from generation import registry
from generation.checkpoints import CheckpointRefused
from generation.engine import Engine
from generation.engine.forward import is_out_of_memory
from generation.engine.latency_curve import LatencyCurve
from generation.jobs.job_run import AWAY
from generation.models import ModelVersion, Queue
from generation.trace import trace_of
from generation.tuning.applying import curves_of
from generation.worker.loadable import LoadableModels
from generation.worker.worker import Worker

Curves = Callable[[str], Mapping[Hashable, LatencyCurve]]

log = logging.getLogger(__name__)


class EngineWorker(Worker):
    """Does what waits in the gpu queue. The models are in memory once."""

    engine: Engine

    def __init__(
        self,
        load: Callable[[str], DiffusionPipeline],
        curves: Curves = lambda model: {},
        glance: Callable[[ModelVersion], Hashable] = lambda model: model.hash,
    ) -> None:
        """load: gives the pipeline of a model by the hash of its lock; curves: what its calls were measured
        to take, by their place in the engine's scheduler; glance: as `registry.glance`.
        """
        super().__init__(Queue.GPU, settings.JOBS_IN_FLIGHT)
        self._load, self._curves = load, curves
        self._loadable = LoadableModels(glance)
        self.engine = Engine(self._learn, memory_bytes=settings.MODEL_MEMORY, max_rows=settings.ENGINE_ROWS)

    @property
    def device(self) -> str:  # type: ignore[override]  # Looked up when it is first asked for.
        return device_name()

    def start(self) -> None:
        # Bars are for people who wait at a terminal.
        diffusers.utils.logging.disable_progress_bar()
        transformers.utils.logging.disable_progress_bar()
        self.engine.start()
        super().start()

    def _models(self) -> Sequence[int]:
        return self._loadable.loadable()

    def _lacking(self) -> Mapping[int, str]:
        return self._loadable.lacking()

    def _is_healthy(self) -> bool:
        return self.engine.healthy()

    def _let_go(self, timeout: float) -> None:
        self.engine.stop(timeout=timeout)

    def _learn(self, model: str) -> DiffusionPipeline:
        """Load a model for the engine, and tell it what was measured."""
        files = self._loadable.files(model)
        try:
            pipeline = self._load(model)
            for place, curve in self._curves(model).items():
                self.engine.record(place, curve)
        except AWAY:  # Which says nothing about the model.
            raise
        except Exception as error:  # Whatever it is, it is this machine's: another may do better.
            log.error("a model cannot be loaded: %s", trace_of(error))
            self._loadable.failed(model, _hindrance(error), files)
            raise
        self._loadable.loaded(model)
        return pipeline


def installed() -> EngineWorker:
    """A worker for the models that are installed."""
    return EngineWorker(load_installed, installed_curves, registry.glance)


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
