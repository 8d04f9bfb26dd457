"""A PostgreSQL data folder: made whole or not at all, and who may come in."""

import os
import shutil
import subprocess
from pathlib import Path

from . import programs
from .programs import PostgresError, as_server_user, server_user


def create(folder: Path, binaries: Path, *, sync: bool) -> None:
    """Make `folder` with initdb, beside its place; it is moved there when complete, never by halves."""
    major = programs.version(binaries)
    if major is None or major < programs.OLDEST:
        raise PostgresError(f"{binaries} is PostgreSQL {major}; Handbill needs {programs.OLDEST} or newer.")
    if folder.exists() and any(folder.iterdir()):
        raise PostgresError(
            f"{folder} is not empty and holds no PostgreSQL data; move it away and start again."
        )
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    os.chown(draft, server_user().pw_uid, server_user().pw_gid)
    _initdb(draft, binaries, major, sync)
    os.rename(draft, folder)


def write_access_rules(folder: Path, client: str, roles: list[str]) -> None:
    """Let in the system's user `client`, as any of `roles`, by the socket; nobody else, by no other way.

    Written anew before every start, since the rules depend on who runs Handbill now.
    """
    _write(folder / "pg_hba.conf", ["local all all peer map=handbill"])
    _write(folder / "pg_ident.conf", [f'handbill "{client}" {role}' for role in roles])


def _initdb(folder: Path, binaries: Path, major: int, sync: bool) -> None:
    # From 17 on PostgreSQL brings C.UTF-8 itself, and need not sync file by file.
    builtin = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--sync-method=syncfs"]
    with programs.reached(folder) as (name, descriptor):
        answer = subprocess.run(
            [
                str(binaries / "initdb"),
                *("-D", name, "-U", "postgres", "-A", "peer", "-E", "UTF8", "--data-checksums"),
                *(builtin if major >= 17 else ["--locale=C.UTF-8"]),
                *([] if sync else ["--no-sync"]),
            ],
            pass_fds=[descriptor],
            capture_output=True,
            text=True,
            **as_server_user(),
        )
    if answer.returncode:
        raise PostgresError(
            f"PostgreSQL's initdb failed:\n{(answer.stderr or answer.stdout).strip()[-1000:]}"
        )


def _write(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n")
    os.chown(file, server_user().pw_uid, server_user().pw_gid)
    file.chmod(0o600)
