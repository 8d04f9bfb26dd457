"""The Celery app: a doorbell. Its messages carry no job, its results are nobody's business."""

import os

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

app = Celery("handbill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["generation", "webapp"])
# Not of this thread only: requests are served in others.
app.set_default()


class Drawing(bootsteps.StartStopStep):
    """The resident worker, in a process that serves the gpu queue.

    It begins before Celery looks for the broker, and does its work whether there is one or not.
    """

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent) -> bool:
        from generation.jobs import wake_celery

        return wake_celery.GPU in parent.app.amqp.queues.consume_from

    def create(self, parent):
        from generation.worker import worker

        return worker.resident()


app.steps["worker"].add(Drawing)
