from django.db import models

from .job import Queue


class QueueTag(models.Model):
    """A business's last virtual finish tag in a queue (start-time fair queueing, Goyal et al. 1996)."""

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="+")
    queue = models.CharField(max_length=5, choices=Queue.choices)
    last_tag = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "queue"], name="queue_tag_once")]

    def __str__(self) -> str:
        return f"tag of business {self.business_id} in queue {self.queue}"
