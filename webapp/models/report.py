import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Report(models.Model):
    """What somebody finds wrong with a picture, and what its business decided.

    Whoever reported keeps an address that tells what became of it; only its token's hash is kept here.
    """

    class Reason(models.TextChoices):
        PERSON = "without_consent", "It shows me or somebody without consent"
        MINOR = "child_sexual", "It shows a child in a sexual way"
        HATEFUL = "hateful", "It is hateful or dangerous"
        COPIED = "copied", "It copies somebody’s work"
        OTHER = "something_else", "Something else"

    class Outcome(models.TextChoices):
        KEPT = "kept", "Kept"
        TAKEN_DOWN = "taken_down", "Taken down"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    output = models.ForeignKey("generation.Output", on_delete=models.CASCADE, related_name="reports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: a guest.",
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    token_hash = models.CharField(max_length=64, unique=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True, help_text="For whoever reported.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["output", "by"],
                condition=models.Q(closed_at=None),
                name="report_open_once",
            )
        ]
        indexes = [models.Index(fields=["at"], condition=models.Q(closed_at=None), name="report_open_oldest")]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def business(self):
        return self.output.job.business
