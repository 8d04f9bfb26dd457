"""What Linux says about processes in /proc, and the tie that makes a child end with its parent."""

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def ends_with_parent(how: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `how` to the child when the thread that started it ends, even killed.

    Start such a child from a thread that lives as long as the program.
    """
    parent = os.getpid()

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # It ended before the tie was made.
            os._exit(1)

    return tie


def is_alive(pid: int) -> bool:
    """Whether `pid` runs. A zombie does not: where nobody reaps, it stays for ever."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def exists(pid: int) -> bool:
    """Whether the number `pid` is taken, be it by a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The words of `pid`'s command, NUL between them; empty when it has gone, or is a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def works_in(pid: int, folder: Path) -> bool:
    """Whether `folder`, by whatever path, is the working folder of `pid`; False also when nobody may tell."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def send(pid: int, how: signal.Signals) -> None:
    """Signal `pid`; no error when it has gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether `condition` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
