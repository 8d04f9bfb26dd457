import pytest

from generation.jobs import heartbeat
from generation.models import WorkerHeartbeat

pytestmark = pytest.mark.django_db


def test_nobody_is_at_work_until_somebody_says_so():
    assert not heartbeat.workers_alive()
    heartbeat.attend("worker", "CPU")
    assert heartbeat.workers_alive()
    heartbeat.leave("worker")
    assert not heartbeat.workers_alive()


def test_a_worker_that_says_nothing_for_long_is_not_at_work():
    heartbeat.attend("worker", "CPU")
    WorkerHeartbeat.objects.update(seen_at="2020-01-01T00:00:00Z")
    assert not heartbeat.workers_alive()
    heartbeat.forget_absent()
    assert not WorkerHeartbeat.objects.exists()


def test_a_model_is_lacking_when_nobody_at_work_can_load_it():
    assert heartbeat.lacking() == {}
    heartbeat.attend("worker", "CPU", {1: "missing", 2: "missing", 3: "damaged"})
    heartbeat.attend("another", "CPU", {2: "too_large", 3: "missing"})
    assert heartbeat.lacking() == {2: "too_large", 3: "damaged"}
    WorkerHeartbeat.objects.filter(worker="another").update(seen_at="2020-01-01T00:00:00Z")
    assert heartbeat.lacking() == {1: "missing", 2: "missing", 3: "damaged"}


def test_a_worker_is_one_row_however_often_it_says_so():
    heartbeat.attend("worker", "CPU")
    since = WorkerHeartbeat.objects.get().since
    heartbeat.attend("worker", "CPU")
    assert WorkerHeartbeat.objects.get().since == since
