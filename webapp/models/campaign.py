import uuid

from django.conf import settings
from django.db import models


class Campaign(models.Model):
    """One push, for instance "Pumpkin week": briefs and the pictures that came of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("webapp.Project", on_delete=models.CASCADE, related_name="campaigns")
    # None: the default kit of the business.
    brand_kit = models.ForeignKey(
        "webapp.BrandKit", on_delete=models.SET_NULL, null=True, blank=True, related_name="campaigns"
    )
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=90)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="campaign_slug_once_per_project")
        ]
        indexes = [models.Index(fields=["project", "-created_at"], name="campaign_project_created")]

    def __str__(self) -> str:
        return self.name

    @property
    def business(self):
        return self.project.business
