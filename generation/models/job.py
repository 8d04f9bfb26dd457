import uuid

from django.conf import settings
from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Waiting"  # nobody works on it; `claim` may take it
    RUNNING = "running", "Being made"  # `claimed_by` holds it until `lease_until`
    DONE = "done", "Done"  # its result is written, and charged where its kind is
    FAILED = "failed", "Failed"  # gave up; `reason` says why in a shop owner's words
    CANCELLED = "cancelled", "Cancelled"  # a person stopped it


UNFINISHED = (Status.QUEUED, Status.RUNNING)
ENDED_BADLY = (Status.FAILED, Status.CANCELLED)
KEY_LENGTH = 64


class Queue(models.TextChoices):
    GPU = "gpu", "Drawing"  # workers that host an engine
    CPU = "cpu", "Files"  # workers for what needs none
    TRAIN = "train", "Training"  # what takes hours


class Job(models.Model):
    """A piece of work that a worker does. The row is the truth: `generation.jobs` is the only writer of its
    status. What only one kind of work has is in a table of that kind's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="jobs")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=20, help_text="As in `jobs.kinds`: what code does it.")
    queue = models.CharField(max_length=5, choices=Queue.choices)
    model = models.ForeignKey(
        "generation.ModelVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
        help_text="What a worker must be able to load; none: any worker of the queue will do.",
    )
    key = models.CharField(
        max_length=KEY_LENGTH, help_text="Idempotency key: the same click twice is one job."
    )
    request = models.JSONField(default=dict, help_text="Frozen at submission; its form is its kind's.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True, help_text="Why it failed, for the person who asked.")
    progress = models.PositiveIntegerField(default=0, help_text="Parts of the work that are done.")
    progress_total = models.PositiveIntegerField(default=1)

    retry_of = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="retry"
    )

    cost = models.FloatField(
        help_text="Work asked for, in a unit of the queue: megapixel steps on gpu, files on cpu."
    )
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
            models.CheckConstraint(condition=models.Q(queue__in=Queue.values), name="job_queue_known"),
            models.CheckConstraint(
                condition=models.Q(status=Status.RUNNING, lease_until__isnull=False)
                | (~models.Q(status=Status.RUNNING) & models.Q(lease_until__isnull=True)),
                name="job_lease_only_while_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "finish_tag", "created_at"],
                name="job_queue",
                condition=models.Q(status=Status.QUEUED),
            ),
            models.Index(
                fields=["queue", "model", "finish_tag", "created_at"],
                name="job_claim_of_model",
                condition=models.Q(status=Status.QUEUED),
            ),
            models.Index(
                fields=["queue", "finish_tag", "created_at"],
                name="job_claim_of_no_model",
                condition=models.Q(status=Status.QUEUED, model=None),
            ),
            models.Index(fields=["lease_until"], name="job_lease", condition=models.Q(status=Status.RUNNING)),
            models.Index(fields=["business", "-created_at"], name="job_business_created"),
            models.Index(
                fields=["kind", "model", "-finished_at"],
                name="job_pace",
                condition=models.Q(status=Status.DONE),
            ),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED
