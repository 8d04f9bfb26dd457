import uuid

from django.conf import settings
from django.db import models

from generation.compositor import FAMILIES, PAIRINGS, Palette
from generation.models import StoredFileField

ROLES = ("primary", "accent", "surface", "text")


class BrandKit(models.Model):
    """How a business looks and speaks: logo, colours by role, type, voice. One kit of a business may be its
    default; a campaign may choose another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="brand_kits")
    name = models.CharField(max_length=80)
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, help_text="Counts changes.")

    logo_on_light = StoredFileField(help_text="PNG for light grounds, relative to the media folder.")
    logo_on_dark = StoredFileField(help_text="The same for dark grounds.")
    primary = models.CharField(max_length=7, default=Palette.primary)
    accent = models.CharField(max_length=7, default=Palette.accent)
    surface = models.CharField(max_length=7, default=Palette.surface)
    text = models.CharField(max_length=7, default=Palette.text)
    heading_family = models.CharField(max_length=80, default=PAIRINGS[0].heading)
    text_family = models.CharField(max_length=80, default=PAIRINGS[0].text)
    voice = models.JSONField(default=list, blank=True, help_text="At most three words.")
    banned_words = models.JSONField(default=list, blank=True)
    contact_line = models.CharField(max_length=200, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business"], condition=models.Q(is_default=True), name="brand_kit_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(archived_at=None),
                name="brand_kit_default_in_use",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def palette(self) -> Palette:
        return Palette(**{role: getattr(self, role) for role in ROLES})

    @property
    def has_palette(self) -> bool:
        """Whether its colours are its own, not those that every kit begins with."""
        return self.palette != Palette()

    @property
    def families(self) -> list[str]:
        """What it may be set in: its own fonts first, then the bundled ones."""
        own = self.fonts.order_by("family").values_list("family", flat=True)
        return list(dict.fromkeys((*own, *FAMILIES)))


class BrandFont(models.Model):
    """A font file of a kit. The files of one family are its weights and styles."""

    kit = models.ForeignKey("webapp.BrandKit", on_delete=models.CASCADE, related_name="fonts")
    family = models.CharField(max_length=80)
    style = models.CharField(max_length=80, blank=True)
    file = StoredFileField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "file"], name="brand_font_once_per_kit")]

    def __str__(self) -> str:
        return f"{self.family} {self.style}".strip()
