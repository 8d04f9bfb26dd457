"""Pictures on disk: written once, named by their hash, below their business's folder.

A file is on disk before any row names it, so a crash leaves at worst a file that no row knows, which
`sweep_orphans` removes. What is read is compared with its name each time: no damaged byte leaves here.
Whether somebody may see a file is asked before this module is.
"""

import errno
import fcntl
import hashlib
import io
import itertools
import logging
import os
import re
import secrets
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from generation.files.inside import opened_inside
from generation.files.refusal import CheckpointRefused

# <business>/<first two of the hash>/<hash>.<suffix>; nothing else is a path here, so none can lead anywhere
# else.
PATH = re.compile(r"[0-9a-zA-Z-]{1,64}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}")
UNFINISHED, DAMAGED = ".part", ".damaged"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MOST_KNOWN = 10_000  # files that `check` need not read again; then it begins anew

log = logging.getLogger(__name__)


class NotStored(Exception):
    """The disk did not take the file. Nothing of it was left behind. `reason`: one of jobs.reasons."""

    reason = "not_stored"


class StorageFull(NotStored):
    """The disk has no room for the file."""

    reason = "disk_full"


class Damaged(FileNotFoundError):
    """What lies there is not what was stored: whoever can do without the file does, and nobody gets this."""


class Identity(NamedTuple):
    """What changes with every change of a file that the system knows of."""

    device: int
    inode: int
    bytes: int
    changed: tuple[int, int]


_found_sound: dict[str, Identity] = {}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`path` is relative to the media folder; `sha256` in hexadecimal."""

    path: str
    sha256: str
    bytes: int


def store(business_id: object, data: bytes, suffix: str) -> StoredFile:
    """Write `data` for a business and return once it is safe on disk. The same bytes again are the same file.

    Raises NotStored, and ValueError for a business or suffix that cannot be part of a path.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"{business_id}/{sha256[:2]}/{sha256}.{suffix.lstrip('.')}"
    if not PATH.fullmatch(path):
        raise ValueError("not a business or not a suffix")
    try:
        target = _root() / path
        _make_folders(target.parent)
        _write(target, data)
    except OSError as error:
        trouble = StorageFull if error.errno in NO_ROOM else NotStored
        raise trouble(f"the disk does not take the file ({_name_of(error)})") from error
    return StoredFile(path, sha256, len(data))


def _name_of(error: OSError) -> str:
    """Not its own words, which hold a path of this machine."""
    return errno.errorcode.get(error.errno or 0, "unknown")


def _root() -> Path:
    """The media folder. It may be a link, by the operator's choice, but nothing below it."""
    return _real(Path(settings.MEDIA_DIR))


def _real(path: Path) -> Path:
    """With all links followed. Unlike Path.resolve, it raises nothing for links that lead in a circle."""
    return Path(os.path.realpath(path))


