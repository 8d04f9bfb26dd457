"""Whatever a stranger's file does to its reader, this process only hears of it, and nothing else does."""

import errno
import json
import os
import platform
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from generation import sandbox
from generation.sandbox import Broken, Busy, Exhausted, FileRefused, landlock, system_calls, turns
from tests.patience import PATIENCE

from . import probes

HOUSE = Path(__file__).parents[2]


def refusing(data: bytes) -> bytes:
    raise FileRefused(f"“{data.decode()}” is none of ours")


def test_it_answers_with_what_the_reader_made():
    assert sandbox.read(probes.turned, b"bread") == b"daerb"


def test_a_refusal_keeps_its_words():
    with pytest.raises(FileRefused, match="“pain” is none of ours") as caught:
        sandbox.read(refusing, b"pain")
    assert not isinstance(caught.value, Exhausted)


@pytest.mark.parametrize(
    "reader",
    [
        probes.greedy,
        probes.greedy_bit_by_bit,
        probes.greedy_in_shared_memory,
        probes.crashing,
        probes.talkative,
        probes.failing,
    ],
)
def test_memory_crashes_and_endless_answers_are_an_answer(reader):
    with pytest.raises(Exhausted):
        sandbox.read(reader, b"x")


@pytest.mark.slow
@pytest.mark.parametrize("reader", [probes.endless, probes.sleepy])
def test_a_reader_that_does_not_end_is_ended(reader):
    with pytest.raises(Exhausted):
        sandbox.read(reader, b"x", seconds=1)


def test_what_an_honest_reader_needs_is_there():
    assert sandbox.read(probes.large, b"200000000") == b"200000000"
    assert sandbox.read(probes.waiting_for_a_thread, b"bread") == b"bread"
    assert sandbox.read(probes.reading_the_library, b"bread") == b"bread"


def test_a_crash_is_logged_without_a_word_of_the_stranger(caplog):
    caplog.set_level("INFO", "generation.sandbox")
    with pytest.raises(Exhausted):
        sandbox.read(probes.failing, b"my secret")
    assert "probes:failing gave up a file: KeyError in failing" in caplog.text
    assert "secret" not in caplog.text


def test_a_sandbox_that_does_not_work_is_no_fault_of_the_file(monkeypatch, caplog):
    monkeypatch.setattr(sandbox, "ENVIRONMENT", {"PYTHONPATH": "/nowhere"})
    with pytest.raises(Broken):
        sandbox.read(probes.turned, b"bread")
    assert "No module named" in caplog.text


@pytest.fixture
def given(tmp_path, monkeypatch):
    """A data folder with secrets, a listening port, a database's socket, and who tries to reach them."""
    monkeypatch.setenv("HANDBILL_SECRET_KEY", "secret")
    (tmp_path / "media").mkdir()
    (tmp_path / "marks").mkdir()
    for name in ("secret_key", "marks/signing.pem"):
        (tmp_path / name).write_text("secret")
        (tmp_path / name).chmod(0o666)  # so that only the sandbox is in the way
    database, abstract = (socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(2))
    with socket.create_server(("127.0.0.1", 0)) as server, database, abstract:
        database.bind(str(tmp_path / ".s.PGSQL.5432"))
        abstract.bind("\0handbill")
        for listening in (database, abstract):
            listening.listen()
        yield {
            "house": str(HOUSE),
            "data": str(tmp_path),
            "marks": str(tmp_path / "marks"),
            "database": str(tmp_path / ".s.PGSQL.5432"),
            "port": server.getsockname()[1],
            "parent": os.getpid(),
        }


needs_the_kernel = pytest.mark.skipif(
    bool(landlock.missing() or system_calls.missing() or platform.machine() != "x86_64"),
    reason="this kernel lacks Landlock or seccomp, or the probes' numbers are another processor's",
)


@needs_the_kernel
def test_nothing_can_be_reached_from_inside(given):
    secrets = {file: file.read_bytes() for file in Path(given["data"]).rglob("*") if file.is_file()}
    outcomes = json.loads(sandbox.read(probes.attempting, json.dumps(given).encode()))
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "refused"} == {}
    assert set(outcomes) == set(probes.ATTEMPTS)
    assert {file: file.read_bytes() for file in Path(given["data"]).rglob("*") if file.is_file()} == secrets


# What each of the two walls cannot hold alone.
BY_SYSTEM_CALLS_ALONE = {"change who may read", "call by UDP", "ask the database", "fork", "change its time"}
BY_LANDLOCK_ALONE = {"read the secret key", "list the data folder", "read its parent's environment"}


