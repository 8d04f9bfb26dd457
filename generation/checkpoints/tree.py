"""What lies in a folder, without following anything out of it."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generation.files.refusal import CheckpointRefused

MOST_FILES = 5_000
DEEPEST = 6
LONGEST_NAME = 200
# Book-keeping of git, of the hub's client and of desktops. Never copied, so what lies there can do no harm.
PASSED_OVER = frozenset({".git", ".cache", ".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"})
DOUBLES = "._"  # begins the name of what macOS keeps beside a file on a disk that is not its own


@dataclass(frozen=True, slots=True)
class File:
    """One regular file: its path relative to the folder, with forward slashes, and its size in bytes."""

    path: str
    bytes: int

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def files_in(folder: Path, passed_over: Collection[str] = PASSED_OVER) -> list[File]:
    """Every file below `folder`, sorted by path; what is named in `passed_over` is left out, and macOS's
    doubles with it.

    Raises CheckpointRefused for a link, a device, a pipe, a name made to deceive, or a tree too deep or too
    large to be a model.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise CheckpointRefused(str(folder), "is not a folder of its own")
    files = []
    for file in _walk(folder, "", 1, passed_over):
        files.append(file)
        if len(files) > MOST_FILES:
            raise CheckpointRefused(
                folder.name, f"holds more than {MOST_FILES} files and cannot be one model"
            )
    return sorted(files, key=lambda file: file.path)


def _walk(folder: Path, prefix: str, depth: int, passed_over: Collection[str]) -> Iterator[File]:
    if depth > DEEPEST:
        raise CheckpointRefused(prefix.rstrip("/"), f"lies more than {DEEPEST} folders deep")
    with _scanned(folder, prefix) as entries:
        for entry in entries:
            if entry.name in passed_over or (passed_over and entry.name.startswith(DOUBLES)):
                continue
            path = prefix + entry.name
            _check_name(path, entry.name)
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(info.st_mode):
                yield from _walk(Path(entry.path), f"{path}/", depth + 1, passed_over)
            elif stat.S_ISREG(info.st_mode):
                yield File(path, info.st_size)
            elif stat.S_ISLNK(info.st_mode):
                raise CheckpointRefused(
                    path, "is a symbolic link, and only real files are copied (cp -rL makes them)"
                )
            else:
                raise CheckpointRefused(path, "is a device, pipe or socket and not a file")


@contextmanager
def _scanned(folder: Path, prefix: str) -> Iterator[Iterable[os.DirEntry[str]]]:
    try:
        entries = os.scandir(folder)
    except PermissionError as error:
        raise CheckpointRefused(prefix.rstrip("/") or folder.name, "may not be read by this user") from error
    with entries:
        yield entries


def _check_name(path: str, name: str) -> None:
    if not name.isprintable() or "\\" in name:
        raise CheckpointRefused(path, "has a name with control characters or a backslash")
    if len(name) > LONGEST_NAME:
        raise CheckpointRefused(path, f"has a name longer than {LONGEST_NAME} characters")
