"""Real worker processes on the tests' own database, data folder and broker, to be killed, stopped and cut
off.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from generation.models import Job
from tests.patience import PATIENCE
from webapp.postgres.process import is_alive

ROOT = Path(__file__).resolve().parents[2]
# Seconds. No worker that lives is so slow, however busy the machine; what a silent one had claimed
# is taken from it by `lose_leases`.
LEASE = 60


class Nursery:
    """Starts workers quickly; see `tests.faults.worker_forkserver`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker_forkserver"],
            cwd=ROOT,
            env={**os.environ, **database(), "HANDBILL_LEASE_SECONDS": str(LEASE), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def start(self, log: Path, **order: object) -> "Worker":
        self._process.stdin.write(json.dumps({"log": str(log), **order}) + "\n")
        self._process.stdin.flush()
        return Worker(int(self._process.stdout.readline()), log)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass
class Worker:
    """One worker process."""

    pid: int
    log: Path

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        if is_alive(self.pid):
            self.send(signal.SIGKILL)
            assert wait_for(lambda: not is_alive(self.pid))

    def lose_leases(self) -> None:
        """Let the leases of all that it has claimed run out, as they do when it is silent for long."""
        mine = Job.objects.filter(claimed_by__contains=f"-{self.pid}-")
        mine.update(lease_until=timezone.now() - timedelta(seconds=1))

    def stop(self) -> float:
        """End it in good order. Returns the seconds it took."""
        began = time.monotonic()
        self.send(signal.SIGTERM)
        assert wait_for(lambda: not is_alive(self.pid))
        return time.monotonic() - began


def database() -> dict[str, str]:
    """Where the tests' database is, for a process that is no test."""
    where = connection.settings_dict
    address = f"postgresql://{where['USER']}@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"
    return {"DATABASE_URL": address}


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.03)
    return bool(condition())
