from django.conf import settings
from django.db import models


class Outcome(models.TextChoices):
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class UsageEntry(models.Model):
    """One line of the ledger, written in the transaction that ends a job. Never changed afterwards."""

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="usage_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    job_id = models.UUIDField(unique=True, help_text="One charge a job, whatever happens to its worker.")
    model = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    pictures = models.PositiveIntegerField()
    gpu_seconds = models.FloatField(
        default=0.0, help_text="Device seconds, on whatever device the model ran."
    )
    day = models.DateField(help_text="Calendar day in the server's time zone.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["business", "day"], name="usage_business_day"),
            models.Index(fields=["user", "day"], name="usage_user_day"),
        ]

    def __str__(self) -> str:
        return f"{self.pictures} pictures on {self.day}"
