"""What Handbill takes of a machine: seconds until a fresh one has its first pictures, disk, memory.

From a clone of the last commit in an empty folder, for a person with an empty home. Memory is the share of
every process of the running product (PSS): what several share is counted once.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

import psutil

from bench.harness import Cell, Result, Target, seconds_of
from bench.machine import ROOT

TARGETS = (
    Target("fresh", "a fresh bin/up --exit, with all that it installs", 60, " s", at_most=True),
    Target("environment", "the environment on disk", 1800, " MB", at_most=True),
    Target("idle", "memory of all processes, idle", 1500, " MB", at_most=True),
    Target("peak", "memory of all processes, at work: the most", 4000, " MB", at_most=True),
)
INSTALL_SECONDS, START_SECONDS, WORK_SECONDS, STOP_SECONDS = 1800, 240, 600, 40
SETTLE, IDLE, QUICK_IDLE = 10.0, 30.0, 5.0  # seconds
LOOK = 0.5  # seconds between two looks at the memory
LINK = r"http://\S+/sign-in/\S+"
UUID = "[0-9a-f-]{36}"


def run(quick: bool) -> Result:
    """quick: of this very tree and its environment, without making either anew."""
    result = Result("footprint")
    with tempfile.TemporaryDirectory(prefix="handbill-bench-") as temporary:
        folder = Path(temporary)
        tree = ROOT if quick else folder / "handbill"
        if quick:
            result.missing["fresh"] = "left out of quick runs"
        else:
            subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, tree], check=True)
            _first_starts(result, tree, folder)
        disk = _megabytes_on_disk(tree / ".venv")
        result.cells.append(Cell("environment", ".venv", "MB", (disk,)))
        result.measured["environment"] = disk
        with _serving(tree, folder) as (process, link):
            _memory(result, process, link, QUICK_IDLE if quick else IDLE)
    return result


def _first_starts(result: Result, tree: Path, folder: Path) -> None:
    """The first with everything to install, the second on another data folder with nothing."""
    for arm, data in (("all to install", "first"), ("all installed", "second")):
        taken = seconds_of(partial(_start_and_exit, tree, folder, data))
        result.cells.append(Cell("bin/up --exit", arm, "s", (taken,)))
    result.measured["fresh"] = result.cells[0].median


def _start_and_exit(tree: Path, folder: Path, data: str) -> None:
    command = ["bin/up", "--exit", "--port", "0", "--data", str(folder / data)]
    with (folder / f"{data}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=tree, env=_of_nobody(folder), stdout=log, stderr=subprocess.STDOUT
        )
        with _ended(process):
            code = process.wait(INSTALL_SECONDS)
    if code:
        raise RuntimeError(f"bin/up answered {code}: {(folder / f'{data}.log').read_text()[-2000:]}")


def _of_nobody(folder: Path) -> dict[str, str]:
    """The environment of a person who has just come: an empty home, no caches, no settings of Handbill's."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    theirs = ("HANDBILL_", "XDG_", "UV_CACHE", "PIP_CACHE", "DATABASE_URL", "CELERY_", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    return kept | {"HOME": str(home)}


@contextmanager
def _ended(process: subprocess.Popen) -> Iterator[None]:
    """Whatever happens, it and all that it started are gone at the end."""
    try:
        yield
    finally:
        with suppress(psutil.NoSuchProcess):
            tree = processes_of(process.pid)
            process.terminate()
            _, left = psutil.wait_procs(tree, timeout=STOP_SECONDS)
            for one in left:
                one.kill()


