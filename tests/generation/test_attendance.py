import pytest

from generation import attendance
from generation.models import WorkerBeat

pytestmark = pytest.mark.django_db


def test_nobody_is_at_work_until_somebody_says_so():
    assert not attendance.workers_alive()
    attendance.attend("worker", "CPU")
    assert attendance.workers_alive()
    attendance.leave("worker")
    assert not attendance.workers_alive()


def test_a_worker_that_says_nothing_for_long_is_not_at_work():
    attendance.attend("worker", "CPU")
    WorkerBeat.objects.update(seen_at="2020-01-01T00:00:00Z")
    assert not attendance.workers_alive()
    attendance.forget_absent()
    assert not WorkerBeat.objects.exists()


def test_a_worker_is_one_row_however_often_it_says_so():
    attendance.attend("worker", "CPU")
    since = WorkerBeat.objects.get().since
    attendance.attend("worker", "CPU")
    assert WorkerBeat.objects.get().since == since
