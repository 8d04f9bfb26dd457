"""Workers killed, frozen or sent home in the middle of a job: nothing is lost, nothing is doubled."""

import random
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum

from accounts.models import AuditEvent, Reservation, UsageEntry
from generation import jobs
from generation.files import storage
from generation.models import Job, Status
from tests.faults.processes import wait_for
from tests.sampling import part
from webapp.postgres.process import is_alive

pytestmark = pytest.mark.django_db(transaction=True)


def is_under_way(job: Job) -> bool:
    return job.outputs.aggregate(step=Sum("step"))["step"] > 0


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def assert_made_once(job: Job) -> None:
    job.refresh_from_db()
    assert (job.status, job.reason_code) == (Status.DONE, "")
    outputs = list(job.outputs.order_by("index"))
    assert all(storage.path_of(output.file).stat().st_size == output.bytes for output in outputs)
    assert UsageEntry.objects.get(job_id=job.pk).pictures == len(outputs)
    assert AuditEvent.objects.filter(verb="job.finished", subject_id=job.pk).count() == 1
    assert not Reservation.objects.filter(job_id=job.pk).exists()


def test_a_job_whose_worker_is_killed_is_made_once_by_the_next(ask, start_worker):
    worker = start_worker()
    job = ask()
    assert wait_for(lambda: is_under_way(job))
    worker.kill()
    worker.lose_leases()
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert_made_once(job)
    assert job.attempts == 2


def test_a_worker_killed_while_it_looks_at_a_picture_leaves_nothing_of_it(ask, start_worker):
    media = Path(settings.MEDIA_DIR)
    before = set(media.rglob("*"))
    worker = start_worker(look_seconds=600)
    job = ask(steps=5)
    assert wait_for(lambda: "looks at a picture" in worker.log.read_text())
    worker.kill()
    assert set(media.rglob("*")) == before
    assert {output.file for output in job.outputs.all()} == {""}
    worker.lose_leases()
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert_made_once(job)


def test_a_worker_whose_device_is_lost_ends_and_the_next_makes_its_job(ask, start_worker):
    broken = start_worker(device_lasts=5, tick=0.2)
    job = ask()
    assert wait_for(lambda: not is_alive(broken.pid))
    assert "the engine is lost" in broken.log.read_text()
    job.refresh_from_db()
    assert not job.is_finished
    broken.lose_leases()
    start_worker()
    assert wait_for(lambda: is_done(job))
    assert_made_once(job)
    assert job.attempts == 2


def test_a_worker_frozen_for_longer_than_its_lease_changes_nothing_when_it_wakes(ask, start_worker):
    frozen = start_worker()
    job = ask()
    assert wait_for(lambda: is_under_way(job))
    frozen.send(signal.SIGSTOP)
    frozen.lose_leases()
    start_worker()
    assert wait_for(lambda: is_done(job))
    made = [(output.file, output.generation_record) for output in job.outputs.order_by("index")]
    frozen.send(signal.SIGCONT)
    assert wait_for(lambda: "dropped" in frozen.log.read_text())
    assert_made_once(job)
    assert [(output.file, output.generation_record) for output in job.outputs.order_by("index")] == made


def test_a_worker_sent_home_gives_its_job_back_within_seconds(ask, start_worker):
    worker = start_worker()
    job = ask(count=8, steps=100)
    assert wait_for(lambda: is_under_way(job))
    assert worker.stop() < 30  # Six, on a machine with nothing else to do.
    job.refresh_from_db()
    assert (job.status, job.attempts) == (Status.QUEUED, 0)
    assert Reservation.objects.filter(job_id=job.pk).exists()


def test_a_running_job_stops_within_two_seconds_of_a_cancel(ask, start_worker, people):
    start_worker()
    job = ask(count=8, steps=100)
    assert wait_for(lambda: is_under_way(job))
    jobs.cancel(job, by=people.bob)
    began = time.monotonic()
    assert wait_for(lambda: is_done(job))
    assert time.monotonic() - began < 15  # Two, on a machine with nothing else to do.
    assert job.status == Status.CANCELLED
    charged = UsageEntry.objects.get()
    assert charged.pictures == 0
    assert charged.gpu_seconds > 0  # Its pictures are refunded, the device's time for them is not.


@pytest.mark.parametrize("seed", part(range(20), usual=1))
def test_six_kills_lose_nothing_and_double_nothing(ask, start_worker, seed):
    chance = random.Random(seed)
    workers = [start_worker(), start_worker()]
    asked = [ask(count=1, steps=30) for _ in range(8)]
    for _ in range(6):
        time.sleep(chance.uniform(0.2, 2.0))
        lost = workers.pop(chance.randrange(2))
        lost.kill()
        lost.lose_leases()
        workers.append(start_worker())
    assert wait_for(lambda: all(is_done(job) for job in asked))
    for job in asked:
        # Three kills in the same job are what a job that kills its workers looks like.
        if not (job.status == Status.FAILED and job.attempts == 3):
            assert_made_once(job)
    assert UsageEntry.objects.count() == len(asked)
    assert not Reservation.objects.exists()
