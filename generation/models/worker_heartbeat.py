from django.db import models

from .job import Queue


class WorkerHeartbeat(models.Model):
    """A sign of life of one worker process, so that seeing whether anybody works needs no broker."""

    worker = models.CharField(
        max_length=64, primary_key=True, help_text="As in `claimed_by` of the jobs it holds."
    )
    queue = models.CharField(max_length=5, choices=Queue.choices)
    device = models.CharField(max_length=80, help_text="What it works on, for people.")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    lacking = models.JSONField(
        default=dict, help_text="Models that it cannot load: key -> a code of `jobs.reasons.WAITING`."
    )

    def __str__(self) -> str:
        return f"worker {self.worker}"
