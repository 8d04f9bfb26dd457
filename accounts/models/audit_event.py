from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """One act that matters: who did what to what. Triggers refuse UPDATE, DELETE and TRUNCATE.

    The subject and the business are named by value, not by foreign key, so that removing them later
    leaves the record standing; `detail` never holds a prompt, an e-mail address or a token.
    The order of events is that of their keys: clocks can go backward.
    """

    at = models.DateTimeField(default=timezone.now)
    business = models.ForeignKey(
        "accounts.Business",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="audit_events",
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["business", "-id"], name="audit_business_id"),
            models.Index(fields=["business", "verb", "-id"], name="audit_business_verb_id"),
            models.Index(fields=["business", "actor", "-id"], name="audit_business_actor_id"),
            models.Index(fields=["business", "at"], name="audit_business_day"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"
