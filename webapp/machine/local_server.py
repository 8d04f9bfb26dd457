"""All of Handbill on one machine: what `up` starts, in which order, and stops again."""

import contextlib
import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.management import call_command

from generation import provenance, registry, signing
from webapp.conf import database
from webapp.postgres.process import ends_with_parent
from webapp.postgres.server import EmbeddedPostgres

from .supervisor import Child, Supervisor

LOGS = settings.DATA_DIR / "logs"
LAST_PORT = 65_535


class StartupError(Exception):
    """Handbill cannot start; the message says what to do."""


@contextlib.contextmanager
def alone() -> Iterator[IO[str]]:
    """Hold the data folder: two at once would start everything twice. Yields a file for the address of this
    one, which the StartupError of another names.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.DATA_DIR / ".up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            other = lock.read().strip()
            raise StartupError(
                f"Handbill runs already with the data in {settings.DATA_DIR}: {other}"
            ) from None
        lock.truncate(0)
        yield lock


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on `port` of this machine alone; 0 is a free one. Raises StartupError when it cannot be
    had.
    """
    if not 0 <= port <= LAST_PORT:
        raise StartupError(
            f"There is no port {port}: choose one up to {LAST_PORT}, or 0 for any that is free."
        )
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise StartupError(_why_not(port, error)) from None
        listener.listen(128)
        yield listener


@contextlib.contextmanager
def services() -> Iterator["Services"]:
    """PostgreSQL, unless another is named, and the supervisor of the rest.

    Everything stops with the `with`.
    """
    with database.at_hand() as postgres:
        found = Services(postgres)
        try:
            yield found
        finally:
            found.supervisor.stop()


class Services:
    """What runs besides this program. Call `tend` several times a second."""

    def __init__(self, postgres: EmbeddedPostgres | None) -> None:
        self.supervisor = Supervisor()
        self._postgres = postgres

    def start_web(self, listener: socket.socket) -> None:
        self._start("web", listener.fileno(), files=[listener.fileno()])

    def start_workers(self) -> None:
        for queue in ("gpu", "cpu"):
            self._start("worker", queue)

    def tend(self) -> None:
        """Start again whatever has ended, PostgreSQL included. Raises PostgresError when it will not."""
        if self._postgres and not self._postgres.is_running():
            self._postgres.start()
        self.supervisor.tend()

    def ailing(self) -> Child | None:
        """A program that ends again and again, if there is one."""
        return next((child for child in self.supervisor.children if child.ends >= 4), None)

    def _start(self, module: str, argument: object, files: list[int] | None = None) -> None:
        command = [sys.executable, "-m", f"webapp.machine.{module}", str(argument)]
        name = module if files else f"{module}-{argument}"
        self.supervisor.start(Child(name, command, LOGS / f"{name}.log", settings.BASE_DIR, files or []))


def make_tables() -> None:
    """The database's tables, brought up to date."""
    call_command("migrate", interactive=False, verbosity=0)


def make_marks() -> None:
    """The keys that every file is marked with, before the first one is made. Raises StartupError."""
    try:
        signing.identity().make()
    except provenance.SigningIdentityError as error:
        raise StartupError(f"Files could not be marked as made with AI: {error}.") from error


def install_starter() -> None:
    """In a process of its own: this one serves for weeks, and would keep the 400 MB that torch takes.

    Raises StartupError.
    """
    if registry.installed_starter():
        return
    command = [sys.executable, "manage.py", "install_model", "--starter"]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=ends_with_parent(signal.SIGKILL),
    )
    if done.returncode:
        *_, why = done.stderr.splitlines() or [f"it ended with {done.returncode}"]
        raise StartupError(f"The starter model cannot be installed: {why.removeprefix('CommandError: ')}")


def answers(port: int) -> bool:
    """Whether the web server answers on `port`, with whatever."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/health/")
        return connection.getresponse().status > 0
    return False


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < LAST_PORT else 8000
        return f"Port {port} is taken by another program. Choose another: bin/up --port {other}"
    return f"Port {port} cannot be used ({os.strerror(error.errno or 0)}). Choose another: bin/up --port 8000"
