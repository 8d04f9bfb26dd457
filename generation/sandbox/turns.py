"""Turns on the whole machine: so many files are read at once, and no more than one of the same asker.

A turn is a lock on some bytes of one file, which the kernel gives back when its holder ends, however it ends.
"""

import fcntl
import hashlib
import os
import struct
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Broken, Busy

AT_ONCE = 2
WAIT = 10.0  # seconds
STEP = 0.05  # seconds
ASKERS = 1 << 10  # where the askers' bytes begin
FLOCK = struct.Struct("@hhqqi")  # struct flock of 64-bit Linux: type, whence, start, length, process
BUSY = "Many files are being looked at just now. Try again in a moment."


@contextmanager
def turn(asker: str = "", wait: float | None = None) -> Iterator[None]:
    """Raises Busy after `wait` seconds, WAIT when it is not said, and Broken where no turns can be taken."""
    lock = _opened()
    deadline = time.monotonic() + (WAIT if wait is None else wait)
    try:
        if asker:
            _wait_for(lock, [_byte_of(asker)], deadline)
        _wait_for(lock, range(AT_ONCE), deadline)
        yield
    finally:
        os.close(lock)


def _wait_for(lock: int, one_of: Iterable[int], deadline: float) -> None:
    while not any(_is_taken_by_us(lock, place) for place in one_of):
        if time.monotonic() > deadline:
            raise Busy(BUSY)
        time.sleep(STEP)


def _is_taken_by_us(lock: int, place: int) -> bool:
    try:
        # Of the open file, not of the process: threads keep each other out too.
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, place, 1, 0))
    except (BlockingIOError, PermissionError):  # EAGAIN or EACCES: somebody else has it.
        return False
    except OSError as error:
        raise Broken(f"no turns can be taken: {error.strerror}") from error
    return True


def _byte_of(asker: str) -> int:
    """Two askers meet in one byte once in a hundred thousand million pairs, and then take turns."""
    return ASKERS + int.from_bytes(hashlib.sha256(asker.encode()).digest()[:5])


def _opened() -> int:
    file = _lock_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Broken(f"the file by which turns are taken cannot be opened: {error.strerror}") from error


def _lock_file() -> Path:
    """One for all programs of this installation; for what runs without settings, a benchmark, this user's."""
    # Here: the sandbox's own process imports this module too, and needs no Django.
    from django.conf import settings

    if settings.configured:
        return Path(settings.DATA_DIR) / "sandbox" / ".lock"
    return Path(tempfile.gettempdir()) / f"handbill-turns-{os.getuid()}.lock"
