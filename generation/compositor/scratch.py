"""Files that Typst reads pictures and fonts from: named by their contents, in a folder of this process."""

import atexit
import hashlib
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

MOST = 256  # files; the oldest goes first
_kept: OrderedDict[Path, None] = OrderedDict()
_keeping = threading.Lock()
_folders: dict[int, Path] = {}  # by process: a forked child must not share, nor remove, its parent's


def keep(data: bytes, suffix: str) -> Path:
    """A file that holds `data`; the same bytes are the same file."""
    name = hashlib.sha256(data).hexdigest()[:32]
    with _keeping:
        path = _folder() / (name + suffix)
        if path not in _kept:
            path.write_bytes(data)
        _kept[path] = None
        _kept.move_to_end(path)
        while len(_kept) > MOST:
            _kept.popitem(last=False)[0].unlink(missing_ok=True)
        return path


def folder_of(data: bytes, suffix: str) -> Path:
    """A folder that holds one file of `data`, for Typst's font search, which takes folders."""
    folder = _folder() / hashlib.sha256(data).hexdigest()[:32]
    folder.mkdir(exist_ok=True)
    (folder / f"font{suffix}").write_bytes(data)
    return folder


def _folder() -> Path:
    process = os.getpid()
    if process not in _folders:
        _kept.clear()
        _folders[process] = Path(tempfile.mkdtemp(prefix="handbill-compositor-"))
        atexit.register(_remove, process)
    return _folders[process]


def _remove(process: int) -> None:
    if process == os.getpid():
        shutil.rmtree(_folders[process], ignore_errors=True)