@contextmanager
def _serving(tree: Path, folder: Path) -> Iterator[tuple[subprocess.Popen, str]]:
    """A running product on a data folder of its own, and the address that signs its demo's owner in. It has
    just installed the starter model, and holds what that took.
    """
    printed = folder / "printed"
    with printed.open("w") as log:
        process = subprocess.Popen(
            ["bin/up", "--port", "0", "--data", folder / "served"],
            cwd=tree,
            env=_of_nobody(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    with _ended(process):

        def is_open() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"bin/up ended: {printed.read_text()[-2000:]}")
            return "dashboard: " in printed.read_text()

        _until(is_open, START_SECONDS)
        yield process, _found(LINK, printed.read_text())


def _megabytes_on_disk(folder: Path) -> float:
    # "/.": the environment itself, where a link leads to it.
    told = subprocess.run(["du", "-sm", f"{folder}/."], capture_output=True, text=True, check=True)
    return float(told.stdout.split()[0])


# --- memory -----------------------------------------------------------------------------------------------


def _memory(result: Result, process: subprocess.Popen, link: str, idle_seconds: float) -> None:
    time.sleep(SETTLE)
    with Memory(process.pid) as idle:
        time.sleep(idle_seconds)
    with Memory(process.pid) as busy:
        _work(link)
    for key, seen in (("idle", idle), ("at work", busy)):
        result.cells.append(Cell("memory", key, "MB", tuple(seen.megabytes)))
        most = sorted(seen.most.items())
        result.cells += [Cell(f"memory, {key}: the most", name, "MB", (taken,)) for name, taken in most]
    result.measured |= {"idle": statistics.median(idle.megabytes), "peak": max(busy.megabytes)}


class Memory:
    """While it is entered: what a process and all that it started take, look by look. `most`: by command."""

    def __init__(self, pid: int) -> None:
        self.megabytes: list[float] = []
        self.most: dict[str, float] = {}
        self._pid = pid
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            seen = by_command(self._pid)
            self.megabytes.append(sum(seen.values()))
            self.most |= {name: max(taken, self.most.get(name, 0.0)) for name, taken in seen.items()}


def by_command(pid: int) -> dict[str, float]:
    """Megabytes (PSS) of a process and of all that it started, by what they are called."""
    taken: dict[str, float] = {}
    for process in processes_of(pid):
        with suppress(psutil.NoSuchProcess, ProcessLookupError, FileNotFoundError):
            told = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            found = re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)
            name = _name(process)
            taken[name] = taken.get(name, 0.0) + (int(found[1]) * 1024 / 1e6 if found else 0.0)
    return taken


def processes_of(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _name(process: psutil.Process) -> str:
    """What a process is for, in a word or two."""
    words = process.cmdline()
    if process.name() == "postgres":
        return "postgres"
    if "-m" in words:
        return " ".join(words[words.index("-m") + 1 :][:2]).rstrip("0123456789 ")
    return "bin/up" if "up" in words else process.name()


# --- work -------------------------------------------------------------------------------------------------


def _work(link: str) -> None:
    """As its owner: a creative of each of the demo's pictures in every format there is, all ordered as files
    at once, and four pictures more meanwhile.
    """
    owner = Visitor(link)
    campaign = _found(f"/campaigns/{UUID}/", owner.get(_found(f"/projects/{UUID}/", owner.get("/"))))
    pictures = sorted(set(re.findall(f"/outputs/({UUID})/", owner.get(campaign))))
    owner.post(f"{campaign}creatives/", {"output": pictures})
    creatives = sorted(set(re.findall(f"/creatives/{UUID}/", owner.get(f"{campaign}creatives/"))))
    orders = []
    for creative in creatives:
        owner.post(f"{creative}formats/", {"all": "1"})
        orders.append(owner.post(f"{creative}exports/", {"kind": "png"}))
    subject = {
        "subject": "a cup of coffee",
        "room": "none",
        "shape": "square",
        "count": "4",
        "nonce": str(uuid4()),
    }
    owner.post(f"{campaign}jobs/", subject)
    _until(lambda: all(owner.is_ready(order) for order in orders), WORK_SECONDS)


class Visitor:
    """Somebody with a browser that runs no scripts, signed in by a link."""

    def __init__(self, link: str) -> None:
        self._site = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(link))
        self._cookies = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self.get(link)
        self.post(link, {})

    def get(self, address: str) -> str:
        with self._browser.open(urllib.parse.urljoin(self._site, address), timeout=60) as answer:
            return answer.read().decode()

    def post(self, address: str, fields: Mapping[str, str | list[str]]) -> str:
        """The address that it leads to."""
        token = next((cookie.value for cookie in self._cookies if cookie.name == "csrftoken"), "")
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}, doseq=True).encode()
        with self._browser.open(urllib.parse.urljoin(self._site, address), body, timeout=60) as answer:
            return answer.url

    def is_ready(self, order: str) -> bool:
        """Whether a set can be taken away. Raises RuntimeError for one that never will be."""
        page = self.get(order)
        if "notice--error" in page:
            raise RuntimeError("a set of files could not be made")
        return f"{urllib.parse.urlsplit(order).path}file/" in page


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"there is no {pattern} where one should be")
    return found[0]


def _until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(LOOK)
