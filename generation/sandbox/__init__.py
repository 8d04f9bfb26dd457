"""A stranger's file is read in a process of its own that can reach nothing: no other file, no network, no
other process. It has little memory and little time, and two at most run at once on the whole machine.
Whatever crashes the reader, or makes it allocate or compute without end, is only an answer.

`child` is that process; `confinement` says what is taken from it.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import IO

from . import landlock, system_calls
from .errors import Broken, Busy, Exhausted, FileRefused
from .turns import turn

__all__ = ["Broken", "Busy", "Exhausted", "FileRefused", "read", "turn"]

log = logging.getLogger(__name__)

HOUSE = Path(__file__).parents[2]
MEMORY = 300_000_000  # bytes of resident memory
SECONDS = 8  # by the clock, from the start of the process to its answer
MOST_ANSWERED = 64_000_000  # bytes
STEP = 0.02  # seconds between two looks at its memory
ANSWERED, REFUSED, GAVE_UP = 0, 3, 4  # exit statuses; any other before the reader began is a fault of ours
# One thread each, and one heap: a second thread would not be confined, a second heap would only be reserved.
ENVIRONMENT = {
    "PYTHONPATH": str(HOUSE),
    "PYTHONUTF8": "1",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}


def read(
    reader: Callable[[bytes], bytes],
    data: bytes,
    *,
    asker: str = "",
    reads: Iterable[Path] = (),
    seconds: float = 0,
    memory: int = 0,
) -> bytes:
    """What `reader`, a function at the top of a module, makes of `data`.

    asker: for whom, such as a client's address: it never has more than one reader running. reads: folders
    that the reader may read. seconds, memory: when it may have other than SECONDS and MEMORY.

    Raises FileRefused with the sentence that `reader` raised it with, Exhausted, Busy, and Broken when the
    sandbox itself does not work on this machine.
    """
    _say_what_is_missing()
    with turn(asker), _file(data) as given, _file() as answer, _file() as trouble:
        child = _started(reader, given, answer, trouble, reads, seconds or SECONDS, memory or MEMORY)
        status = _ended(child, seconds or SECONDS, memory or MEMORY)
        if status == ANSWERED:
            return _content(answer)
        if status == REFUSED:
            raise FileRefused(_content(answer).decode())
        if status == GAVE_UP or status < 0:
            why = _content(trouble).decode(errors="replace") or f"signal {-status}"
            log.info("%s gave up a file: %s", _name(reader), why[-200:])
            raise Exhausted("the file takes more than any honest one does to read")
        log.error("the sandbox does not work: %s", _content(trouble).decode(errors="replace")[-2000:])
        raise Broken("files cannot be looked at on this machine: the log says why")


def _started(reader, given, answer, trouble, reads, seconds: float, memory: int) -> subprocess.Popen:
    folders = [str(folder) for folder in reads]
    # -P: nothing is imported from the folder that the process happens to stand in.
    program = [sys.executable, "-P", "-m", f"{__name__}.child", str(os.getpid())]
    command = [*program, _name(reader), str(seconds), str(memory)]
    try:
        return subprocess.Popen(
            [*command, *folders], stdin=given, stdout=answer, stderr=trouble, env=ENVIRONMENT, cwd="/"
        )
    except OSError as error:  # No room for one more process.
        raise Broken(f"the sandbox cannot be started: {error.strerror}") from error


def _ended(child: subprocess.Popen, seconds: float, memory: int) -> int:
    """Its exit status, negative for a signal. It is killed when its time is over or it is too large."""
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline and _resident(child.pid) <= memory:
            try:
                return child.wait(STEP)
            except subprocess.TimeoutExpired:
                continue
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    return child.returncode


def _resident(process: int) -> int:
    """Bytes of memory that it has now."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):  # It has just ended.
        return 0


def _file(data: bytes = b"") -> IO[bytes]:
    """A file in memory. A pipe would have to be read and written at once, and could be filled for ever."""
    try:
        file = os.fdopen(os.memfd_create("sandbox"), "w+b")
        file.write(data)
        file.seek(0)
    except OSError as error:
        raise Broken(f"no file in memory can be made: {error.strerror}") from error
    return file


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _name(reader: Callable) -> str:
    return f"{reader.__module__}:{reader.__name__}"


@cache
def _say_what_is_missing() -> None:
    """Once a process, in its log."""
    for missing in (landlock.missing(), system_calls.missing()):
        if missing:
            log.warning("strangers' files are read with less protection than could be: %s", missing)
