from django.db import models


class VirtualClock(models.Model):
    """The queue's virtual time: the start tag of the job claimed last. One row."""

    virtual_time = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return "virtual clock"
