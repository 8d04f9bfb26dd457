"""Memory is that of a process and all that it started, and nothing of them is left at the end."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import footprint
from webapp.postgres.process import is_alive, wait_until

CHILD = "import sys, time; held = bytearray(60_000_000); print('held', flush=True); time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is told nothing by its parent's end."""
    monkeypatch.setattr(footprint, "STOP_SECONDS", 0.2)


def started() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def parent() -> subprocess.Popen:
    with started() as process, footprint._ended(process):
        assert process.stdout.readline() == "held\n"
        yield process


def test_what_a_child_holds_counts(parent: subprocess.Popen) -> None:
    with footprint.Memory(parent.pid) as seen:
        assert wait_until(lambda: len(seen.megabytes) > 1, 30)
    assert all(60 < megabytes < 200 for megabytes in seen.megabytes)
    assert max(seen.most.values()) > 60


def test_nothing_that_was_started_is_left() -> None:
    with started() as process, footprint._ended(process):
        process.stdout.readline()
        everything = [one.pid for one in footprint.processes_of(process.pid)]
    assert len(everything) == 2
    assert wait_until(lambda: not any(is_alive(pid) for pid in everything), 10)


def test_whoever_starts_it_has_an_empty_home_and_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDBILL_DATA", "somewhere")
    monkeypatch.setenv("UV_CACHE_DIR", "somewhere")
    theirs = footprint._of_nobody(tmp_path)
    assert not {"HANDBILL_DATA", "UV_CACHE_DIR"} & theirs.keys()
    assert [*Path(theirs["HOME"]).iterdir()] == []
    assert "PATH" in theirs


def test_the_environment_on_disk_is_measured_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_bytes(bytes(3_000_000))
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert footprint._megabytes_on_disk(tmp_path / "link") == pytest.approx(3, abs=1)
