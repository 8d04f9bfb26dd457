import uuid

from django.conf import settings
from django.db import models

from .picture_request import PictureRequestField

KEY_LENGTH = 64


class Status(models.TextChoices):
    QUEUED = "queued", "Waiting"  # nobody works on it; `claim` may take it
    RUNNING = "running", "Being made"  # `claimed_by` holds it until `lease_until`
    DONE = "done", "Done"  # every output that nobody took out is filled and charged
    FAILED = "failed", "Failed"  # gave up; `reason` says why in a shop owner's words
    CANCELLED = "cancelled", "Cancelled"  # a person stopped it


class Job(models.Model):
    """A request for pictures. The row is the truth: `generation.jobs` is the only writer of its status."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="jobs")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    model = models.ForeignKey("generation.ModelVersion", on_delete=models.PROTECT, related_name="jobs")
    key = models.CharField(
        max_length=KEY_LENGTH, help_text="Idempotency key: the same click twice is one job."
    )
    request = PictureRequestField(
        help_text="Frozen: prompt, negative_prompt, width, height, steps, guidance. Seeds are on the outputs."
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(
        max_length=200, blank=True, help_text="Why it failed, for the person who asked."
    )

    retry_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="retry"
    )

    cost = models.FloatField(help_text="Work asked for, in megapixel steps.")
    start_tag = models.FloatField(help_text="Virtual start time of fair queueing, fixed at submission.")
    finish_tag = models.FloatField(help_text="Virtual finish time; the lowest is claimed first.")
    epoch = models.PositiveIntegerField(default=0, help_text="Fence: bumped by every claim.")
    claimed_by = models.CharField(max_length=64, blank=True, help_text="The worker that holds it.")
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    gpu_seconds = models.FloatField(default=0.0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text="Of the latest attempt.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "key"], name="job_key_once_per_business"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="job_status_known"),
            models.CheckConstraint(
                condition=models.Q(status=Status.RUNNING, lease_until__isnull=False)
                | (~models.Q(status=Status.RUNNING) & models.Q(lease_until__isnull=True)),
                name="job_lease_only_while_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["finish_tag", "created_at"],
                name="job_claim",
                condition=models.Q(status=Status.QUEUED),
            ),
            models.Index(
                fields=["model", "finish_tag", "created_at"],
                name="job_claim_of_model",
                condition=models.Q(status=Status.QUEUED),
            ),
            models.Index(fields=["lease_until"], name="job_lease", condition=models.Q(status=Status.RUNNING)),
            models.Index(fields=["business", "-created_at"], name="job_business_created"),
            models.Index(
                fields=["model", "-finished_at"], name="job_pace", condition=models.Q(status=Status.DONE)
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.status in (Status.DONE, Status.FAILED, Status.CANCELLED)
