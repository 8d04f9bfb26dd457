"""Log files of the programs Handbill starts: appended to, private, kept small."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

LARGEST = 5 * 1024**2


@contextlib.contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """`file`, open for a program to append its output to."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
        yield stream


def rotate(file: Path) -> None:
    """Move what `file` holds to `file`.1 when it has grown large.

    It is copied and emptied, not renamed: the program that writes it keeps it open, and appends.
    """
    if file.exists() and file.stat().st_size > LARGEST:
        shutil.copyfile(file, f"{file}.1")
        os.chmod(f"{file}.1", 0o600)
        os.truncate(file, 0)


def tail(file: Path, lines: int = 8) -> str:
    """The last lines of `file`, for an error message."""
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
