"""A PostgreSQL with the tests' tables in it, to be copied: making them takes longer than most tests.

python -m bench.mutation.cluster FOLDER
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import ROOT


@contextmanager
def made() -> Iterator[Path]:
    """Its folder, while it is entered."""
    with tempfile.TemporaryDirectory(prefix="hb-") as folder:
        # In a process of its own: this one shall not be a Handbill.
        subprocess.run([sys.executable, "-m", "bench.mutation.cluster", folder], cwd=ROOT, check=True)
        yield Path(folder) / "postgres"


def copy(template: Path, folder: Path) -> None:
    """With its owner, who may be another: the server refuses to run as root."""
    subprocess.run(["cp", "-a", template, folder], check=True)


def _make(data: Path) -> None:
    os.environ |= {"HANDBILL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "webapp.settings"}

    import django

    from webapp.postgres.server import EmbeddedPostgres

    with EmbeddedPostgres(data, for_tests=True):
        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, serialize=False)
        connection.close()


if __name__ == "__main__":
    _make(Path(sys.argv[1]))
