"""The doorbell is lost, doubled, forged or gone: what waits is made all the same, and once."""

import json
import shutil
import signal
from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AuditEvent, UsageEntry
from generation.jobs import wake_celery
from generation.models import Job, Status
from tests.faults.conftest import CANARY
from tests.faults.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

BROKER = settings.DATA_DIR / "broker"
MESSAGES = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def message(task: str, body: bytes, kind: str = "application/json") -> str:
    properties = {
        "delivery_info": {"exchange": "", "routing_key": "gpu"},
        "delivery_tag": "1",
        "body_encoding": "base64",
    }
    headers = {"task": task, "id": "1", "lang": "py", "root_id": "1", "argsrepr": "", "kwargsrepr": ""}
    return json.dumps(
        {
            "body": b64encode(body).decode(),
            "content-encoding": "utf-8",
            "content-type": kind,
            "headers": headers,
            "properties": properties,
        }
    )


FORGED = [
    message("generation.tasks.run_next", b'[["a job of my own"], {}, {}]'),
    message("generation.tasks.run_next", b"no JSON at all"),
    message("os.system", b'[["true"], {}, {}]'),
    message("generation.tasks.run_next", b"cos\nsystem\n(S'true'\ntR.", "application/x-python-serialize"),
]
NO_MESSAGES = ["", "{", "[]", message("x", b"").replace('"x"', "[]"), FORGED[0].replace('"id"', '"no"')]


def remove_broker(tmp_path: Path) -> None:
    """At once, while the worker takes messages out of it."""
    gone = BROKER.rename(tmp_path / "broker")
    shutil.rmtree(gone)


def test_jobs_wait_while_the_brokers_folder_is_deleted_and_are_made(ask, start_worker, tmp_path):
    worker = start_worker(tick=0.5, deaf=True)
    remove_broker(tmp_path)
    waiting = [ask(count=1, steps=10) for _ in range(3)]
    shutil.rmtree(BROKER, ignore_errors=True)
    assert wait_for(lambda: all(is_done(job) for job in waiting)), worker.log.read_text()
    assert {job.status for job in waiting} == {Status.DONE}


def test_the_doorbell_works_again_after_its_folder_was_deleted(ask, start_worker, tmp_path):
    worker = start_worker(tick=3600, deaf=True)
    remove_broker(tmp_path)
    job = ask(count=1, steps=1)
    assert wait_for(lambda: is_done(job)), worker.log.read_text()


def test_a_bell_rung_fifty_times_and_forged_messages_make_a_job_once(ask, start_worker):
    worker = start_worker(tick=3600, deaf=True)
    worker.send(signal.SIGSTOP)
    job = ask(count=1, steps=10)
    for _ in range(50):
        wake_celery.ring("gpu")
    (MESSAGES / "0_folder.gpu.msg").mkdir()
    for number, text in enumerate([*FORGED, *NO_MESSAGES]):
        (MESSAGES / f"0_{number}.gpu.msg").write_text(text)
    assert CANARY not in "".join(file.read_text() for file in MESSAGES.iterdir() if file.is_file())
    worker.send(signal.SIGCONT)
    assert wait_for(lambda: is_done(job)), worker.log.read_text()
    after = ask(count=1, steps=1)
    assert wait_for(lambda: is_done(after)), worker.log.read_text()
    assert (job.status, job.attempts) == (Status.DONE, 1)
    assert UsageEntry.objects.count() == 2
    assert wait_for(lambda: not list(MESSAGES.glob("*.gpu.msg")))


def test_no_prompt_reaches_the_audit_log(ask, start_worker):
    start_worker()
    job = ask(count=1, steps=1)
    assert wait_for(lambda: is_done(job))
    assert AuditEvent.objects.count() >= 2
    assert CANARY not in str(list(AuditEvent.objects.values_list()))
