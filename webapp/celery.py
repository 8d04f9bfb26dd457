"""The Celery app: a doorbell. Its messages carry no job, its results are nobody's business."""

import os

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")

app = Celery("handbill")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["generation", "webapp"])
# Not of this thread only: requests are served in others.
app.set_default()


class Working(bootsteps.StartStopStep):
    """The resident workers of the queues that a process serves.

    They begin before Celery looks for the broker, and do their work whether there is one or not.
    """

    requires = ("celery.worker.components:Pool",)

    def create(self, parent):
        from generation.models import Queue
        from generation.worker.resident import Residents

        served = parent.app.amqp.queues.consume_from
        return Residents(queue for queue in Queue if queue in served)


app.steps["worker"].add(Working)
