"""Which models are installed. A row for each folder below the models folder, and the only way to load one.

Checks and files are `generation.checkpoints`; here they meet the database. Importing this imports no torch.
"""

import errno
import functools
import logging
import shutil
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from generation import checkpoints
from generation.checkpoints import CheckpointRefused, Installed, Verified
from generation.models import Job, ModelVersion, Status
from generation.tuning import Settings, Tuning

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

STARTER_NAME = "starter"
STARTER_WEIGHTS = Path(__file__).with_name("starter") / "weights"

# Of the models that this process has loaded, by hash.
_in_force: dict[str, Settings] = {}

log = logging.getLogger(__name__)


def installed() -> QuerySet[ModelVersion]:
    """The models offered for new jobs, newest first."""
    return ModelVersion.objects.filter(is_active=True).order_by("-installed_at", "-pk")


def default_model() -> ModelVersion | None:
    """The model of a brief that names none: the newest that was installed, else the starter, else None."""
    models = list(installed())
    return next((model for model in models if not model.is_starter), models[0] if models else None)


def install(
    source: str,
    *,
    by: User | None = None,
    name: str | None = None,
    revision: str | None = None,
    progress: bool = False,
) -> ModelVersion:
    """Install a folder, or a repository of the hub by its id, and offer it in place of older versions of its
    name.

    Raises CheckpointRefused with one clause that names the file and the reason; nothing is then installed.
    """
    made = checkpoints.install(source, settings.MODELS_DIR, name=name, revision=revision, progress=progress)
    if made.name == STARTER_NAME and made.lock.pipeline_class != checkpoints.STARTER:
        _take_out(made, "cannot be called starter: that name is kept for Handbill's own model")
    known = ModelVersion.objects.filter(hash=made.lock.hash).first()
    if known and known.name != made.name:
        _take_out(made, f"is installed already, under the name {known.name}")
    return _register(made, by)


def _take_out(made: Installed, reason: str) -> None:
    shutil.rmtree(made.checkpoint.folder)
    raise CheckpointRefused(made.lock.source, reason)


@transaction.atomic
def _register(made: Installed, by: User | None) -> ModelVersion:
    model, is_new = ModelVersion.objects.get_or_create(hash=made.lock.hash, defaults=_columns(made))
    ModelVersion.objects.filter(name=model.name).exclude(pk=model.pk).update(is_active=False)
    if model.is_starter:
        _take_over(model)
    if is_new or not model.is_active:
        model.is_active = True
        model.save(update_fields=["is_active"])
        audit.record(by, "model.installed", model, name=model.name, hash=model.hash)
    return model


def _take_over(starter: ModelVersion) -> None:
    """What waits for an older starter: the code that drew with it went with the Handbill that brought it."""
    waiting = Job.objects.filter(model__name=STARTER_NAME, status=Status.QUEUED)
    waiting.exclude(model=starter).update(model=starter)


def _columns(made: Installed) -> dict[str, object]:
    folder, lock = made.checkpoint.folder, made.lock
    return {
        "name": made.name,
        "folder": folder.relative_to(settings.DATA_DIR).as_posix(),
        "pipeline_class": lock.pipeline_class,
        "source": lock.source[:300],
        "revision": lock.revision,
        "licence": checkpoints.licence_of(folder),
        "memory_bytes": checkpoints.memory_bytes(made.checkpoint, checkpoints.placement()[1].itemsize),
        **asdict(checkpoints.facts_of(made.checkpoint)),
    }


def install_starter(by: User | None = None) -> ModelVersion:
    """Install the model that comes with Handbill, unless these very weights are. Raises CheckpointRefused."""
    return installed_starter() or install(str(STARTER_WEIGHTS), by=by, name=STARTER_NAME)


def installed_starter() -> ModelVersion | None:
    """The model that comes with this Handbill, if it is installed and whole. Quick, and without torch."""
    current = ModelVersion.objects.filter(name=STARTER_NAME, is_active=True).first()
    if current and _is_whole(current) and checkpoints.same_files(STARTER_WEIGHTS, folder_of(current)):
        return current
    return None


def _is_whole(model: ModelVersion) -> bool:
    try:
        verify(model)
    except CheckpointRefused:
        return False
    return True


def folder_of(model: ModelVersion) -> Path:
    return Path(settings.DATA_DIR) / model.folder


def verify(model: ModelVersion) -> Verified:
    """Hash every file of an installed model. Raises CheckpointRefused for the first that is not as it was
    installed.
    """
    return checkpoints.verify(folder_of(model), model.hash)


def glance(model: ModelVersion) -> Hashable:
    """A quick look at an installed model's files: a value that differs once any of them has changed.

    Raises FileNotFoundError where they are not on this machine, another OSError where they cannot be looked
    at, CheckpointRefused where they are seen to be others.
    """
    if not folder_of(model).is_dir():
        raise FileNotFoundError(errno.ENOENT, "not on this machine")
    return checkpoints.glance(folder_of(model), model.hash)


def load_pipeline(model: ModelVersion) -> "DiffusionPipeline":
    """The model as a pipeline on this machine's device, from its locked files alone, run as it was tuned.

    Imports torch. Raises CheckpointRefused when any file is not the one that was installed.
    """
    from generation.tuning.applying import run_as_tuned

    folder, tuning = folder_of(model), tuning_of(model)
    _in_force.pop(model.hash, None)
    pipeline = checkpoints.load(folder, model.hash)
    if tuning is None:
        return pipeline
    try:
        run_as_tuned(pipeline, tuning, folder)
    except Exception as error:  # a package is gone or a kernel refuses: slower is better than not at all
        log.warning("%s runs plainly, its tuning does not work: %s", model.name, type(error).__name__)
        return checkpoints.load(folder, model.hash)
    _in_force[model.hash] = tuning.settings
    return pipeline


def tune(
    model: ModelVersion,
    *,
    sizes: Sequence[tuple[int, int]],
    allowed: Collection[str] = (),
    say: Callable[[str], None] = print,
) -> Tuning:
    """Measure how the model runs fastest here and keep that beside it, for workers that start afterwards.

    sizes: width and height in pixels, the usual first. allowed: names of settings that may change pictures.
    say: told what is going on, in lines for a person. Raises CheckpointRefused.
    """
    from generation.tuning.search import Subject
    from generation.tuning.tune import tune as measure

    folder = folder_of(model)

    def load() -> "DiffusionPipeline":
        return checkpoints.load(folder, model.hash)

    subject = Subject(folder, load, sizes, model.steps_default, model.guidance_default)
    found = measure(subject, model.hash, allowed=allowed, say=say)
    _tuning_of.cache_clear()
    return found


def tuning_of(model: ModelVersion) -> Tuning | None:
    """What `tune_model` measured, if it holds here. Read once: a worker runs a model in one way all its life.

    Imports torch.
    """
    return _tuning_of(folder_of(model), model.hash)


@functools.cache
def _tuning_of(folder: Path, model_hash: str) -> Tuning | None:
    from generation import tuning
    from generation.tuning.applying import device_name

    return tuning.read(folder, model_hash, device_name())


def settings_of(model: ModelVersion) -> Settings:
    """Those that the model runs with in this process."""
    return _in_force.get(model.hash, Settings())
