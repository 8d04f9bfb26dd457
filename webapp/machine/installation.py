"""The virtual environment of Handbill, made and mended by a Python that has nothing but its standard library.

`python installation.py base` (or `test`) leaves `.venv` with the pinned packages of `requirements/`. When
nothing has changed since the last time it does nothing, quickly; a start that was killed half way is done
again from the beginning.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
HALF_DONE = VENV / "half-done"
LISTS = {"base": ["base.txt"], "test": ["base.txt", "test.txt"]}
# Installed without what they ask for: the packages they name are not used, or are in base.txt under another
# name.
WITHOUT_DEPENDENCIES = "no-deps.txt"

REMEDY = (
    "The packages could not be installed; the lines above say why. If a package was not found or its place"
    " not reached, put its wheel into a folder (torch's has +cpu in its name) and name the folder with"
    " `pip config set global.find-links FOLDER`, or name an index that has it with"
    " `pip config set global.extra-index-url ADDRESS`. Run the command again to go on."
)


class InstallationError(Exception):
    """The environment cannot be made; the message says what to do."""


def set_up(kind: str) -> None:
    """Make or mend the environment for `kind`, "base" or "test". Raises InstallationError."""
    if is_current(kind):
        return
    _refuse_strangers()
    with _alone():
        if is_current(kind):  # Another start made it while this one waited.
            return
        if HALF_DONE.exists() or not _works():
            _make_venv()
        HALF_DONE.touch()
        _install(kind)
        HALF_DONE.unlink()
        for done in ["base", kind]:
            _stamp(done).write_text(fingerprint(done))


def _refuse_strangers() -> None:
    """An environment of two users is one that neither can mend."""
    if VENV.exists() and (owner := VENV.stat().st_uid) != os.geteuid():
        raise InstallationError(
            f"The packages in {VENV} need to be brought up to date, and belong to another user (id {owner})."
            " Run this once as that user."
        )
    if not os.access(ROOT, os.W_OK):
        raise InstallationError(f"{ROOT} may not be written by this user. Run this once as its owner.")


def is_current(kind: str) -> bool:
    stamp = _stamp(kind)
    return (
        stamp.exists()
        and PYTHON.exists()
        and not HALF_DONE.exists()
        and stamp.read_text() == fingerprint(kind)
    )


def fingerprint(kind: str) -> str:
    """A hash of what the environment is made from."""
    files = [*LISTS[kind], WITHOUT_DEPENDENCIES, "uv.txt"]
    pins = b"".join((REQUIREMENTS / name).read_bytes() for name in files)
    return hashlib.sha256(pins + str(has_nvidia()).encode()).hexdigest()


def has_nvidia() -> bool:
    """Whether a driver for NVIDIA's cards is at work: without one, CUDA is gigabytes for nothing."""
    in_windows = Path("/dev/dxg").exists() and shutil.which("nvidia-smi") is not None
    return Path("/proc/driver/nvidia/version").exists() or in_windows


def uv_settings(pip_settings: dict[str, str]) -> dict[str, str]:
    """The environment that makes uv look where this machine's pip looks: uv does not read pip's settings."""
    names = {
        "find-links": "UV_FIND_LINKS",
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "cert": "SSL_CERT_FILE",
        "trusted-host": "UV_INSECURE_HOST",
        "no-index": "UV_NO_INDEX",
    }
    found = {names[key]: value for key, value in pip_settings.items() if key in names}
    if "UV_FIND_LINKS" in found:
        found["UV_FIND_LINKS"] = ",".join(found["UV_FIND_LINKS"].split())
    if not os.access(Path.home(), os.W_OK):
        found["UV_NO_CACHE"] = "1"
    # As pip does: the best version of all places, not whatever the first place has.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match"} | found


def pip_settings(listing: str) -> dict[str, str]:
    """What `pip config list` printed, by option: the environment beats a file, `install` beats `global`."""
    strength = ["global", "install", ":env:"]
    lines = [line.partition("=") for line in listing.splitlines() if "=" in line]
    by_option: dict[str, str] = {}
    for key, _, value in sorted(lines, key=lambda line: _index(strength, line[0].rpartition(".")[0])):
        by_option[key.rpartition(".")[2]] = str(ast.literal_eval(value)).replace("\n", " ").strip()
    return by_option


def _index(strength: list[str], section: str) -> int:
    section = section.rstrip(".")
    return strength.index(section) if section in strength else -1


def _works() -> bool:
    return PYTHON.exists() and _run([PYTHON, "-c", "import pip"], quiet=True) == 0


def _make_venv() -> None:
    _say("Making a virtual environment in .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    HALF_DONE.touch()
    if _run([sys.executable, "-m", "venv", VENV]):
        raise InstallationError(
            f"{sys.executable} could not make a virtual environment."
            " On Debian and Ubuntu install the package python3-venv."
        )


def _install(kind: str) -> None:
    lists = [word for name in LISTS[kind] for word in ("-r", REQUIREMENTS / name)]
    without = ["--no-deps", "-r", REQUIREMENTS / WITHOUT_DEPENDENCIES]
    torch = [] if has_nvidia() else _cpu_torch()
    _say("Installing the pinned packages, about 1 GB; this happens once")
    if _with_uv([*torch, *lists]) and _with_uv(without):
        return
    # pip cannot be told which torch to take.
    with_pip = not torch and not _run([*_pip("install"), *lists]) and not _run([*_pip("install"), *without])
    if not with_pip:
        raise InstallationError(REMEDY)


def _cpu_torch() -> list[object]:
    """uv's arguments for a torch without CUDA: none when this machine's pip finds one, else uv's own place.

    Where that is out of reach, none again: a larger torch from the package index works here too.
    """
    pin = next(line for line in (REQUIREMENTS / "base.txt").read_text().split() if line.startswith("torch=="))
    offered = _output([*_pip("index"), "versions", "torch"])
    if f"{pin.removeprefix('torch==')}+cpu" in offered:
        return []
    if _with_uv(["--torch-backend", "cpu", "--dry-run", "--quiet", "--no-deps", pin]):
        return ["--torch-backend", "cpu"]
    _say(
        "The CPU build of torch is out of reach; taking what the package index has, which may be the build"
        " for NVIDIA's cards. It runs without one, and is several GB larger"
    )
    return []


def _with_uv(arguments: list[object]) -> bool:
    if _run([*_pip("install"), "--quiet", "-r", REQUIREMENTS / "uv.txt"]):
        return False
    settings = uv_settings(pip_settings(_output([*_pip("config"), "list"])))
    return (
        _run(
            [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, *arguments],
            settings | _own_uv_settings(),
        )
        == 0
    )


def _own_uv_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("UV_")}


def _pip(command: str) -> list[object]:
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", command]


def _run(command: list[object], more: dict[str, str] | None = None, quiet: bool = False) -> int:
    """The exit status; what the command prints goes to stderr, so that stdout is the caller's."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    return subprocess.run(
        [str(word) for word in command], env=os.environ | (more or {}), stdout=output, stderr=output
    ).returncode


def _output(command: list[object]) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True).stdout


def _stamp(kind: str) -> Path:
    return VENV / f"{kind}.sha256"


@contextmanager
def _alone() -> Iterator[None]:
    """One start at a time changes the environment; another one waits, and says so."""
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another start that is installing the packages")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    print(f"{line} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        set_up(sys.argv[1])
    except InstallationError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
