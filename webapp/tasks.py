"""What Celery calls. A message carries nothing: what to do is in the rows."""

from celery import shared_task

from accounts import shared_cache


@shared_task
def forget_exports() -> None:
    from webapp.creatives import exports  # Typst and its fonts are for the processes that set type

    exports.forget_old()


@shared_task
def forget_incidents() -> None:
    from generation.pictures import incidents

    incidents.forget_old()


@shared_task
def forget_attempts() -> None:
    shared_cache.shared().sweep()
