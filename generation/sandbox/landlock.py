"""Landlock: a process takes from itself the right to open files and to reach others.

linux/landlock.h; https://docs.kernel.org/userspace-api/landlock.html. The names here are the kernel's.
"""

import ctypes
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .errors import Broken

libc = ctypes.CDLL(None, use_errno=True)
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # system calls, on every processor
CREATE_RULESET_VERSION, RULE_PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many rights over files there are, from the first, by the version that brought them.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NETWORK_RIGHTS = 0b11  # binding and connecting TCP
SCOPES = 0b11  # abstract unix sockets and signals to others
WITH_NETWORK, WITH_SCOPES = 4, 6  # versions


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


@cache
def version() -> int:
    """Of the kernel's Landlock; 0 where there is none."""
    return max(0, libc.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION))


def missing(*, partly: bool = True) -> str:
    """What Landlock cannot do on this kernel, in a sentence; empty when nothing is missing.

    partly: also when only some of it is.
    """
    if not version():
        return "this kernel has no Landlock (Linux 5.13, switched on): a reader could open this user's files"
    if partly and version() < WITH_NETWORK:
        return f"this kernel's Landlock (version {version()}) cannot forbid connections (Linux 6.7)"
    return ""


def restrict(readable: Iterable[Path]) -> None:
    """Let this thread, and all that it starts, read what lies in these folders and nothing else: write,
    create, remove and run nothing, bind and connect no TCP, and signal nobody. Raises Broken.
    """
    ruleset = _called(CREATE_RULESET, *_rules())
    for folder in readable:
        _allow_reading(ruleset, folder)
    _called(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _rules() -> tuple[object, ...]:
    rules = _Ruleset(
        files=(1 << FILE_RIGHTS[min(version(), max(FILE_RIGHTS))]) - 1,
        network=NETWORK_RIGHTS if version() >= WITH_NETWORK else 0,
        scopes=SCOPES if version() >= WITH_SCOPES else 0,
    )
    # An older kernel takes fields that it does not know as long as they are zero.
    return ctypes.byref(rules), ctypes.sizeof(rules), 0


def _allow_reading(ruleset: int, folder: Path) -> None:
    opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(READ_FILE | READ_DIR, opened)
        _called(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def _called(number: int, *arguments: object) -> int:
    answer = libc.syscall(number, *arguments)
    if answer < 0:
        raise Broken(f"Landlock, system call {number}: {os.strerror(ctypes.get_errno())}")
    return int(answer)
