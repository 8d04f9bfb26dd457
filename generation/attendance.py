"""Which workers are at work, by a row each that they renew; the broker is not asked."""

from datetime import timedelta

from generation.clock import DatabaseClock
from generation.models import WorkerBeat

EVERY = 2.0  # seconds between two beats of a worker
ABSENT_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)


def attend(owner: str, device: str) -> None:
    """Say that worker `owner` is at work."""
    beat = WorkerBeat(owner=owner, device=device, since=DatabaseClock(), seen_at=DatabaseClock())
    WorkerBeat.objects.bulk_create(
        [beat], update_conflicts=True, unique_fields=["owner"], update_fields=["device", "seen_at"]
    )


def leave(owner: str) -> None:
    WorkerBeat.objects.filter(owner=owner).delete()


def workers_alive() -> bool:
    """Whether any worker was seen in the last seconds: what waits will be made."""
    return WorkerBeat.objects.filter(seen_at__gt=DatabaseClock() - ABSENT_AFTER).exists()


def forget_absent() -> None:
    """Remove the rows of workers that ended without saying so."""
    WorkerBeat.objects.filter(seen_at__lt=DatabaseClock() - FORGOTTEN_AFTER).delete()
