"""Where the embedded server listens and its clients look for it: in its own folder, and nowhere else.

Whoever can open the folder finds the socket, whatever their /tmp or TMPDIR is.
"""

import functools
import os
from pathlib import Path

PORT = "5432"
ROOM = 107  # bytes of a socket's path, in Linux


def host(folder: Path) -> str:
    """What libpq calls the host: `folder`, or another way there where its path will not do.

    It will not do when it is too long, or has a comma, at which libpq divides a list. The other way leads
    through this process, and so it is there for the programs it starts, and as long as it lives.
    """
    path = folder / f".s.PGSQL.{PORT}"
    if len(bytes(path)) <= ROOM and "," not in str(path) and str(path).isprintable():
        return str(folder)
    return f"/proc/{os.getpid()}/fd/{_held(folder.parent)}/{folder.name}"


def listened_to(descriptor: int) -> str:
    """The server's `unix_socket_directories`, which has no room for a long path either."""
    return f"/proc/self/fd/{descriptor}"


def remove_left_overs(folder: Path) -> None:
    """What a killed server left: the number in its lock may be a stranger's by now, who would hold it."""
    for left_over in folder.glob(f".s.PGSQL.{PORT}*"):
        left_over.unlink()


@functools.cache
def _held(folder: Path) -> int:
    """A descriptor of `folder`, made if it is missing, for the life of this process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(folder, os.O_PATH | os.O_DIRECTORY)
