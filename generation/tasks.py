"""What Celery calls. A message carries nothing: what to do is in the rows. Celery waits for its threads when
it ends, so none of them does a job: `run_next` wakes the workers, which have threads of their own.
"""

from celery import shared_task


@shared_task
def run_next() -> None:
    from generation.worker import resident

    resident.wake()


@shared_task
def sweep() -> None:
    from generation import jobs

    jobs.sweep()


@shared_task
def remove_orphans() -> None:
    from generation.files import orphans

    orphans.remove()


@shared_task
def scrub() -> None:
    from generation.files import scrub

    scrub.run()
