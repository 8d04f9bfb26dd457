"""A Handbill of the benchmark's own: an empty data folder with a PostgreSQL in it, the rest as it ships."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from pathlib import Path


@functools.cache
def set_up() -> Path:
    """Make it, once a process, and set Django up in it. Returns its data folder; all of it ends with us."""
    for name in list(os.environ):
        if name.startswith("HANDBILL_") or name in ("DATABASE_URL", "CELERY_BROKER_URL"):
            del os.environ[name]
    data = Path(tempfile.mkdtemp(prefix="handbill-bench-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    os.environ["HANDBILL_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"

    from webapp.postgres.server import EmbeddedPostgres

    postgres = EmbeddedPostgres(data)
    postgres.start()
    atexit.register(postgres.stop)

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return data
