"""A whole Handbill as a person starts it: `manage.py up`, real processes, a data folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.patience import PATIENCE
from tests.servers import free_port
from webapp.postgres.server import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]


class LocalServer:
    """`manage.py up` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.printed = data.parent / "printed"
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, *options: str) -> subprocess.Popen[bytes]:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("HANDBILL_")}
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "up",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
        ]
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
            self.process.wait(PATIENCE)

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
        """Their files, and perhaps one that a killed worker stored and the sweep has not removed."""
        return sorted((self.data / "media").rglob("*.png"))
