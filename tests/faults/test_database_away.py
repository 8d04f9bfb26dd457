"""The database goes away under a worker, for a moment or for longer than a lease."""

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection
from django.db.models import Sum
from psycopg import sql

from accounts.models import UsageEntry
from generation.models import Job, Status
from tests.faults.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = 4.0  # seconds
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
)


@pytest.fixture
def send_everybody_away(transactional_db: None) -> Iterator[Callable[[bool], None]]:
    """`send_everybody_away(stay_out)`: end all connections but the test's own, and let nobody in again."""
    where = connection.settings_dict
    database = sql.Identifier(where["NAME"])
    door = psycopg.connect(
        host=where["HOST"], port=where["PORT"], user=where["USER"], dbname="handbill", autocommit=True
    )

    def open_door(is_open: bool) -> None:
        door.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(database, sql.Literal(is_open))
        )

    def send_away(stay_out: bool) -> None:
        open_door(not stay_out)
        with connection.cursor() as cursor:
            cursor.execute(OTHERS, [where["NAME"]])

    yield send_away
    open_door(True)
    door.close()
    # The pool of this process was cut as well, and would wait longer and longer before it tries again.
    connection.close()
    connection.close_pool()


def is_under_way(job: Job) -> bool:
    return job.outputs.aggregate(step=Sum("step"))["step"] > 0


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def test_a_worker_whose_connections_are_cut_goes_on_with_its_job(ask, start_worker, send_everybody_away):
    worker = start_worker()
    job = ask()
    assert wait_for(lambda: is_under_way(job))
    for _ in range(5):
        send_everybody_away(stay_out=False)
        time.sleep(0.2)
    assert wait_for(lambda: is_done(job))
    assert (job.status, job.attempts) == (Status.DONE, 1), worker.log.read_text()
    assert UsageEntry.objects.get().pictures == 2


def test_a_worker_survives_a_database_that_is_away_for_longer_than_a_lease(
    ask, start_worker, send_everybody_away
):
    worker = start_worker(lease=LEASE)
    job = ask()
    assert wait_for(lambda: is_under_way(job))
    send_everybody_away(stay_out=True)
    time.sleep(1.5 * LEASE)
    send_everybody_away(stay_out=False)
    assert wait_for(lambda: is_done(job))
    assert job.status == Status.DONE, worker.log.read_text()
    assert UsageEntry.objects.get().pictures == 2
