"""The workers of this process: one for each queue that it serves."""

from collections.abc import Iterable

from django.conf import settings

from generation.models import Queue

from .worker import Worker

JOBS_OF_FILES = 2  # at a time: each keeps a core busy

_resident: dict[Queue, Worker] = {}


class Residents:
    """Those of some queues, started and stopped together."""

    def __init__(self, queues: Iterable[Queue]) -> None:
        self._queues = list(queues)

    def start(self) -> None:
        for queue in self._queues:
            _resident[queue] = _new_worker(queue)
            _resident[queue].start()

    def stop(self) -> None:
        for queue in self._queues:
            if worker := _resident.pop(queue, None):
                worker.stop()


def slots(queue: Queue) -> int:
    """Jobs of a queue that a process does at the same time."""
    return {Queue.GPU: settings.JOBS_IN_FLIGHT, Queue.CPU: JOBS_OF_FILES}.get(queue, 1)


def wake() -> None:
    """Look at what waits, as a bell was heard; it says not for which queue."""
    for worker in list(_resident.values()):
        worker.wake()


def _new_worker(queue: Queue) -> Worker:
    if queue != Queue.GPU:
        return Worker(queue, slots(queue))
    from .engine_worker import installed  # torch is for the processes that draw

    return installed()
