"""Who works in a data folder: its owner, wherever that user's /tmp is; nobody else, root included. Whatever
others try, the owner's database goes on.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from webapp.postgres import data_folder, unix_socket
from webapp.postgres.server import EmbeddedPostgres, PostgresError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3.11"
PACKAGES = Path(psycopg.__file__).parents[1]
SCRIPT = (
    "import sys, psycopg; from pathlib import Path\n"
    "from webapp.postgres.server import EmbeddedPostgres, PostgresError\n"
    "try:\n"
    "    with EmbeddedPostgres(Path(sys.argv[1]), for_tests=True) as server:\n"
    "        with psycopg.connect(server.url) as connection:\n"
    "            connection.execute('CREATE TABLE IF NOT EXISTS cakes AS SELECT 7 AS n')\n"
    "        print('up', flush=True); sys.stdin.readline()\n"
    "        print(psycopg.connect(server.url).execute('SELECT n FROM cakes').fetchone()[0])\n"
    "except PostgresError as error:\n"
    "    print(error)"
)
# A /tmp of its own, in which the checkout stays where it is, should it lie below /tmp.
PRIVATE_TMP = """
mkdir "$2/house" && mount --rbind "$1" "$2/house" && mount -t tmpfs none /tmp &&
mkdir -p "$1" && mount --rbind "$2/house" "$1" && cd "$1" && shift 2 && TMPDIR=/var exec "$@"
"""


def run_as(name: str, data: Path) -> subprocess.Popen[str]:
    """SCRIPT by another user, on the database of `data`."""
    user = pwd.getpwnam(name)
    return subprocess.Popen(
        [PYTHON, "-B", "-c", SCRIPT, data],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{PACKAGES}", "PATH": "/usr/bin:/bin"},
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def home():
    """An open folder outside /tmp, so that a program with a /tmp of its own can come there."""
    folder = Path(tempfile.mkdtemp(prefix="handbill-home-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def others_can_run_it() -> bool:
    if sys.version_info[:2] != (3, 11) or not Path(PYTHON).exists():
        return False
    imports = [PYTHON, "-B", "-c", "import psycopg, webapp.postgres.server"]
    paths = {"PYTHONPATH": f"{ROOT}:{PACKAGES}"}
    return subprocess.run(imports, cwd="/", env=paths, user="daemon", capture_output=True).returncode == 0


@pytest.fixture
def owner(home):
    """A program of the user `daemon` with a database of its own in `home`/data, which others may enter."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    if not others_can_run_it():
        pytest.skip("other users cannot reach a Python that fits these packages, or this checkout")
    os.chown(home, pwd.getpwnam("daemon").pw_uid, -1)
    with run_as("daemon", home / "data") as program:
        assert program.stdout.readline() == "up\n"
        (home / "data").chmod(0o777)
        yield program
        program.kill()


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def owners_of(folder: Path) -> set[str]:
    return {data_folder.name_of(path.lstat().st_uid) for path in [folder, *folder.rglob("*")]}


def test_neither_root_nor_another_user_harms_a_running_database(home, owner):
    pid = (home / "data/postgres/postmaster.pid").read_text().split()[0]
    with pytest.raises(PostgresError, match="belongs to the user daemon"):
        EmbeddedPostgres(home / "data").start()
    stranger, _ = run_as("nobody", home / "data").communicate("\n", timeout=240)
    assert stranger.startswith("The database in ")
    assert len(stranger.splitlines()) == 1
    command = subprocess.run(
        [sys.executable, ROOT / "manage.py", "showmigrations"],
        env=os.environ | {"HANDBILL_DATA": str(home / "data")},
        capture_output=True,
        text=True,
    )
    assert command.returncode == 1
    assert "belongs to the user daemon" in command.stderr
    assert len(command.stderr.splitlines()) == 1
    assert (home / "data/postgres/postmaster.pid").read_text().split()[0] == pid
    assert owners_of(home / "data") == {"daemon"}
    assert owner.communicate("\n", timeout=240)[0] == "7\n"


def test_a_program_with_another_tmp_joins(home):
    with EmbeddedPostgres(home / "data", for_tests=True) as server:
        pid = pid_of(server)
        apart = ["unshare", "-m", "sh", "-c", PRIVATE_TMP, "sh", ROOT, home]
        other = subprocess.run(
            [*apart, sys.executable, "-c", SCRIPT, home / "data"],
            cwd=ROOT,
            input="\n",
            capture_output=True,
            text=True,
        )
        if "unshare" in other.stderr or "mount" in other.stderr:
            pytest.skip("no namespace of mounts can be had here")
        assert other.stdout == "up\n7\n", other.stderr
        assert pid_of(server) == pid


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with EmbeddedPostgres(tmp_path_factory.mktemp("running") / "data", for_tests=True) as server:
        yield server


def assert_left_alone(server: EmbeddedPostgres, pid: int) -> None:
    assert pid_of(server) == pid
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_running_server_that_lets_nobody_in_is_left_alone(running, monkeypatch):
    """As it is for a program that comes to it by a way on which it does not listen."""
    pid = pid_of(running)
    monkeypatch.setattr("webapp.postgres.server.ANSWER_SECONDS", 1)
    monkeypatch.setattr(unix_socket, "host", lambda folder: str(folder.parent))
    with pytest.raises(PostgresError, match="left alone"):
        EmbeddedPostgres(running.data, for_tests=True).start()
    assert_left_alone(running, pid)


def test_a_running_server_that_cannot_be_seen_is_left_alone(running, monkeypatch):
    """As in a container of its own: another list of processes, the same folder."""
    pid = pid_of(running)
    with monkeypatch.context() as patch:
        patch.setattr("webapp.postgres.postmaster.command_line", lambda pid: "")
        with pytest.raises(PostgresError, match="cannot be seen here"):
            EmbeddedPostgres(running.data, for_tests=True).start()
    assert_left_alone(running, pid)


def test_a_file_for_a_folder_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="is a file"):
        data_folder.refuse_strangers(tmp_path / "file")
    with pytest.raises(ImproperlyConfigured, match="cannot be opened"):
        data_folder.refuse_strangers(tmp_path / "file/data")
    data_folder.refuse_strangers(tmp_path / "to be made")


def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder.os, "access", lambda *_: False)
    with pytest.raises(ImproperlyConfigured, match="may not write in"):
        data_folder.refuse_strangers(tmp_path)
