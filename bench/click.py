"""From the click to the picture on the screen, less the time that the model itself took.

The web server, the worker and PostgreSQL are the real ones, in processes of their own; the model is a real
pipeline that draws 64 pixels in two steps. Beside it stands the set-up that people build today: one Celery
task for each picture, its result polled (`bench.classic`).
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from bench.harness import Cell, Result, Target, percentile
from bench.machine import ROOT

TARGETS = (
    Target("claimed", "click to claimed, p50", 30, " ms", at_most=True),
    Target("overhead", "overhead beyond sampling, p50", 50, " ms", at_most=True),
)

SIDE, STEPS = 64, 2
# Seconds between two looks for the picture. Ours is looked for in the database and then fetched as a browser
# does: asking the web server this often would take the time that is measured.
POLL = 0.005
PATIENCE = 120.0  # seconds for a process to start or a picture to come

# Each is from the moment before it; accepted goes on beside the others and is from the click.
SEGMENTS = (
    ("click", "woken", "click to worker awake: accepted, committed, rung for"),
    ("woken", "claimed", "claim"),
    ("claimed", "submitted", "rows read, asked of the engine"),
    ("submitted", "step 1", "text encoded, first step"),
    ("step 1", f"step {STEPS}", "further steps"),
    (f"step {STEPS}", "drawn", "decoded"),
    ("drawn", "storing", "worker awake again"),
    ("storing", "stored", "marked and stored"),
    ("stored", "finishing", "last beat"),
    ("finishing", "finished", "committed as done"),
    ("finished", "visible", "visible to who asks"),
)


@dataclass(frozen=True, slots=True)
class Click:
    """Moments by name in wall-clock seconds; `sampling` is the time that components ran."""

    moments: Mapping[str, float]
    sampling: float

    def between(self, begin: str, end: str) -> float:
        """Milliseconds."""
        return 1000 * (self.moments[end] - self.moments[begin])

    @property
    def overhead(self) -> float:
        """Milliseconds from the click to the picture in which no component ran."""
        return self.between("click", "visible") - 1000 * self.sampling


def run(quick: bool) -> Result:
    from bench import installation

    clicks = 15 if quick else 60
    data = installation.set_up()
    folder = data / "classic"
    _checkpoint(folder / "checkpoint")
    with _ours(data, folder / "checkpoint") as click, _classic(folder) as other:
        for each in (click, other):
            for _ in range(3):
                each()
        both = [(click(), other()) for _ in range(clicks)]
    ours, classic = [pair[0] for pair in both], [pair[1] for pair in both]
    return Result("click", _cells(ours, classic), measured=_measured(ours))


def _measured(clicks: list[Click]) -> dict[str, float]:
    claimed = [click.between("click", "claimed") for click in clicks]
    return {
        "claimed": percentile(claimed, 50),
        "overhead": percentile([click.overhead for click in clicks], 50),
    }


def _cells(ours: list[Click], classic: list[Click]) -> list[Cell]:
    def cell(what: str, arm: str, samples: Iterator[float]) -> Cell:
        return Cell(what, arm, "ms", tuple(samples))

    return [
        *(cell(what, "ours", (click.between(begin, end) for click in ours)) for begin, end, what in SEGMENTS),
        cell("answer to the click", "ours", (click.between("click", "accepted") for click in ours)),
        cell("answer to the click", "classic", (click.between("click", "accepted") for click in classic)),
        cell("components ran", "ours", (1000 * click.sampling for click in ours)),
        cell("the pipeline's call", "classic", (1000 * click.sampling for click in classic)),
        cell("click to picture", "ours", (click.between("click", "visible") for click in ours)),
        cell("click to picture", "classic", (click.between("click", "visible") for click in classic)),
        cell("overhead beyond sampling", "ours", (click.overhead for click in ours)),
        cell("overhead beyond sampling", "classic", (click.overhead for click in classic)),
    ]


# --- ours -------------------------------------------------------------------------------------------------


@contextmanager
def _ours(data: Path, checkpoint: Path) -> Iterator[Callable[[], Click]]:
    cookies, address = _customer(checkpoint)
    diary = data / "moments"
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        _process("webapp.machine.web", str(listener.fileno()), fd=listener.fileno()),
        _process("bench.traced_worker", str(diary)),
    ):
        from generation.jobs import heartbeat

        _until(heartbeat.workers_alive)
        web = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=PATIENCE)
        yield lambda: _click(web, address, cookies, diary)


def _customer(checkpoint: Path) -> tuple[dict[str, str], str]:
    """Headers of a signed-in owner, and where their campaign takes jobs."""
    from django.test import Client

    from generation import registry
    from generation.models import ModelVersion
    from tests import cast

    people = cast.gather()
    type(people.bakery).objects.update(daily_pictures=10**6)
    registry.install(str(checkpoint), name="tiny")
    ModelVersion.objects.update(size_min=SIDE, size_default=SIDE, steps_default=STEPS)
    client = Client()
    client.force_login(people.alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = "t" * 32
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": token,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": "localhost",
    }
    return headers, f"/campaigns/{people.campaign.pk}/jobs/"


def _click(web: http.client.HTTPConnection, address: str, headers: dict[str, str], diary: Path) -> Click:
    _connect_again(web)
    diary.write_text("")
    form = f"nonce={uuid4()}&subject=a+cup+of+coffee&room=none&shape=square&count=1"
    clicked = time.time()
    body = _ask(web, "POST", address, form, headers).decode()
    accepted = time.time()
    (output,) = set(re.findall(r"frame-([0-9a-f-]{36})", body))
    _until(lambda: _is_stored(output), POLL)
    _ask(web, "GET", f"/outputs/{output}/file/", None, headers)
    visible = time.time()
    moments = {"click": clicked, "accepted": accepted, "visible": visible}
    return Click(moments | _moments(diary), _sampling(output))


def _is_stored(output: str) -> bool:
    from generation.models import Output

    return Output.objects.exclude(file="").filter(pk=output).exists()


def _moments(diary: Path) -> dict[str, float]:
    # The transaction is seen by others a moment before the worker hears of its end.
    _until(lambda: '"finished"' in diary.read_text())
    return dict(json.loads(line) for line in diary.read_text().splitlines())


def _sampling(output: str) -> float:
    from generation.models import Job

    return Job.objects.get(outputs=UUID(output)).gpu_seconds


# --- the classic way --------------------------------------------------------------------------------------


@contextmanager
def _classic(folder: Path) -> Iterator[Callable[[], Click]]:
    with _redis(folder) as broker, socket.create_server(("127.0.0.1", 0)) as listener:
        where = {"BENCH_CLASSIC_FOLDER": str(folder), "BENCH_CLASSIC_BROKER": broker}
        fd = listener.fileno()
        with (
            _process("uvicorn", "bench.classic:web", f"--fd={fd}", "--log-level=error", fd=fd, where=where),
            _process("celery", "-A", "bench.classic", "worker", "--pool=solo", "-l", "ERROR", where=where),
        ):
            web = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=PATIENCE)
            yield lambda: _classic_click(web)


def _classic_click(web: http.client.HTTPConnection) -> Click:
    _connect_again(web)
    clicked = time.time()
    key = _ask(web, "POST", "/", "a cup of coffee", {}).decode()
    accepted = time.time()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        web.request("GET", f"/{key}")
        answer = web.getresponse()
        answer.read()
        if answer.status == 200:
            moments = {"click": clicked, "accepted": accepted, "visible": time.time()}
            return Click(moments, float(answer.headers["x-seconds"]))
        time.sleep(POLL)
    raise TimeoutError("the classic worker draws nothing")


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """A private Redis for the classic way: its fastest broker."""
    from tests import servers

    if servers.REDIS is None:
        raise RuntimeError("bench click needs redis-server for the classic set-up")
    port = servers.free_port()
    server = servers.start_redis(folder, port)
    try:
        _until(lambda: servers.answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


# --- both -------------------------------------------------------------------------------------------------


def _checkpoint(folder: Path) -> None:
    from tests.engine import tiny_pipelines

    tiny_pipelines.build("sd15", folder)


def _connect_again(web: http.client.HTTPConnection) -> None:
    """Before the clock runs: a server hangs up after some seconds of silence."""
    web.close()
    web.connect()


def _ask(
    web: http.client.HTTPConnection,
    method: str,
    address: str,
    body: str | None,
    headers: dict[str, str],
) -> bytes:
    web.request(method, address, body, headers)
    answer = web.getresponse()
    content = answer.read()
    if answer.status not in (200, 202):
        raise RuntimeError(f"{method} {address} answered {answer.status}")
    return content


@contextmanager
def _process(
    module: str, *arguments: str, fd: int | None = None, where: Mapping[str, str] | None = None
) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", **(where or {})},
        pass_fds=[] if fd is None else [fd],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until(condition: Callable[[], object], pause: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("nothing happened")
        time.sleep(pause)
