"""PostgreSQL's own bell, beside Celery's: a worker hears of a job in the moment in which it is committed.

It needs no broker and has no polling interval. Whoever does not hear it, as behind a pooler that passes no
notifications on, is called by Celery's doorbell or looks at the queue by itself.
"""

import threading
from collections.abc import Iterator

import psycopg
from django.db import connection

CHANNEL = "generation_jobs"
LOOK_UP = 1.0  # seconds after which one who listens sees that it is to stop


def ring(queue: str) -> None:
    """Within the transaction that queues a job: heard when it is committed, and only then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, queue])


def listen(queue: str, until: threading.Event) -> Iterator[None]:
    """Yields at once, for what waits already, and whenever the bell rings for `queue`.

    On a connection of its own: those of a pool are for short work. Raises psycopg.OperationalError when the
    database goes away.
    """
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters, autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        yield
        while not until.is_set():
            for note in ear.notifies(timeout=LOOK_UP, stop_after=1):
                if note.payload == queue:
                    yield
