from django.db import models


class Room(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    TOP = "top", "Top"
    NONE = "none", "None"


class Shape(models.TextChoices):
    SQUARE = "square", "Square"
    PORTRAIT = "portrait", "Portrait"
    LANDSCAPE = "landscape", "Landscape"

    @property
    def aspect(self) -> float:
        """Width / height."""
        return {Shape.SQUARE: 1.0, Shape.PORTRAIT: 4 / 5, Shape.LANDSCAPE: 16 / 9}[self]


class Brief(models.Model):
    """What a person asked for, in their own words, and the job that answers it."""

    campaign = models.ForeignKey("webapp.Campaign", on_delete=models.CASCADE, related_name="briefs")
    job = models.OneToOneField("generation.Job", on_delete=models.CASCADE, related_name="brief")
    subject = models.TextField(blank=True, max_length=1000)
    mood = models.CharField(max_length=30, blank=True)
    colours = models.CharField(max_length=80, blank=True)
    room = models.CharField(max_length=10, choices=Room.choices, default=Room.NONE)
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.SQUARE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "-created_at"], name="brief_campaign_created")]

    def __str__(self) -> str:
        return f"brief {self.pk}"
