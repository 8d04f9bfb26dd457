from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """What whoever runs this machine should know, until they put it away. No prompt, no address, no name."""

    sentence = models.CharField(max_length=300, unique=True)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-last_at"], name="notice_newest")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
