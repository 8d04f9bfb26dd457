"""The doorbell over a real Redis and a real RabbitMQ: private servers on free ports, where their programs
are.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generation.models import Job, Status
from tests.faults.processes import ROOT, database, wait_for
from tests.servers import REDIS, answers, free_port, start_redis

pytestmark = pytest.mark.django_db(transaction=True)

# Debian's own rabbitmq-server insists on a user of its own.
RABBITMQ = shutil.which("rabbitmq-server", path="/usr/lib/rabbitmq/bin:" + os.environ["PATH"])


def redis(folder: Path) -> tuple[list[subprocess.Popen], str, int]:
    if REDIS is None:
        pytest.skip("no redis-server on this machine")
    port = free_port()
    return [start_redis(folder, port)], f"redis://127.0.0.1:{port}/0", port


def rabbitmq(folder: Path) -> tuple[list[subprocess.Popen], str, int]:
    if RABBITMQ is None or shutil.which("epmd") is None:
        pytest.skip("no rabbitmq-server on this machine")
    port, talk, epmd = free_port(), free_port(), free_port()
    environment = {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"handbill{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(talk),
        "ERL_EPMD_PORT": str(epmd),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
    }
    # Erlang's register of names: RabbitMQ would start one of its own, which outlives it.
    names = subprocess.Popen(["epmd", "-port", str(epmd)], stdout=subprocess.DEVNULL, start_new_session=True)
    server = subprocess.Popen(
        [RABBITMQ],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return [names, server], f"amqp://guest:guest@127.0.0.1:{port}//", port


@pytest.fixture(params=[redis, rabbitmq], ids=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Callable[[], None], str]]:
    """How to kill the broker, and its address."""
    servers, address, port = request.param(tmp_path)

    def kill() -> None:
        for server in servers:
            with contextlib.suppress(ProcessLookupError):  # Killed already.
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        assert wait_for(lambda: not answers(port))

    try:
        assert wait_for(lambda: answers(port)), "the broker did not start"
        yield kill, address
    finally:
        kill()


def ring(address: str) -> None:
    """From another process, as the web server would."""
    ringing = "wake_celery._ring('gpu')"
    code = f"import django; django.setup(); from generation.jobs import wake_celery; {ringing}"
    environment = {**os.environ, **database(), "CELERY_BROKER_URL": address}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, timeout=240)


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def test_a_bell_is_heard_and_a_killed_broker_stops_nobody(broker, ask, start_worker):
    kill, address = broker
    worker = start_worker(broker_url=address, tick=3600, deaf=True)
    job = ask(count=1, steps=1)
    time.sleep(0.5)
    job.refresh_from_db()
    assert job.status == Status.QUEUED  # Nobody rang, and no tick is due.
    ring(address)
    assert wait_for(lambda: is_done(job)), worker.log.read_text()

    start_worker(broker_url=address, tick=3600)  # It hears the database's bell.
    kill()
    waiting = [ask(count=1, steps=5) for _ in range(3)]
    assert wait_for(lambda: all(is_done(job) for job in waiting))
    assert {job.status for job in waiting} == {Status.DONE}
    assert worker.stop() < 30  # Six, on a machine with nothing else to do.
