import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Incident(models.Model):
    """Something that was refused by the safety floor, or a picture that somebody reported: by whom it was
    asked, when, and which rule it broke.

    Neither what was asked nor what was drawn: `contest` is what the person wrote to the operator about it.
    """

    class Stage(models.TextChoices):
        WORDS = "words", "Words"
        PICTURE = "picture", "Picture"
        REPORT = "report", "Report"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="incidents")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(
        "generation.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="incidents"
    )
    output = models.OneToOneField(
        "generation.Output",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        help_text="The frame of a picture that was withheld: at most one incident each.",
    )
    at = models.DateTimeField(default=timezone.now)
    stage = models.CharField(max_length=7, choices=Stage.choices)
    rule = models.CharField(max_length=40, help_text="A key of the rules in generation.safety.")
    sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the pixels of one withheld, of the file of one reported.",
    )
    contest = models.TextField(blank=True)
    contested_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the operator put it away.")

    class Meta:
        indexes = [models.Index(fields=["at"], name="incident_oldest")]

    def __str__(self) -> str:
        return f"incident {self.pk}"
