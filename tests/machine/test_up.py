"""The whole house as a person starts it: real processes, real model. Slow, so there are few of these."""

import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.conf.test_settings import manage
from tests.patience import PATIENCE
from webapp.machine.local_server import StartupError, listening
from webapp.postgres.process import is_alive, wait_until

from .local_server import LocalServer

SECONDS = 240


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return LocalServer(tmp_path_factory.mktemp("a house") / "data")


def worker_of(up: subprocess.Popen[bytes], name: str) -> psutil.Process:
    command = ["webapp.machine.worker", name]
    return next(child for child in psutil.Process(up.pid).children() if child.cmdline()[-2:] == command)


def has_torch(process: subprocess.Popen[bytes]) -> bool:
    return "libtorch" in Path(f"/proc/{process.pid}/maps").read_text()


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(house):
    up = house.up("--exit")
    try:
        running = "SELECT count(*) FROM generation_job WHERE status = 'running'"
        assert wait_until(lambda: house.ask(running) == 1 or up.poll() is not None, SECONDS), house.lines()
        assert not has_torch(up)  # which it would keep for as long as it serves
        worker_of(up, "gpu").send_signal(signal.SIGKILL)
        counts = "SELECT count(*) FROM generation_job WHERE attempts > 1"
        assert wait_until(lambda: house.ask(counts) == 1 or up.poll() is not None, SECONDS), house.lines()
        assert up.wait(SECONDS) == 0, house.lines()
    finally:
        house.stop()
    assert house.lines()[-1] == f"dashboard: http://127.0.0.1:{house.port}/"
    folder = re.fullmatch(r"pictures: 4 in (.+)", house.lines()[-2])[1]
    assert len(house.pictures()) >= 4
    assert all(path.is_relative_to(folder) for path in house.pictures())


@pytest.fixture(scope="module")
def serving(house):
    """The second start: the process of `up`, when it serves."""
    up = house.up()
    try:
        assert wait_until(lambda: "dashboard" in house.printed.read_text(), SECONDS), house.lines()
        yield up
    finally:
        up.kill()
        up.wait()


def test_a_second_start_makes_no_second_set(house, serving):
    assert house.lines()[-1] == f"dashboard: http://127.0.0.1:{house.port}/"
    assert house.ask("SELECT count(*) FROM generation_job") == 1
    assert house.ask("SELECT sum(pictures) FROM accounts_usageentry") == 4
    stored = "SELECT array_agg(file) FROM generation_output"
    assert {house.data / "media" / file for file in house.ask(stored)} <= {*house.pictures()}


def test_the_site_answers_and_the_sign_in_link_is_its_own(house, serving):
    link = next(line for line in house.lines() if "/sign-in/" in line).split()[-1]
    for address in (f"http://127.0.0.1:{house.port}/health/", link):
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            assert answer.status == 200


def test_another_start_on_the_same_data_or_port_is_told_so(house, serving, tmp_path):
    for data, sentence in ((house.data, "runs already"), (tmp_path / "data", f"--port {house.port + 1}")):
        other = LocalServer(data)
        other.port, other.printed = house.port, tmp_path / "printed"
        assert other.up("--exit").wait(SECONDS) == 1
        assert sentence in other.lines()[-1]


def test_a_model_that_cannot_be_installed_is_told_in_one_line(tmp_path):
    house = LocalServer(tmp_path / "data")
    house.data.mkdir()
    (house.data / "models").write_text("where a folder is to be")
    assert house.up("--exit").wait(SECONDS) == 1
    assert "CommandError: The starter model cannot be installed: FileExistsError" in house.lines()[-1]


def test_everything_is_private(house, serving):
    for path in [house.data, *house.data.iterdir(), *(house.data / "logs").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_stopping_it_stops_everything(serving):
    everything = [serving.pid, *(child.pid for child in psutil.Process(serving.pid).children(recursive=True))]
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE) == 0
    assert wait_until(lambda: not any(is_alive(pid) for pid in everything), PATIENCE)


def test_the_next_start_recovers_from_a_kill_of_everything_at_once(house):
    house.stop()
    up = house.up()
    assert wait_until(lambda: "dashboard" in house.printed.read_text(), SECONDS), house.lines()
    for process in [*psutil.Process(up.pid).children(recursive=True), psutil.Process(up.pid)]:
        process.kill()
    up.wait(PATIENCE)
    house.port = 0
    assert house.up("--exit").wait(SECONDS) == 0, house.lines()
    assert house.lines()[-2].startswith("pictures: 4 in ")
    assert re.fullmatch(r"dashboard: http://127\.0\.0\.1:[1-9]\d+/", house.lines()[-1])


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_a_port_that_is_none_is_told_in_a_sentence(port):
    with pytest.raises(StartupError, match=f"There is no port {port}"), listening(port):
        pass


def test_the_last_port_of_all_suggests_no_later_one():
    with listening(65_535), pytest.raises(StartupError, match="--port 8000"), listening(65_535):
        pass


@pytest.mark.parametrize("words", [["--data", ""], ["--data="]])
def test_a_data_folder_without_a_name_is_refused(words):
    answer = manage("up", *words)
    assert (answer.returncode, answer.stderr) == (1, "--data needs the name of a folder.\n")


def test_a_shortened_option_chooses_the_data_folder_too(tmp_path):
    (tmp_path / "file").touch()
    answer = manage("up", "--dat", str(tmp_path / "file"))
    assert answer.stderr == f"{tmp_path / 'file'} is a file; Handbill keeps its data in a folder.\n"