def _make_folders(folder: Path) -> None:
    """Make what is missing of `folder`, each on disk in its parent before anything is put into it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o750, exist_ok=True)
        _sync_folder(one.parent)
    if _real(folder) != folder:  # It would be written there, and never read again.
        raise OSError(errno.ELOOP, "a link in the path")


def _write(target: Path, data: bytes) -> None:
    part = target.with_name(f".{target.name[:16]}-{secrets.token_hex(8)}{UNFINISHED}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # Also where the file is there already: the same bytes, but young again, so that the sweep lets it be
        # until the row that is about to name it is committed.
        with _holding(target.parent, fcntl.LOCK_SH):
            part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _holding(folder: Path, lock: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, lock)
        yield
    finally:
        os.close(descriptor)


def path_of(path: str) -> Path:
    """Where a stored file is. Raises FileNotFoundError for whatever is not one."""
    root = _root()
    if not PATH.fullmatch(path):
        raise FileNotFoundError(errno.ENOENT, "not a stored file")
    found = _real(root / path)
    if found != root / path or not found.is_file():
        raise FileNotFoundError(errno.ENOENT, "not a stored file")
    return found


def read(path: str) -> bytes:
    """The whole of a stored file, as it was stored. Raises FileNotFoundError, also as Damaged."""
    with _opened(path) as file:
        data = file.read()
    _compare(path, hashlib.sha256(data).hexdigest())
    return data


def check(path: str, *, anew: bool = False) -> None:
    """Raises what `read` would. The bytes are looked at once in a process, and again when the file was
    changed; anew: in any case.
    """
    with _opened(path) as file:
        identity = _identity(file)
        if anew or _found_sound.get(path) != identity:
            _compare(path, hashlib.file_digest(file, "sha256").hexdigest())
            _remember(path, identity)


def is_sound(path: str) -> bool:
    """Whether the file can be read, as it was stored."""
    try:
        check(path)
    except FileNotFoundError:
        return False
    return True


def set_aside(path: str) -> bool:
    """Put a damaged file out of the way, under another name: no process gives it away, and a copy from a
    backup comes in its place. Whether it was damaged.
    """
    file = _root() / path
    with _holding(file.parent, fcntl.LOCK_EX):  # Nobody stores the same file anew meanwhile.
        try:
            check(path, anew=True)
        except Damaged:
            _rename(file, file.with_name(file.name + DAMAGED))
            return True
    return False


def _rename(file: Path, target: Path) -> None:
    try:
        file.rename(target)
    except OSError as error:
        log.error("a damaged file cannot be put aside (%s)", _name_of(error))


@contextmanager
def _opened(path: str) -> Iterator[io.BufferedReader]:
    """The stored file; no part of its path may be a link. One that cannot be read is as good as gone."""
    path_of(path)
    try:
        with opened_inside(_root(), path) as file:
            yield file
    except CheckpointRefused as refused:
        raise FileNotFoundError(errno.ENOENT, "not a stored file") from refused
    except FileNotFoundError:
        raise
    except OSError as error:
        log.error("the stored file %s cannot be read (%s)", path, _name_of(error))
        raise FileNotFoundError(error.errno, "the file cannot be read") from error


def _compare(path: str, sha256: str) -> None:
    if Path(path).stem != sha256:
        _found_sound.pop(path, None)
        log.error("the stored file %s is damaged: put it back from a backup", path)
        raise Damaged(errno.ENOENT, "the file is damaged")


def _identity(file: io.BufferedReader) -> Identity:
    seen = os.fstat(file.fileno())
    return Identity(seen.st_dev, seen.st_ino, seen.st_size, (seen.st_mtime_ns, seen.st_ctime_ns))


def _remember(path: str, identity: Identity) -> None:
    if len(_found_sound) >= MOST_KNOWN:
        _found_sound.clear()
    _found_sound[path] = identity


def sweep_orphans(known: Container[str], older_than: timedelta = timedelta(hours=1)) -> int:
    """Remove unfinished files, and files whose path is not in `known`, that are older than `older_than`.

    Returns how many. The age must be longer than a worker takes from storing a file to committing its row.
    """
    before = time.time() - older_than.total_seconds()
    return sum(_remove_if_old(file, before) for path, file in _files() if path not in known)


def remove(path: str, stored_before: float) -> None:
    """Remove a stored file at once, and what was put aside of it as damaged. One that was stored anew since
    `stored_before` stays: somebody is about to name it, or the sweep removes it.
    """
    file = _root() / path
    if PATH.fullmatch(path) and _real(file.parent) == file.parent:
        for one in (file, file.with_name(file.name + DAMAGED)):
            _remove_if_old(one, stored_before)


def holds_more_than(files: int) -> bool:
    return next(itertools.islice(_files(), files, None), None) is not None


def _files() -> Iterator[tuple[str, Path]]:
    """Every file that is ours, also unfinished ones, with its path."""
    root = _root()
    for folder in filter(_is_real_folder, root.glob("*/[0-9a-f][0-9a-f]")):
        for file in folder.iterdir():
            path = file.relative_to(root).as_posix()
            if PATH.fullmatch(path) or file.name.endswith(UNFINISHED):
                yield path, file


def _is_real_folder(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink()


def _remove_if_old(file: Path, before: float) -> bool:
    """Look at the age and remove in one: nobody can store the same file anew in between."""
    try:
        with suppress(FileNotFoundError), _holding(file.parent, fcntl.LOCK_EX):
            if file.lstat().st_mtime < before:
                file.unlink()
                return True
    except OSError as error:  # One that cannot be removed, such as a folder, must not keep the others.
        log.error("a file that no row names cannot be removed (%s)", _name_of(error))
    return False
