"""Bringing a checkpoint into the models folder: examined, copied, examined again, locked, and only then moved
in.

Everything happens in a folder of its own beside the others, which goes away whatever happens; the model
appears by one rename. There is no half-installed model.
"""

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generation.files.inside import opened_inside
from generation.files.refusal import CheckpointRefused

from . import hub, lock
from .inspection import Checkpoint, inspect
from .lock import Lock
from .mistakes import refuse_mistakes
from .selection import Selection

INCOMING = ".incoming-"
SPARE_BYTES = 64 * 1024 * 1024
CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Installed:
    """A model in place: `checkpoint.folder` is `<models>/<name>/<first 12 of the hash>`."""

    name: str
    checkpoint: Checkpoint
    lock: Lock


def install(
    source: str, models: Path, *, name: str | None = None, revision: str | None = None, progress: bool = False
) -> Installed:
    """Install a folder, or a repository of the hub by its id, under `models`. Installing the same again heals
    it.

    Raises CheckpointRefused with one clause that names the file and the reason; nothing is then left behind.
    """
    folder = Path(source).expanduser()
    with _workplace(models) as workplace:
        if folder.exists() or folder.is_symlink():
            name, origin = name or folder.resolve().name, str(folder.resolve())
            refuse_mistakes(folder)
            _copy_folder(folder, workplace, progress)
            commit = ""
        else:
            if not hub.HUB_ID.fullmatch(source):
                raise CheckpointRefused(source, "is neither a folder here nor a hub id such as owner/name")
            name, origin = name or source.rpartition("/")[2], source
            commit = _download(source, revision, workplace)
        checkpoint = inspect(workplace)
        return _move_in(checkpoint, models, _slug(name), origin, commit)


@contextmanager
def _workplace(models: Path) -> Iterator[Path]:
    """A fresh folder for this installation, only for this user, gone at the end. Those of dead processes go
    first.
    """
    models.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as held:
        with _lock(models):
            for left in models.glob(f"{INCOMING}*"):
                _remove_if_left(left)
            workplace = Path(tempfile.mkdtemp(prefix=INCOMING, dir=models))
            held.enter_context(_lock(workplace))
        try:
            yield workplace
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise CheckpointRefused(str(models), "has no room left on its disk") from error
        finally:
            for made in models.glob(f"{workplace.name}*"):
                shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _lock(folder: Path, wait: bool = True) -> Iterator[None]:
    """Hold `folder` until the end or until this process dies. Raises BlockingIOError when held and not to
    wait.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _remove_if_left(folder: Path) -> None:
    """Remove a workplace that no living process holds."""
    with suppress(BlockingIOError), _lock(folder, wait=False):
        shutil.rmtree(folder, ignore_errors=True)


def _copy_folder(source: Path, target: Path, progress: bool) -> None:
    from tqdm import tqdm

    selection = inspect(source).selection
    _check_room(selection, target, str(source))
    with tqdm(total=selection.bytes, unit="B", unit_scale=True, desc="Copying", disable=not progress) as bar:
        for file in selection.files:
            copy = target / file.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            with opened_inside(source, file.path) as reader, copy.open("xb") as writer:
                while piece := reader.read(CHUNK):
                    bar.update(writer.write(piece))


def _download(name: str, revision: str | None, target: Path) -> str:
    """The commit that was downloaded."""
    listing = hub.look_up(name, revision)
    selection = hub.choose(listing, target)
    _check_room(selection, target, name)
    hub.download(listing, selection, target)
    shutil.rmtree(target / ".cache", ignore_errors=True)
    large = {path: sha256 for path, sha256 in listing.sha256.items() if (target / path).is_file()}
    for path, (found, _) in lock.hash_files(target, large).items():
        if found.sha256 != large[path]:
            raise CheckpointRefused(path, "arrived other than the hub says it is")
    return listing.revision


def _check_room(selection: Selection, target: Path, source: str) -> None:
    needed, free = selection.bytes + SPARE_BYTES, shutil.disk_usage(target).free
    if needed > free:
        raise CheckpointRefused(
            source, f"needs {needed / 1e9:,.1f} GB of disk and {free / 1e9:,.1f} GB are free"
        )


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if not slug:
        raise CheckpointRefused(name, "is no name for a model: it has neither letters nor digits")
    return slug


def _move_in(checkpoint: Checkpoint, models: Path, name: str, source: str, revision: str) -> Installed:
    workplace, selection = checkpoint.folder, checkpoint.selection
    hashed = lock.hash_files(workplace, (file.path for file in selection.files))
    made = Lock(
        pipeline_class=checkpoint.pipeline_class,
        variant=selection.variant,
        source=source,
        revision=revision,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        files={path: locked for path, (locked, _) in hashed.items()},
    )
    made.write(workplace)
    _seal(workplace, made)
    folder = models / name / made.hash[:12]
    _replace(workplace, folder, made)
    return Installed(name, inspect(folder), lock.read(folder))


def _seal(folder: Path, made: Lock) -> None:
    """On disk, and read-only for this user alone."""
    for path in made.files:
        with (folder / path).open("rb") as file:
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o400)
    for inner in {(folder / path).parent for path in made.files} | {folder}:
        inner.chmod(0o700)


def _replace(workplace: Path, folder: Path, made: Lock) -> None:
    """Move the new folder in. One that is there already is kept when it is whole, else it makes way."""
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    if folder.exists():
        try:
            lock.verify(folder, made.hash)
            return
        except CheckpointRefused:
            folder.rename(workplace.with_name(f"{workplace.name}-damaged"))
    workplace.rename(folder)
    descriptor = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)
