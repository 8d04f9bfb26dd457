"""The database goes away under a worker, for a moment or for longer than a lease."""

import time

import pytest
from django.db.models import Sum

from accounts.models import UsageEntry
from generation.models import Job, Status
from tests.faults.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = 4.0  # seconds


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
