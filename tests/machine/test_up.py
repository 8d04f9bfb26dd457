"""The whole house as a person starts it: real processes, real model. Slow, so there are few of these."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from webapp.machine.postgres import EmbeddedPostgres
from webapp.machine.process import is_alive, wait_until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 240


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class House:
    """`manage.py up` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.printed = data.parent / "printed"
        self.process: subprocess.Popen[str] | None = None

    def up(self, *options: str) -> subprocess.Popen[str]:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("HANDBILL_")}
        command = [sys.executable, ROOT / "manage.py", "up", "--port", str(self.port), "--data", self.data]
        with self.printed.open("w") as printed:
            self.process = subprocess.Popen(
                [*command, *options],
                env=settings | {"HANDBILL_LEASE_SECONDS": "8"},
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
        return self.process

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def ask(self, question: str) -> object:
        """One value of the database; None while it cannot answer."""
        try:
            with psycopg.connect(EmbeddedPostgres(self.data).url) as connection:
                return connection.execute(question).fetchone()[0]
        except (psycopg.Error, TypeError):
            return None

    def lines(self) -> list[str]:
        """What `up` has printed so far."""
        return self.printed.read_text().splitlines()

    def pictures(self) -> list[Path]:
        return sorted(path for path in (self.data / "media").rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return House(tmp_path_factory.mktemp("a house") / "data")


def worker_of(up: subprocess.Popen[str], name: str) -> psutil.Process:
    command = ["webapp.machine.worker", name]
    return next(child for child in psutil.Process(up.pid).children() if child.cmdline()[-2:] == command)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(house):
    up = house.up("--exit")
    try:
        running = "SELECT count(*) FROM generation_job WHERE status = 'running'"
        assert wait_until(lambda: house.ask(running) == 1 or up.poll() is not None, SECONDS), house.lines()
        worker_of(up, "gpu").send_signal(signal.SIGKILL)
        counts = "SELECT count(*) FROM generation_job WHERE attempts > 1"
        assert wait_until(lambda: house.ask(counts) == 1 or up.poll() is not None, SECONDS), house.lines()
        assert up.wait(SECONDS) == 0, house.lines()
    finally:
        house.stop()
    assert house.lines()[-1] == f"dashboard: http://127.0.0.1:{house.port}/"
    folder = re.fullmatch(r"pictures: 4 in (.+)", house.lines()[-2])[1]
    assert len(house.pictures()) == 4
    assert all(path.is_relative_to(folder) for path in house.pictures())


@pytest.fixture(scope="module")
def serving(house):
    """The second start: the process of `up`, when it serves."""
    up = house.up()
    try:
        assert wait_until(lambda: "dashboard" in house.printed.read_text(), 60), house.lines()
        yield up
    finally:
        up.kill()
        up.wait()


def test_a_second_start_makes_no_second_set(house, serving):
    assert house.lines()[-1] == f"dashboard: http://127.0.0.1:{house.port}/"
    assert house.ask("SELECT count(*) FROM generation_job") == 1
    assert house.ask("SELECT sum(pictures) FROM accounts_usageentry") == 4
    assert len(house.pictures()) == 4


def test_the_site_answers_and_the_sign_in_link_is_its_own(house, serving):
    link = next(line for line in house.lines() if "/sign-in/" in line).split()[-1]
    for address in (f"http://127.0.0.1:{house.port}/health/", link):
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.status == 200


def test_another_start_on_the_same_data_or_port_is_told_so(house, serving, tmp_path):
    for data, sentence in ((house.data, "runs already"), (tmp_path / "data", f"--port {house.port + 1}")):
        other = House(data)
        other.port, other.printed = house.port, tmp_path / "printed"
        assert other.up("--exit").wait(60) == 1
        assert sentence in other.lines()[-1]


def test_everything_is_private(house, serving):
    for path in [house.data, *house.data.iterdir(), *(house.data / "logs").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_stopping_it_stops_everything(serving):
    everything = [serving.pid, *(child.pid for child in psutil.Process(serving.pid).children(recursive=True))]
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(30) == 0
    assert wait_until(lambda: not any(is_alive(pid) for pid in everything), 10)


def test_the_next_start_recovers_from_a_kill_of_everything_at_once(house):
    house.stop()
    up = house.up()
    assert wait_until(lambda: "dashboard" in house.printed.read_text(), 60), house.lines()
    for process in [*psutil.Process(up.pid).children(recursive=True), psutil.Process(up.pid)]:
        process.kill()
    up.wait(30)
    assert house.up("--exit").wait(60) == 0, house.lines()
    assert house.lines()[-2].startswith("pictures: 4 in ")
