"""The Celery workers of one machine: `python -m webapp.machine.worker gpu` or `cpu`.

Threads, since a forked pool loses the engine's thread and cannot open CUDA again. Beat runs in a thread of
the cpu worker: Celery's own `--beat` makes a process, which would outlive a worker that is killed.
"""

import os
import sys

# Models are files of this machine: nothing that draws may ask the network for one.
os.environ["HF_HUB_OFFLINE"] = "1"

import django
from celery import bootsteps
from celery.beat import EmbeddedService, Scheduler

from webapp.celery import app


class Beat(bootsteps.StartStopStep):
    """Rings for the chores of `CELERY_BEAT_SCHEDULE` as long as its worker lives."""

    def create(self, worker: object) -> object:
        # In memory: what is rung for every few seconds needs no file that a crash can spoil.
        return EmbeddedService(app, thread=True, scheduler_cls=Scheduler)


def main(queue: str) -> None:
    django.setup()
    from generation.models import Queue
    from generation.worker.resident import slots

    if queue == "cpu":
        app.steps["worker"].add(Beat)
    app.worker_main(
        [
            "worker",
            f"--queues={queue}",
            f"--hostname={queue}@%h",
            "--pool=threads",
            f"--concurrency={slots(Queue(queue))}",
            "--loglevel=INFO",
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1])
