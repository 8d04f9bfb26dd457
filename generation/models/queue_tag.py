from django.db import models


class QueueTag(models.Model):
    """A business's last virtual finish tag (start-time fair queueing, Goyal et al. 1996)."""

    business = models.OneToOneField(
        "accounts.Business", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    last_tag = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"queue tag of business {self.pk}"
