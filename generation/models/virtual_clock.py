from django.db import models

from .job import Queue


class VirtualClock(models.Model):
    """A queue's virtual time: the start tag of the job claimed last. One row a queue."""

    queue = models.CharField(max_length=5, choices=Queue.choices, primary_key=True)
    virtual_time = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"virtual clock of queue {self.queue}"
