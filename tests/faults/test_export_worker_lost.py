"""Workers that make files, killed, sent home or cut off in the middle, or several at once: every set is made
once.
"""

import shutil
import signal
import threading
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AuditEvent
from generation.files import storage
from generation.models import Job, Queue, Status
from generation.worker import worker as worker_module
from tests.faults.processes import wait_for
from tests.webapp import stage
from webapp.creatives import exports, versions
from webapp.creatives.export_kind import Exports
from webapp.models import Export, FileKind
from webapp.postgres.process import is_alive

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = ("display-mobile", "instagram-story", "instagram-square", "facebook-event", "x-post")
TWO = ("display-mobile", "display-rectangle")


@pytest.fixture
def order(people):
    def order(*formats: str) -> Export:
        picture = stage.picture(people.campaign, people.bob)
        creative = versions.create(people.campaign, [picture], by=people.bob)[0]
        creative = stage.design(creative, *formats, by=people.bob)
        return exports.order(creative, FileKind.PNG, by=people.bob)

    return order


def job_of(export: Export) -> Job:
    return Job.objects.get(export=export)


def is_under_way(export: Export) -> bool:
    return job_of(export).progress > 0


def is_done(export: Export) -> bool:
    return job_of(export).is_finished


def assert_made_once(export: Export) -> None:
    job = Job.objects.get(export=export)
    assert (job.status, job.reason, job.progress) == (Status.DONE, "", job.progress_total)
    export.refresh_from_db()
    with zipfile.ZipFile(storage.path_of(export.file)) as archive:
        assert len(archive.namelist()) == job.progress_total + 2
    assert AuditEvent.objects.filter(verb="export.finished", subject_id=job.pk).count() == 1


def test_a_set_whose_worker_is_killed_is_made_once_by_the_next(order, start_worker):
    worker = start_worker(queue="cpu", file_seconds=0.5)
    export = order(*FORMATS)
    assert wait_for(lambda: is_under_way(export)), worker.log.read_text()
    worker.kill()
    worker.lose_leases()
    start_worker(queue="cpu")
    assert wait_for(lambda: is_done(export))
    assert_made_once(export)
    assert job_of(export).attempts == 2


def test_a_worker_sent_home_gives_its_set_back(order, start_worker):
    worker = start_worker(queue="cpu", file_seconds=2)
    export = order(*FORMATS)
    assert wait_for(lambda: is_under_way(export)), worker.log.read_text()
    worker.stop()
    assert (job_of(export).status, job_of(export).attempts) == (Status.QUEUED, 0)


def test_a_worker_frozen_for_longer_than_its_lease_changes_nothing_when_it_wakes(order, start_worker):
    frozen = start_worker(queue="cpu", file_seconds=0.5)
    export = order(*FORMATS)
    assert wait_for(lambda: is_under_way(export)), frozen.log.read_text()
    frozen.send(signal.SIGSTOP)
    frozen.lose_leases()
    start_worker(queue="cpu")
    assert wait_for(lambda: is_done(export))
    made = Export.objects.get(pk=export.pk)
    frozen.send(signal.SIGCONT)
    assert wait_for(lambda: "dropped" in frozen.log.read_text())
    assert_made_once(export)
    assert (export.file, export.listing) == (made.file, made.listing)


def test_a_worker_whose_connections_are_cut_goes_on_with_its_set(order, start_worker, send_everybody_away):
    worker = start_worker(queue="cpu", file_seconds=0.5)
    export = order(*FORMATS)
    assert wait_for(lambda: is_under_way(export)), worker.log.read_text()
    for _ in range(3):
        send_everybody_away(stay_out=False)
        time.sleep(0.2)
    assert wait_for(lambda: is_done(export)), worker.log.read_text()
    assert_made_once(export)


def test_a_worker_survives_a_database_that_is_away_for_longer_than_a_lease(
    order, start_worker, send_everybody_away
):
    worker = start_worker(queue="cpu", lease=1, file_seconds=0.5)
    export = order(*FORMATS)
    assert wait_for(lambda: is_under_way(export)), worker.log.read_text()
    send_everybody_away(stay_out=True)
    time.sleep(1.5 * Exports().lease / settings.LEASE)
    send_everybody_away(stay_out=False)
    assert wait_for(lambda: is_done(export)), worker.log.read_text()
    assert_made_once(export)


@pytest.mark.parametrize(("deaf", "tick"), [(False, 0.2), (True, 3.0)], ids=["PostgreSQL", "Celery"])
def test_a_worker_whose_set_hangs_ends_whoever_rang_and_the_next_makes_it(order, start_worker, deaf, tick):
    worker = start_worker(queue="cpu", lease=0.5, tick=tick, deaf=deaf, file_seconds=3600)
    export = order(*TWO)
    assert wait_for(lambda: not is_alive(worker.pid)), worker.log.read_text()
    assert "a job hangs" in worker.log.read_text()
    assert not is_done(export)
    worker.lose_leases()
    start_worker(queue="cpu")
    assert wait_for(lambda: is_done(export))
    assert_made_once(export)


def test_workers_at_once_make_each_set_once(order, start_worker):
    workers = [start_worker(queue="cpu") for _ in range(2)]
    for worker in workers:
        worker.send(signal.SIGSTOP)
    ordered = [order(*TWO) for _ in range(4)]
    for worker in workers:
        worker.send(signal.SIGCONT)
    assert wait_for(lambda: all(is_done(export) for export in ordered))
    for export in ordered:
        assert_made_once(export)
        assert job_of(export).epoch == 1


def test_a_set_is_made_without_a_broker(order, start_worker, tmp_path):
    worker = start_worker(queue="cpu", tick=0.5, deaf=True)
    gone = (settings.DATA_DIR / "broker").rename(tmp_path / "broker")
    shutil.rmtree(gone)
    export = order(*TWO)
    shutil.rmtree(Path(settings.DATA_DIR / "broker"), ignore_errors=True)
    assert wait_for(lambda: is_done(export)), worker.log.read_text()
    assert_made_once(export)


def test_a_set_whose_file_takes_longer_than_a_stop_may_is_given_back_all_the_same(order, monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(exports, "_file", lambda *args, **by: let_go.wait())
    monkeypatch.setattr(worker_module, "STOP_SECONDS", 0.2)
    export = order(*TWO)
    worker = worker_module.Worker(Queue.CPU, 1)
    worker.start()
    assert wait_for(lambda: job_of(export).status == Status.RUNNING)
    worker.stop()
    try:
        assert (job_of(export).status, job_of(export).attempts) == (Status.QUEUED, 0)
    finally:
        let_go.set()
