import hashlib
import json
import uuid

from django.conf import settings
from django.db import models

from generation.compositor.copytext import one_line

from .design import Design


class Creative(models.Model):
    """A creative: one picture of a campaign with words, logo and layout around it, in one or more formats."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey("webapp.Campaign", on_delete=models.CASCADE, related_name="creatives")
    output = models.ForeignKey(
        "generation.Output", on_delete=models.SET_NULL, null=True, related_name="creatives"
    )
    # Null only while the first version is being made.
    version = models.ForeignKey(
        "webapp.CreativeVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "-created_at"], name="creative_campaign_created")]

    def __str__(self) -> str:
        return one_line(self.design.look.ad_copy.headline) or "Untitled creative"

    @property
    def business(self):
        return self.campaign.business

    @property
    def current(self) -> "CreativeVersion":
        assert self.version is not None, "its first version is being made"
        return self.version

    @property
    def design(self) -> Design:
        return Design.from_json(self.current.content)


class CreativeVersion(models.Model):
    """A creative's design as somebody left it. Undoing goes back to the parent; a version that an export or a
    later version points to is never changed.
    """

    creative = models.ForeignKey("webapp.Creative", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    content = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creative", "number"], name="creative_version_once")]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def digest(self) -> str:
        """Differs where the content does."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()[:12]
