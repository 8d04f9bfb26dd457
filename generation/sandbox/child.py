"""The process in which one file is read: `python -m generation.sandbox.child PARENT MODULE:FUNCTION SECONDS
MEMORY [FOLDER ...]`, PARENT the number of the process that waits. The file comes as standard input, and the
answer leaves as standard output.

All code is imported first, then everything that reading does not need is given up, then the file is looked
at.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Callable

from generation.sandbox import ANSWERED, GAVE_UP, REFUSED, FileRefused, confinement


def main(parent: str, name: str, seconds: str, memory: str, *folders: str) -> None:
    confinement.end_with_parent(int(parent))
    module, _, function = name.partition(":")
    reader = getattr(importlib.import_module(module), function)
    data = sys.stdin.buffer.read()
    confinement.confine(float(seconds), int(memory), folders)
    status, answer = _answer(reader, data)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    sys.stderr.flush()
    os._exit(status)  # Nothing that the file may have left behind is run.


def _answer(reader: Callable[[bytes], bytes], data: bytes) -> tuple[int, bytes]:
    try:
        return ANSWERED, reader(data)
    except FileRefused as refused:
        return REFUSED, str(refused).encode()
    except BaseException as error:  # Rust's panics are no Exceptions.
        # Where, but not what: the words could be the stranger's.
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{type(error).__name__} in {place.name}, line {place.lineno}", end="", file=sys.stderr)
        return GAVE_UP, b""


if __name__ == "__main__":
    main(*sys.argv[1:])
