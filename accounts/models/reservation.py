from django.db import models


class Reservation(models.Model):
    """Pictures promised to a job that has not ended; they count against the day's allowance."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="reservations")
    job_id = models.UUIDField(unique=True)
    pictures = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pictures} pictures reserved"
