"""Readers that are not readers: each tries in the sandbox what a broken decoder could be made to do."""

import ctypes
import json
import mmap
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

libc = ctypes.CDLL(None, use_errno=True)


def turned(data: bytes) -> bytes:
    return data[::-1]


def greedy(data: bytes) -> bytes:
    return bytes(10_000_000_000)


def greedy_bit_by_bit(data: bytes) -> bytes:
    kept = []
    while True:
        kept.append(b"x" * 1_000_000)


def greedy_in_shared_memory(data: bytes) -> bytes:
    shared = mmap.mmap(-1, 2_000_000_000)
    for at in range(0, len(shared), 4096):
        shared[at] = 1
    return data


def endless(data: bytes) -> bytes:
    while True:
        pass


def sleepy(data: bytes) -> bytes:
    time.sleep(600)
    return data


def crashing(data: bytes) -> bytes:
    os.abort()


def talkative(data: bytes) -> bytes:
    while True:
        os.write(1, bytes(1_000_000))


def failing(data: bytes) -> bytes:
    raise KeyError(data)


def reading_the_library(data: bytes) -> bytes:
    import sndhdr  # which nothing here has imported  # noqa: F401

    return data


def waiting_for_a_thread(data: bytes) -> bytes:
    told: list[bytes] = []
    thread = threading.Thread(target=told.append, args=(data,))
    thread.start()
    thread.join()
    return told[0]


def large(data: bytes) -> bytes:
    """As much as MEMORY lets an honest reader have."""
    return str(len(b"x" * int(data))).encode()


def attempting(data: bytes) -> bytes:
    """JSON: for each attempt (those that are asked for) "refused", or what came of it."""
    given = json.loads(data)
    asked = given.get("attempts", ATTEMPTS)
    return json.dumps({name: _outcome(ATTEMPTS[name], given) for name in asked}).encode()


def _outcome(attempt: Callable[[dict], object], given: dict) -> str:
    try:
        return f"done: {attempt(given)!r}"
    except PermissionError:
        return "refused"
    except OSError as error:
        return f"failed otherwise: {error}"


def _connect(family: int, kind: int, address: Any) -> None:
    with socket.socket(family, kind) as door:
        door.settimeout(1)
        door.connect(address)


def _system_call(number: int, *arguments: object) -> int:
    answer = libc.syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def _others_memory(given: dict) -> int:
    into = ctypes.create_string_buffer(8)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(into), 8)
    answer = libc.process_vm_readv(given["parent"], vector, 1, vector, 1, 0)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    return answer


ATTEMPTS: dict[str, Callable[[dict], object]] = {
    "read the secret key": lambda given: Path(given["data"], "secret_key").read_bytes(),
    "read the signing key": lambda given: Path(given["marks"], "signing.pem").read_bytes(),
    "list the data folder": lambda given: os.listdir(given["data"]),
    "list the marks": lambda given: os.listdir(given["marks"]),
    "list the root": lambda given: os.listdir("/"),
    "read the code": lambda given: Path(given["house"], "generation/sandbox/child.py").read_bytes(),
    "read the accounts of the machine": lambda given: Path("/etc/passwd").read_bytes(),
    "write a picture": lambda given: Path(given["data"], "media", "planted.png").write_bytes(b"x"),
    "change a file": lambda given: os.open(Path(given["data"], "secret_key"), os.O_RDWR),
    "truncate a file": lambda given: os.truncate(Path(given["data"], "secret_key"), 0),
    "write to the temporary folder": lambda given: Path("/tmp/planted").write_bytes(b"x"),
    "remove a file": lambda given: Path(given["data"], "secret_key").unlink(),
    "rename a file": lambda given: Path(given["data"], "secret_key").rename("/tmp/planted"),
    "make a link": lambda given: os.symlink("/etc", "/tmp/planted"),
    "make a folder": lambda given: Path(given["data"], "planted").mkdir(),
    "change who may read": lambda given: os.chmod(Path(given["data"], "secret_key"), 0o666),
    "change its time": lambda given: os.utime(Path(given["data"], "secret_key")),
    "climb out by a link of its own": lambda given: os.listdir("/proc/self/root"),
    "call by TCP": lambda given: _connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", given["port"])),
    "call by UDP": lambda given: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 53)),
    "ask the database": lambda given: _connect(socket.AF_UNIX, socket.SOCK_STREAM, given["database"]),
    "call an abstract socket": lambda given: _connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0handbill"),
    "listen": lambda given: socket.create_server(("127.0.0.1", 0)),
    "fork": lambda given: os.fork() or os._exit(0),
    "run a program": lambda given: subprocess.run(["/bin/true"], check=True),
    "become a program": lambda given: os.execv("/bin/true", ["true"]),
    "signal its parent": lambda given: os.kill(given["parent"], signal.SIGCONT),
    "read its parent's environment": lambda given: Path(f"/proc/{given['parent']}/environ").read_bytes(),
    "open its parent's memory": lambda given: os.open(f"/proc/{given['parent']}/mem", os.O_RDONLY),
    "read its parent's memory": _others_memory,
    "trace its parent": lambda given: _system_call(101, 16, given["parent"], 0, 0),  # x86_64's number
    "open a file by its handle": lambda given: _system_call(304, -1, 0, 0),
    "use io_uring": lambda given: _system_call(425, 1, 0),
    "make a namespace": lambda given: _system_call(272, 0x10000000),
    "make a file in memory": lambda given: os.memfd_create("planted"),
    "have more time": lambda given: _system_call(302, 0, 0, 0, 0),
}


def surroundings(data: bytes) -> bytes:
    """JSON: what it was born with, as far as it can still see."""
    return json.dumps(
        {
            "process": os.getpid(),
            "environment": sorted(os.environ),
            "descriptors": [number for number in range(3, 1024) if _is_open(number)],
            "modules": [name for name in ("torch", "django", "psycopg", "celery") if _is_imported(name)],
        }
    ).encode()


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _is_imported(name: str) -> bool:
    import sys

    return name in sys.modules