@needs_the_kernel
@pytest.mark.parametrize(
    ("wall", "holds"), [(landlock, BY_LANDLOCK_ALONE), (system_calls, BY_SYSTEM_CALLS_ALONE)]
)
def test_each_wall_holds_what_the_other_does_not(given, wall, holds):
    """A wall that the other one hides could fall unseen."""
    other = "system_calls" if wall is landlock else "landlock"
    command = (
        f"from generation.sandbox import {other} as other, child;"
        "other.missing = lambda **_: 'not tried';"
        f"child.main('{os.getpid()}', 'tests.generation.probes:attempting', '9', '300000000')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", command],
        input=json.dumps(given | {"attempts": [*BY_SYSTEM_CALLS_ALONE, *BY_LANDLOCK_ALONE]}).encode(),
        capture_output=True,
        env=sandbox.ENVIRONMENT,
        check=True,
        close_fds=True,
    )
    outcomes = json.loads(answer.stdout)
    assert {name for name in holds if outcomes[name] != "refused"} == set()
    lost = BY_SYSTEM_CALLS_ALONE if wall is landlock else BY_LANDLOCK_ALONE
    assert {name for name in lost if outcomes[name] == "refused"} == set()


def test_nothing_comes_along_from_the_parent(given):
    os.set_inheritable(opened := os.open(given["data"], os.O_RDONLY), True)
    try:
        born = json.loads(sandbox.read(probes.surroundings, b""))
    finally:
        os.close(opened)
    assert born.pop("process") != os.getpid()
    assert born == {"environment": [], "descriptors": [], "modules": []}


def test_what_the_kernel_lacks_is_said_once(monkeypatch, caplog):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    sandbox._say_what_is_missing.cache_clear()
    for _ in range(2):
        sandbox._say_what_is_missing()
    assert caplog.text.count("this kernel has no Landlock") == 1
    sandbox._say_what_is_missing.cache_clear()


@pytest.fixture
def own_turns(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "sandbox" / ".lock"


HOLDER = """
import sys, time
from django.conf import settings
from generation.sandbox import turn
settings.configure(DATA_DIR=sys.argv[1])
with turn(sys.argv[2]):
    print("mine", flush=True)
    time.sleep(600)
"""


def holder(file: Path, asker: str) -> subprocess.Popen:
    """Another process that has a turn."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file.parents[1]), asker], stdout=subprocess.PIPE, cwd=HOUSE
    )
    assert child.stdout.readline() == b"mine\n"
    return child


def test_two_at_once_on_the_whole_machine_and_a_turn_ends_with_its_holder(own_turns):
    with holder(own_turns, "10.0.0.1") as other:
        with (
            turns.turn("10.0.0.2", wait=0),
            pytest.raises(Busy, match="Try again"),
            turns.turn("10.0.0.3", wait=0),
        ):
            pass
        other.kill()
        other.wait()
    with turns.turn("10.0.0.2", wait=0), turns.turn("10.0.0.3", wait=0):
        pass


def test_turns_that_cannot_be_taken_are_a_sentence(own_turns):
    own_turns.parent.write_text("no folder")
    with pytest.raises(Broken, match="cannot be opened"):
        sandbox.read(probes.turned, b"bread")


def test_one_asker_cannot_hold_both_places(own_turns):
    with turns.turn("10.0.0.1", wait=0):
        with pytest.raises(Busy), turns.turn("10.0.0.1", wait=0):
            pass
        with turns.turn("10.0.0.2", wait=0):
            pass


def test_who_waits_gets_the_next_turn(own_turns):
    got: list[float] = []

    def wait() -> None:
        with turns.turn("10.0.0.1"):
            got.append(time.monotonic())

    with turns.turn("10.0.0.1"):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.1)
        assert not got
    thread.join()
    assert got


def test_a_reader_ends_with_whoever_waits_for_it(own_turns):
    """Else killing web processes would leave readers that nobody counts."""
    script = (
        "import threading;from generation import sandbox;from tests.generation import probes;"
        "started = sandbox._started;"
        "sandbox._started = lambda *a: (c := started(*a), print(c.pid, flush=True))[0];"
        "sandbox.read(probes.sleepy, b'')"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=HOUSE) as waiting:
        reader = int(waiting.stdout.readline())
        waiting.kill()  # Perhaps before it has asked to end with its parent.
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{reader}").exists() and _is_running(reader) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(reader)


def _is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_where_no_turns_can_be_taken_it_is_said(monkeypatch):
    def refused(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(turns.fcntl, "fcntl", refused)
    with pytest.raises(Broken, match="no turns"), turns.turn():
        pass
