"""Which models a worker can load: their files are here as they were installed, and no load failed of late.

Files may come and go while a worker runs, so it looks again every few seconds, without reading them. A byte
that changed is found when the model is loaded; from then on the model is left alone until its files change.
What else fails, as for want of memory, is tried again after a while, and later each time.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from generation.checkpoints import CheckpointRefused
from generation.models import Job, ModelVersion, Status

LOOK_AFTER = 2.0  # seconds for which a look at a model's files holds
AGAIN_AFTER = 60.0  # seconds, twice as many after each failure
LATEST = 16  # times AGAIN_AFTER

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    """files: None where they are not as they were installed, for the reason `code`."""

    at: float
    files: Hashable
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Failure:
    """A load that failed, of those files."""

    files: Hashable
    code: str
    again_at: float
    times: int


class LoadableModels:
    """For all threads of one worker."""

    def __init__(self, glance: Callable[[ModelVersion], Hashable]) -> None:
        """glance: as `registry.glance`."""
        self._glance = glance
        self._lock = threading.Lock()
        self._looks: dict[str, _Look] = {}  # Here and below by the model's hash.
        self._failures: dict[str, _Failure] = {}
        self._told: dict[int, str] = {}

    def loadable(self) -> list[int]:
        """Keys of the models that jobs wait for and that can be loaded here."""
        return [model.pk for model in _models(_IS_WAITED_FOR) if not self._hindrance(model)]

    def lacking(self) -> dict[int, str]:
        """Keys of the models that are offered or waited for and cannot be loaded here, and why."""
        models = list(_models(_IS_WAITED_FOR | Q(is_active=True)))
        found = {model.pk: code for model in models if (code := self._hindrance(model))}
        self._tell(models, found)
        return found

    def files(self, model_hash: str) -> Hashable:
        """What was seen of a model's files when they were looked at last."""
        with self._lock:
            look = self._looks.get(model_hash)
            return look.files if look else None

    def failed(self, model_hash: str, code: str, files: Hashable) -> None:
        """Note that loading failed. code: of `jobs.reasons.WAITING`; files: as they were before it began, for
        they may have been mended meanwhile.
        """
        with self._lock:
            before = self._failures.get(model_hash)
            times = before.times + 1 if before else 0
            wait = AGAIN_AFTER * min(2**times, LATEST)
            again_at = float("inf") if code == "damaged" else time.monotonic() + wait
            self._failures[model_hash] = _Failure(files, code, again_at, times)

    def loaded(self, model_hash: str) -> None:
        with self._lock:
            self._failures.pop(model_hash, None)

    def _hindrance(self, model: ModelVersion) -> str:
        with self._lock:
            look = self._look(model)
            failure = self._failures.get(model.hash)
            if look.code or failure is None:
                return look.code
            if failure.files != look.files:  # Others by now: they may be good.
                del self._failures[model.hash]
                return ""
            return failure.code if time.monotonic() < failure.again_at else ""

    def _look(self, model: ModelVersion) -> _Look:
        known = self._looks.get(model.hash)
        if known is None or time.monotonic() - known.at > LOOK_AFTER:
            known = self._looks[model.hash] = self._look_anew(model)
        return known

    def _look_anew(self, model: ModelVersion) -> _Look:
        now = time.monotonic()
        try:
            return _Look(now, self._glance(model))
        except CheckpointRefused:
            return _Look(now, None, "damaged")
        except OSError:  # Not here, on a disk that has gone away, or not to be read.
            return _Look(now, None, "missing")

    def _tell(self, models: Iterable[ModelVersion], found: dict[int, str]) -> None:
        """Log what has changed since the last time."""
        for model in models:
            code, before = found.get(model.pk), self._told.get(model.pk)
            if code and code != before:
                log.warning("model %s cannot be loaded here (%s): its jobs are left to others", model, code)
            elif before and not code:
                log.info("model %s can be loaded here again", model)
        self._told = found


_IS_WAITED_FOR = Q(Exists(Job.objects.filter(model=OuterRef("pk"), status=Status.QUEUED)))


def _models(which: Q) -> QuerySet[ModelVersion]:
    return ModelVersion.objects.filter(which).only("name", "hash", "folder")
