"""What a process gives up before it looks at a stranger's file. None of it can be taken back."""

import ctypes
import os
import resource
import signal
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from generation.sandbox import MOST_ANSWERED

from . import landlock, system_calls
from .errors import Broken

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38  # linux/prctl.h
MOST_FILES = 64
# Python imports some of its modules only when they are needed: its library stays readable, and our own code
# does not.
LIBRARY = [
    folder
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
    if (folder := Path(sysconfig.get_path(name))).is_dir()
]


def end_with_parent(parent: int) -> None:
    """Whoever waits for the answer holds the turn: without them nobody counts this process."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # It ended before it could be asked for.
        os.kill(os.getpid(), signal.SIGKILL)


def confine(seconds: float, memory: int, folders: Iterable[str]) -> None:
    """seconds: of computing. memory: bytes, resident. folders: what stays readable beside Python's library.

    Raises Broken.
    """
    _refuse_company()
    os.environ.clear()
    os.closerange(3, 1 << 16)
    _limit(seconds, memory)
    # No program that is run can have more rights, and nobody else's process can look into this one.
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    if not landlock.missing(partly=False):
        landlock.restrict([*LIBRARY, *map(Path, folders)])
    if not system_calls.missing():
        system_calls.restrict()


def _refuse_company() -> None:
    """Landlock binds the thread that asks for it, and those that it starts afterwards."""
    if len(os.listdir("/proc/self/task")) > 1:
        raise Broken("a module of the reader has started a thread, which would not be confined")


def _limit(seconds: float, memory: int) -> None:
    computing, sizes = max(1, round(seconds)), _sizes()
    room = max(0, memory - sizes["VmRSS"])
    for limit, most in (
        # What it has already, and as much more as makes it as large as it may be. What is mapped and never
        # touched counts in these; what it really takes is looked at from outside.
        (resource.RLIMIT_DATA, sizes["VmData"] + room),
        (resource.RLIMIT_AS, sizes["VmSize"] + 2 * room),
        (resource.RLIMIT_CPU, computing),
        (resource.RLIMIT_FSIZE, MOST_ANSWERED),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _sizes() -> dict[str, int]:
    """Bytes of this process's memory, by their names in /proc."""
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return {line[0].rstrip(":"): 1024 * int(line[1]) for line in lines if line[0].startswith("Vm")}


def _prctl(option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0):
        raise Broken(f"prctl {option}: {os.strerror(ctypes.get_errno())}")
