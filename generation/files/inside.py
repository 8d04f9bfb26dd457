"""Opening a file inside a folder, and nowhere else."""

import io
import os
import stat
from pathlib import Path

from .refusal import CheckpointRefused


def opened_inside(folder: Path, path: str) -> io.BufferedReader:
    """The regular file at `path` below `folder`, for reading, as `open_inside` finds it."""
    return os.fdopen(open_inside(folder, path), "rb")


def open_inside(folder: Path, path: str) -> int:
    """A read-only descriptor of the regular file at `path` below `folder`; links are refused at every part of
    it.

    Each part is opened relative to the one before, so that no part can be exchanged for a link on the way.
    """
    *folders, name = path.split("/")
    if not all(part and part not in (".", "..") for part in (*folders, name)):
        raise CheckpointRefused(path, "is not a path inside the folder")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for part in folders:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        # A pipe put in the file's place must not make us wait for a writer.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    except OSError as error:
        raise CheckpointRefused(path, f"cannot be read ({error.strerror})") from error
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CheckpointRefused(path, "is not a regular file")
    return descriptor
