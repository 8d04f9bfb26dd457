from django.conf import settings
from django.db import models


class Reservation(models.Model):
    """Pictures promised to a job that has not ended; they count against the day's allowance."""

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="reservations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    job_id = models.UUIDField(unique=True)
    pictures = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pictures} pictures reserved"
