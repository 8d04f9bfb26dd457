import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from webapp.machine import supervisor
from webapp.machine.supervisor import Child, Supervisor
from webapp.postgres import logs
from webapp.postgres.process import is_alive, wait_until

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('on', flush=True); time.sleep(600)"
)
WITH_CHILD = (
    "import subprocess, sys, time;"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]);"
    "print(child.pid, flush=True); time.sleep(600)"
)


@pytest.fixture
def run(tmp_path):
    house = Supervisor()

    def run(script: str) -> tuple[Supervisor, Child]:
        command = [sys.executable, "-c", script]
        child = Child("trial", command, tmp_path / "trial.log", tmp_path)
        house.start(child)
        return house, child

    yield run
    house.stop()


def printed(child: Child) -> str:
    assert wait_until(lambda: child.log.read_text() != "", PATIENCE)
    return child.log.read_text()


def test_a_program_that_ends_is_started_again(run):
    house, child = run("print('here', flush=True)")
    printed(child)

    def twice() -> bool:
        house.tend()
        return child.log.read_text().count("here") == 2

    assert wait_until(twice, PATIENCE)


def test_each_end_in_a_row_makes_the_pause_longer(run, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now)
    _, child = run("pass")
    pauses = []
    for _ in range(7):
        child._process.wait()
        child.tend()
        pauses.append(child._not_before - now)
        now = child._not_before
        child.tend()
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_program_that_ran_for_long_starts_afresh(run, monkeypatch):
    now = 1000.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now)
    _, child = run("pass")
    child.ends = 5
    child._process.wait()
    now += supervisor.HEALTHY_AFTER + 1
    child.tend()
    assert child.ends == 1


def test_stopping_ends_a_program_that_will_not(run, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    house, child = run(STUBBORN)
    printed(child)
    house.stop()
    assert child.has_ended()


def test_stopping_ends_what_the_program_started(run):
    house, child = run(WITH_CHILD)
    grandchild = int(printed(child))
    house.stop()
    assert wait_until(lambda: not is_alive(grandchild), PATIENCE)


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from webapp.machine.supervisor import Child\n"
        f"child = Child('trial', [sys.executable, '-c', {SLEEPER!r}], Path('{tmp_path}/log'), Path('/'))\n"
        "child.start(); print(child._process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as house:
        pid = int(house.stdout.readline())
        house.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not is_alive(pid), PATIENCE)


def test_a_log_is_private_and_is_cut_when_it_grows_large(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 10)
    file = tmp_path / "logs/trial.log"
    with logs.opened(file) as stream:
        stream.write(b"a line that is long enough\n")
        stream.flush()
        logs.rotate(file)
        stream.write(b"next\n")
    assert file.read_text() == "next\n"
    assert Path(f"{file}.1").read_text() == "a line that is long enough\n"
    assert {path.stat().st_mode & 0o777 for path in file.parent.iterdir()} == {0o600}


def test_a_wait_ends_at_its_deadline():
    before = time.monotonic()
    assert not wait_until(lambda: False, 0.1)
    assert time.monotonic() - before < PATIENCE
