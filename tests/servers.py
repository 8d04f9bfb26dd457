"""Servers of a test's own: private, on a free port, started from the program where there is one."""

import shutil
import socket
import subprocess
from pathlib import Path

REDIS = shutil.which("redis-server")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """One that keeps nothing. Needs REDIS."""
    assert REDIS is not None
    where = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder))
    options = (*where, "--save", "", "--appendonly", "no")
    return subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL, start_new_session=True)
