import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.patience import PATIENCE
from webapp.postgres import cluster, programs
from webapp.postgres.process import is_alive, wait_until
from webapp.postgres.server import EmbeddedPostgres, PostgresError

ROOT = Path(__file__).resolve().parents[2]
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def server(tmp_path):
    """A server below a closed folder with a space in its name."""
    closed = tmp_path / "a closed folder"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "data", for_tests=True)
    yield server
    server.stop()
    assert not server.is_running()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server below a closed folder, for tests that only ask it something."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    with EmbeddedPostgres(closed / "a folder/data", for_tests=True) as server:
        yield server


def ask(server: EmbeddedPostgres, question: str, **other) -> object:
    where = server.connection()
    parameters = {
        "host": where["HOST"],
        "port": where["PORT"],
        "user": where["USER"],
        "dbname": where["NAME"],
        **where["OPTIONS"],
        **other,
    }
    with psycopg.connect(**parameters) as connection:
        return connection.execute(question).fetchone()[0]


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def test_it_serves_from_a_folder_that_others_cannot_enter(running):
    assert ask(running, "SELECT 1 + 1") == 2


def test_the_application_is_no_superuser(running):
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert (
        ask(running, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'handbill'")
        == "handbill"
    )


def test_outside_tests_the_application_may_create_no_databases(tmp_path):
    with EmbeddedPostgres(tmp_path / "data") as server:
        assert ask(server, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is False
        assert ask(server, "SHOW fsync") == "on"


def test_pages_are_checksummed_and_text_is_utf8(running):
    assert ask(running, "SHOW data_checksums") == "on"
    assert ask(running, "SHOW server_encoding") == "UTF8"


def test_it_listens_on_no_network(running):
    assert ask(running, "SHOW listen_addresses") == ""


def test_the_socket_is_in_the_servers_own_closed_folder(running):
    assert running.connection()["HOST"] == str(running.folder)
    assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700
    assert stat.S_ISSOCK((running.folder / ".s.PGSQL.5432").stat().st_mode)


def test_where_it_listens_is_known_before_anything_runs(tmp_path):
    assert (
        EmbeddedPostgres(tmp_path).connection()["HOST"]
        == EmbeddedPostgres(tmp_path / "x" / "..").connection()["HOST"]
    )


@pytest.mark.parametrize("name", ["x" * 110, 'caf\udce9, "quoted" & 100%'], ids=["long", "odd"])
def test_it_serves_from_a_folder_of_any_name(tmp_path, name):
    with EmbeddedPostgres(tmp_path / name, for_tests=True) as server:
        assert ask(server, "SELECT 1") == 1
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT current_user").fetchone()[0] == "handbill"


@is_root
def test_another_user_cannot_reach_the_socket(running):
    daemon = pwd.getpwnam("daemon")
    refused = subprocess.run(
        ["ls", running.folder], user=daemon.pw_uid, group=daemon.pw_gid, capture_output=True
    )
    assert b"Permission denied" in refused.stderr


@is_root
def test_even_the_servers_own_user_may_not_come_in(running):
    """Who runs the server can get at its folder, by way of the server."""
    nobody = pwd.getpwnam("nobody")
    where = f"/proc/{pid_of(running)}/cwd"
    refused = subprocess.run(
        [programs.find(None) / "psql", "-h", where, "-U", "handbill", "-c", "SELECT 1", "handbill"],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
    )
    assert "Peer authentication failed" in refused.stderr


def test_a_client_refuses_a_server_of_somebody_else(running):
    with pytest.raises(psycopg.OperationalError, match="requirepeer"):
        ask(running, "SELECT 1", requirepeer="somebody-else")


def test_a_second_program_joins_and_the_last_one_out_stops_it(server):
    server.start()
    second = EmbeddedPostgres(server.data, for_tests=True)
    second.start()
    server.stop()
    assert ask(second, "SELECT 1") == 1
    second.stop()
    assert not second.is_running()
    assert not list(server.folder.glob(".s.PGSQL*"))


def test_data_survives_a_stop(server):
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE cakes AS SELECT 7 AS n")
    server.stop()
    server.start()
    assert ask(server, "SELECT n FROM cakes") == 7


def test_it_recovers_after_kill_9(server):
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE cakes AS SELECT 7 AS n")
    os.kill(pid_of(server), signal.SIGKILL)
    again = EmbeddedPostgres(server.data, for_tests=True)
    again.start()
    assert ask(again, "SELECT n FROM cakes") == 7
    again.stop()


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(server):
    server.start()
    pid_file = server.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_a_killed_initdb_leaves_nothing_in_the_way(server):
    half = server.data / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_a_folder_of_something_else_is_left_alone(server):
    server.folder.mkdir(parents=True)
    (server.folder / "diary.txt").write_text("Dear diary")
    with pytest.raises(PostgresError, match="is not empty"):
        server.start()
    assert (server.folder / "diary.txt").read_text() == "Dear diary"


def test_data_of_another_version_is_refused_with_the_way_out(server):
    server.start()
    server.stop()
    (server.folder / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match="made by PostgreSQL 14"):
        server.start()


def test_a_wrong_folder_of_programs_is_named(tmp_path):
    with pytest.raises(PostgresError, match="HANDBILL_POSTGRES_BIN"):
        EmbeddedPostgres(tmp_path / "data", tmp_path).start()


def test_a_server_too_old_is_refused(tmp_path):
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(PostgresError, match="needs 15 or newer"):
        cluster.create(tmp_path / "cluster", tmp_path, sync=False)


def test_why_it_does_not_start_is_told_by_its_log(server):
    server.start()
    server.stop()
    with (server.folder / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()


def test_a_failing_statement_is_not_logged(running):
    with pytest.raises(psycopg.Error):
        ask(running, "SELECT 'a secret promotion'::integer")
    with pytest.raises(psycopg.Error):
        ask(running, "SELECT 1 / 0 AS secret_promotion")
    log = running.log.read_text()
    assert "secret_promotion" not in log
    assert "STATEMENT" not in log


def test_it_ends_with_the_program_that_started_it(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from webapp.postgres.server import EmbeddedPostgres;"
        "EmbeddedPostgres(Path(sys.argv[1]), for_tests=True).start(); print('up', flush=True);"
        "time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], cwd=ROOT, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout.readline() == b"up\n"
        pid = pid_of(EmbeddedPostgres(tmp_path))
        program.kill()
    assert wait_until(lambda: not is_alive(pid), PATIENCE)


@is_root
def test_an_ordinary_user_runs_it_too():
    """With a Python and packages that this user can read, and no way to become root."""
    nobody = pwd.getpwnam("nobody")
    python = "/usr/bin/python3.11"
    packages = Path(psycopg.__file__).parents[1]
    readable = subprocess.run(
        ["test", "-r", packages / "psycopg/__init__.py", "-a", "-x", python], user=nobody.pw_uid, check=False
    )
    if readable.returncode or sys.version_info[:2] != (3, 11):
        pytest.skip("the user nobody can read neither this Python nor its packages")
    home = Path(tempfile.mkdtemp(prefix="handbill-user-"))
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    script = (
        "from pathlib import Path; from webapp.postgres.server import EmbeddedPostgres; import psycopg\n"
        f"with EmbeddedPostgres(Path('{home}/data'), for_tests=True) as server:\n"
        "    print(psycopg.connect(server.url).execute('SELECT current_user').fetchone()[0])"
    )
    try:
        answer = subprocess.run(
            [python, "-B", "-c", script],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{packages}", "PATH": "/usr/bin:/bin"},
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
    finally:
        shutil.rmtree(home)
    assert answer.stdout == "handbill\n", answer.stderr


def test_another_postgresql_can_be_embedded(tmp_path):
    others = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not others:
        pytest.skip("no other PostgreSQL on this machine")
    with EmbeddedPostgres(tmp_path / "data", others[-1]) as server:
        assert ask(server, "SHOW server_version").startswith(others[-1].parent.name)
