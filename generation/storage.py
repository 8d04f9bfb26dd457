"""Pictures on disk: written once, named by their hash, below their account's folder.

A file is on disk before any row names it, so a crash leaves at worst a file that no row knows, which
`sweep_orphans` removes. Whether somebody may see a file is asked before this module is.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from generation.checkpoints.refusal import Refused
from generation.checkpoints.tree import open_inside

# <account>/<first two of the hash>/<hash>.<suffix>; nothing else is a path here, so none can lead anywhere
# else.
PATH = re.compile(r"[0-9a-zA-Z-]{1,64}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}")
UNFINISHED = ".part"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageFull(Exception):
    """The disk has no room for the file. Nothing of it was left behind."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`path` is relative to the media folder; `sha256` in hexadecimal."""

    path: str
    sha256: str
    bytes: int


def store(account_id: object, data: bytes, suffix: str) -> StoredFile:
    """Write `data` for an account and return once it is safe on disk. The same bytes again are the same file.

    Raises StorageFull, and ValueError for an account or suffix that cannot be part of a path.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"{account_id}/{sha256[:2]}/{sha256}.{suffix.lstrip('.')}"
    if not PATH.fullmatch(path):
        raise ValueError("not an account or not a suffix")
    target = Path(settings.MEDIA_DIR) / path
    try:
        _make_folders(target.parent)
        _write(target, data)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull("the disk has no room for the picture") from error
        raise
    return StoredFile(path, sha256, len(data))


def _make_folders(folder: Path) -> None:
    """Make what is missing of `folder`, each on disk in its parent before anything is put into it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o750, exist_ok=True)
        _sync_folder(one.parent)


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
    root = Path(settings.MEDIA_DIR).resolve()
    if not PATH.fullmatch(path):
        raise FileNotFoundError(errno.ENOENT, "not a stored file")
    found = (root / path).resolve()
    if found != root / path or not found.is_file():
        raise FileNotFoundError(errno.ENOENT, "not a stored file")
    return found


def open_file(path: str) -> BinaryIO:
    """The stored file, open for reading; no part of its path may be a link. Raises FileNotFoundError."""
    path_of(path)
    try:
        return os.fdopen(open_inside(Path(settings.MEDIA_DIR).resolve(), path), "rb")
    except Refused as refused:
        raise FileNotFoundError(errno.ENOENT, "not a stored file") from refused


def read(path: str) -> bytes:
    """The whole of a stored file. Raises FileNotFoundError."""
    with open_file(path) as file:
        return file.read()


def sweep_orphans(known: Container[str], older_than: timedelta = timedelta(hours=1)) -> int:
    """Remove unfinished files, and files whose path is not in `known`, that are older than `older_than`.

    Returns how many. The age must be longer than a worker takes from storing a file to committing its row.
    """
    root, before = Path(settings.MEDIA_DIR), time.time() - older_than.total_seconds()
    removed = 0
    for folder in root.glob("*/[0-9a-f][0-9a-f]"):
        for file in folder.iterdir():
            path = file.relative_to(root).as_posix()
            if path not in known and (PATH.fullmatch(path) or file.name.endswith(UNFINISHED)):
                removed += _remove_if_old(file, before)
    return removed


def _remove_if_old(file: Path, before: float) -> bool:
    """Look at the age and remove in one: nobody can store the same file anew in between."""
    with _holding(file.parent, fcntl.LOCK_EX), suppress(FileNotFoundError):
        if file.lstat().st_mtime < before:
            file.unlink()
            return True
    return False
