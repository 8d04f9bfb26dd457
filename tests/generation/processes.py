"""Real worker processes on the tests' own database, data folder and broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class WorkerProcess:
    """`python -m webapp.machine.worker gpu`, as bin/up starts it. environment: more settings for it."""

    def __init__(self, log: Path, **environment: str) -> None:
        self.log = log
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "webapp.machine.worker", "gpu"],
                cwd=ROOT,
                env={**os.environ, **database(), "OMP_NUM_THREADS": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self, seconds: float = 30) -> float:
        """End it in good order. Returns the seconds it took."""
        began = time.monotonic()
        self._process.terminate()
        self._process.wait(seconds)
        return time.monotonic() - began

    def ended(self) -> bool:
        return self._process.poll() is not None

    def clean_up(self) -> None:
        if not self.ended():
            self.signal(signal.SIGCONT)
            self.kill()


def database() -> dict[str, str]:
    """Where the tests' database is, for a process that is no test."""
    where = connection.settings_dict
    return {
        "DATABASE_URL": f"postgresql://{where['USER']}@/{where['NAME']}?host={where['HOST']}&port={where['PORT']}"
    }


def wait_for(condition: Callable[[], object], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


__all__ = ["WorkerProcess", "database", "settings", "wait_for"]
