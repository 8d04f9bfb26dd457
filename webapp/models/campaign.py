import uuid

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

from .brand_kit import BrandKit


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

    @cached_property
    def kit(self) -> BrandKit | None:
        """The brand that holds here: the kit chosen, unless it was put away, else the business's default.

        Looked up once an object.
        """
        chosen = self.brand_kit
        if chosen and not chosen.archived_at:
            return chosen
        return self.business.brand_kits.filter(is_default=True).first()

    @property
    def business(self):
        return self.project.business
