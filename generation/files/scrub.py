"""Stored files read again, a few at a time: one that the disk has damaged is found before somebody needs it,
and while there is a backup that still holds it.
"""

import logging
import time
from collections.abc import Iterable

from accounts import notices
from generation.files import orphans, storage

EVERY = 600  # seconds
LOST = (
    "Stored files are damaged or missing: put them back from a backup. The log of the worker for the cpu"
    " queue names them."
)
SHARES = 256  # of all files, by the first two digits of their hash: each comes round in less than two days

log = logging.getLogger(__name__)


def run(shares: Iterable[int] = ()) -> list[str]:
    """Read the files of the shares, of the one that is due where none is given. Returns the paths that rows
    name and that are damaged, which are put aside, or missing.
    """
    due = {f"{share:02x}" for share in shares or [int(time.time() / EVERY) % SHARES]}
    paths = {path for path in orphans.named() if due.intersection(path.split("/")[1:2])}
    lost = [path for path in sorted(paths) if _is_lost(path)]
    if lost:
        notices.tell_operator(LOST)
    return lost


def _is_lost(path: str) -> bool:
    try:
        storage.check(path, anew=True)
    except storage.Damaged:
        storage.set_aside(path)
        return True
    except FileNotFoundError:
        log.error("the stored file %s is missing: put it back from a backup", path)
        return True
    return False
