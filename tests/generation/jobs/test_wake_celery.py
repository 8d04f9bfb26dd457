"""The doorbell: rung when a job is committed, carrying nothing, missed without harm."""

import json
import os
import shutil
import socket
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from generation import jobs
from generation.jobs import wake_celery
from tests.patience import PATIENCE

MESSAGES = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
CANARY = "canary-4711"


@pytest.fixture(autouse=True)
def nothing_rung():
    shutil.rmtree(MESSAGES, ignore_errors=True)


def messages() -> list[dict]:
    return [json.loads(file.read_text()) for file in MESSAGES.glob("*.msg")]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_when_the_job_is_committed_and_not_before(ask):
    with transaction.atomic():
        ask()
        assert messages() == []
    assert len(messages()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_carries_nothing(ask, people):
    job = ask(prompt=CANARY)
    (message,) = messages()
    assert json.loads(b64decode(message["body"]))[:2] == [[], {}]
    whole = json.dumps(message) + b64decode(message["body"]).decode()
    for secret in (CANARY, str(job.pk), people.alice.email, people.bakery.slug):
        assert secret not in whole


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_rolled_back_rings_nothing(ask):
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert messages() == []


@pytest.mark.django_db(transaction=True)
def test_a_sweep_rings_again_for_jobs_that_wait_and_only_then(ask):
    jobs.sweep()
    assert messages() == []
    ask()
    shutil.rmtree(MESSAGES)
    jobs.sweep()
    assert len(messages()) == 1


def test_ringing_makes_the_missing_folder():
    wake_celery.ring("gpu")
    assert len(messages()) == 1


@pytest.fixture
def nobody_answers():
    """The port of somebody who lets callers in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        yield deaf.getsockname()[1]


RING_TWICE = """
import time, django
django.setup()
from generation.jobs import wake_celery
wake_celery.ring("gpu")
began = time.monotonic()
wake_celery.ring("gpu")
print(time.monotonic() - began)
time.sleep(1)
"""


@pytest.mark.slow
@pytest.mark.parametrize("address", ["redis://127.0.0.1:{}/0", "amqp://guest:guest@127.0.0.1:1//"])
def test_a_broker_that_is_away_or_deaf_holds_nobody_up(nobody_answers, address, tmp_path):
    environment = {
        "CELERY_BROKER_URL": address.format(nobody_answers),
        "DATABASE_URL": "postgresql://localhost/none",
    }
    ran = subprocess.run(
        [sys.executable, "-c", RING_TWICE],
        env={**os.environ, **environment, "HANDBILL_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert float(ran.stdout) < 1
    assert "Traceback" not in ran.stderr
