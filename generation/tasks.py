"""What Celery calls. A message carries nothing: what to do is in the rows."""

from celery import shared_task


@shared_task(ignore_result=True)
def run_next() -> None:
    from generation import worker  # torch is for the processes that draw

    worker.resident().work()


@shared_task(ignore_result=True)
def sweep() -> None:
    from generation import jobs

    jobs.sweep()
