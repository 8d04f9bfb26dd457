"""The database's bell: heard when the job is committed, by everybody who listens, and by nobody before."""

import queue
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from generation.jobs import wake_notify
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(monkeypatch) -> Iterator[queue.Queue]:
    """An entry each time a listener is called."""
    monkeypatch.setattr(wake_notify, "LOOK_UP", 0.05)
    calls: queue.Queue = queue.Queue()
    until = threading.Event()

    def listen() -> None:
        for _ in wake_notify.listen("gpu", until):
            calls.put("called")
        connection.close()

    listener = threading.Thread(target=listen)
    listener.start()
    calls.get(timeout=PATIENCE)  # at once, for what waits already
    yield calls
    until.set()
    listener.join(PATIENCE)
    assert not listener.is_alive()


def test_it_rings_when_the_transaction_is_committed(heard):
    with transaction.atomic():
        wake_notify.ring("gpu")
        with pytest.raises(queue.Empty):
            heard.get(timeout=0.2)
    heard.get(timeout=PATIENCE)


def test_what_is_rolled_back_was_never_rung(heard):
    with transaction.atomic():
        wake_notify.ring("gpu")
        transaction.set_rollback(True)
    with pytest.raises(queue.Empty):
        heard.get(timeout=0.2)


def test_a_submitted_job_rings(heard, ask):
    ask()
    heard.get(timeout=PATIENCE)


def test_a_bell_of_another_queue_is_not_heard(heard):
    wake_notify.ring("cpu")
    with pytest.raises(queue.Empty):
        heard.get(timeout=0.2)
    wake_notify.ring("gpu")
    heard.get(timeout=PATIENCE)
