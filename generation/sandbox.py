"""A stranger's file is read in a process of its own with little memory and little time: whatever crashes the
reader, or makes it allocate or compute without end, is only an answer.
"""

import importlib
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HOUSE = Path(__file__).parents[1]
MEMORY = 1 << 30  # bytes
SECONDS = 5  # of computing; twice that by the clock
MOST_WRITTEN = 8_000_000  # bytes of a scratch file
REFUSED = 3  # exit status


class Refused(ValueError):
    """The file is refused, in a sentence for whoever sent it."""


class Exhausted(Refused):
    """Reading the file took more memory or time than any honest one does, or crashed the reader."""


def read(reader: Callable[[bytes], bytes], data: bytes, *, seconds: int = 0, memory: int = 0) -> bytes:
    """What `reader`, a function at the top of a module, makes of `data`.

    seconds, memory: when it may have other than SECONDS of computing and MEMORY.

    Raises Refused with the sentence that `reader` raised it with, and Exhausted.
    """
    seconds, memory = seconds or SECONDS, memory or MEMORY
    command = [
        sys.executable,
        "-m",
        __name__,
        f"{reader.__module__}:{reader.__name__}",
        str(seconds),
        str(memory),
    ]
    environment = {"PYTHONPATH": str(HOUSE), "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, env=environment, timeout=2 * seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Exhausted("the file takes too long to read") from error
    if child.returncode == REFUSED:
        raise Refused(child.stdout.decode())
    if child.returncode:
        raise Exhausted("the file takes more than any honest one does to read")
    return child.stdout


def _confine(seconds: int, memory: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _main(name: str, seconds: str, memory: str) -> None:
    module, _, function = name.partition(":")
    reader = getattr(importlib.import_module(module), function)
    data = sys.stdin.buffer.read()
    _confine(int(seconds), int(memory))
    try:
        answer = reader(data)
    except ValueError as refused:
        # The module runs as __main__ here, so its own Refused is not the one that the reader raises.
        if type(refused).__name__ != Refused.__name__:
            raise
        sys.stdout.write(str(refused))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main(*sys.argv[1:])
