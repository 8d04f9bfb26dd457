import uuid

from django.conf import settings
from django.db import models

from generation.models import StoredFileField

from .file_kind import FileKind


class ExportStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Not made"


class Export(models.Model):
    """A set of files made of one version of a creative, as a zip archive; the row is the truth, Celery the
    doorbell.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    creative = models.ForeignKey("webapp.Creative", on_delete=models.CASCADE, related_name="exports")
    version = models.ForeignKey("webapp.CreativeVersion", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=FileKind.choices)
    status = models.CharField(max_length=8, choices=ExportStatus.choices, default=ExportStatus.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField()
    file = StoredFileField(help_text="The archive, relative to the media folder.")
    listing = models.JSONField(default=list, help_text="Of each: name, format, kilobytes, limit_kb, notes.")
    attempts = models.PositiveSmallIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0, help_text="Fence: bumped by every claim.")
    claimed_by = models.CharField(max_length=64, blank=True, help_text="The worker that makes it.")
    lease_until = models.DateTimeField(
        null=True, blank=True, help_text="After which who makes it is taken for dead."
    )
    reason = models.TextField(blank=True, help_text="Why it was not made, for a person.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=ExportStatus.RUNNING, lease_until__isnull=False)
                | (~models.Q(status=ExportStatus.RUNNING) & models.Q(lease_until__isnull=True)),
                name="export_lease_only_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["creative", "-created_at"], name="export_creative_created"),
            models.Index(
                fields=["attempts", "created_at"],
                name="export_claim",
                condition=models.Q(status__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def business(self):
        return self.creative.business

    @property
    def is_finished(self) -> bool:
        return self.status in (ExportStatus.READY, ExportStatus.FAILED)
