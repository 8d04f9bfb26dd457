"""The hash lock: what a model's files were when they were examined, checked again at every load.

`handbill.lock.json` lies in the model's folder; the database knows its hash. The hash covers every file's
path, length and SHA-256, the pipeline class and the weights' variant, so the same model has the same hash on
every machine. It does not cover where and when the model was had: two people who install the same files have
the same model.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from generation.files.inside import open_inside, opened_inside
from generation.files.refusal import CheckpointRefused

from .tree import File, files_in

LOCK = "handbill.lock.json"
LARGEST_LOCK = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Locked:
    """What one file was: SHA-256 in hexadecimal, and its length."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The content of a lock file. `created_at`: ISO 8601, UTC; `revision`: a commit of the hub, or empty."""

    pipeline_class: str
    variant: str | None
    source: str
    revision: str
    created_at: str
    files: dict[str, Locked]

    @property
    def hash(self) -> str:
        """SHA-256 over what decides the pixels; the model's hash."""
        files = {path: asdict(locked) for path, locked in self.files.items()}
        decisive = {"pipeline_class": self.pipeline_class, "variant": self.variant, "files": files}
        return hashlib.sha256(
            json.dumps(decisive, sort_keys=True, separators=(",", ":")).encode()
        ).hexdigest()

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"
        descriptor = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Verified:
    """A folder whose files were as locked, and which they were: path -> (device, inode, size, times)."""

    folder: Path
    lock: Lock
    identities: dict[str, tuple[int, ...]]

    def check_unchanged(self) -> None:
        """Raises CheckpointRefused when any file is another one, or was written to, since it was hashed.

        Called after a load. The kernel sets a file's change time and only a clock set back can hide a write,
        so this leaves one gap: somebody who is already this user (or root) and alters the process itself.
        """
        for path, identity in self.identities.items():
            descriptor = open_inside(self.folder, path)
            try:
                if _identity(descriptor) != identity:
                    raise CheckpointRefused(path, "was changed while the model was being loaded")
            finally:
                os.close(descriptor)


def hash_files(folder: Path, paths: Iterable[str]) -> dict[str, tuple[Locked, tuple[int, ...]]]:
    """Path -> (hash and length, identity), each read from one descriptor."""
    paths = list(paths)
    with ThreadPoolExecutor(4) as threads:  # hashing leaves the interpreter's lock
        return dict(zip(paths, threads.map(lambda path: _hash(folder, path), paths), strict=True))


def _hash(folder: Path, path: str) -> tuple[Locked, tuple[int, ...]]:
    with opened_inside(folder, path) as file:
        before = _identity(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if _identity(file.fileno()) != before:
            raise CheckpointRefused(path, "was changed while it was being read")
        return Locked(digest, os.fstat(file.fileno()).st_size), before


def _identity(descriptor: int) -> tuple[int, ...]:
    info = os.fstat(descriptor)
    return (info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)


def read(folder: Path) -> Lock:
    """The lock in `folder`. Raises CheckpointRefused when it is missing or not one."""
    with opened_inside(folder, LOCK) as file:
        text = file.read(LARGEST_LOCK)
    try:
        content = json.loads(text)
        files = {path: Locked(**locked) for path, locked in content.pop("files").items()}
        return Lock(files=files, **content)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CheckpointRefused(LOCK, "is not a lock that Handbill wrote") from error


def same_files(source: Path, folder: Path) -> bool:
    """Whether `source` holds exactly the files that are locked in `folder`."""
    paths = [file.path for file in files_in(source)]
    return {path: locked for path, (locked, _) in hash_files(source, paths).items()} == read(folder).files


def verify(folder: Path, expected_hash: str) -> Verified:
    """Hash every file in `folder` and compare. Raises CheckpointRefused for the first that is changed,
    missing or one too many.

    `expected_hash` is the model's hash from the database, so a lock rewritten to fit other files is refused
    too.
    """
    lock = _names_compared(folder, expected_hash)
    identities = {}
    for path, (found, identity) in hash_files(folder, lock.files).items():
        if found != lock.files[path]:
            raise CheckpointRefused(path, "is not the file that was installed: its content has changed")
        identities[path] = identity
    return Verified(folder, lock, identities)


def glance(folder: Path, expected_hash: str) -> tuple[tuple[int, ...], ...]:
    """What can be seen without reading the files: a value that differs once any of them is another or was
    written to. Raises CheckpointRefused where a name or a length tells that they are not as locked.
    """
    lock = _names_compared(folder, expected_hash)
    identities = []
    for path in sorted(lock.files):
        descriptor = open_inside(folder, path)
        identities.append(_identity(descriptor))
        os.close(descriptor)
    return tuple(identities)


def _names_compared(folder: Path, expected_hash: str) -> Lock:
    """The lock, once the files in `folder` are found to have its names and lengths. Raises
    CheckpointRefused.
    """
    present = {file.path: file for file in files_in(folder, passed_over=()) if file.path != LOCK}
    lock = read(folder)
    if lock.hash != expected_hash:
        raise CheckpointRefused(LOCK, "is not the one that was written when the model was installed")
    _compare_names(present, lock)
    return lock


def _compare_names(present: dict[str, File], lock: Lock) -> None:
    if missing := sorted(set(lock.files) - set(present)):
        raise CheckpointRefused(missing[0], "is missing from the model's folder")
    if extra := sorted(set(present) - set(lock.files)):
        raise CheckpointRefused(extra[0], "was added to the model's folder after it was installed")
    for path, file in present.items():
        if file.bytes != lock.files[path].bytes:
            raise CheckpointRefused(path, "is not the file that was installed: its length has changed")
