from django.conf import settings
from django.db import models

from accounts import locales


def default_daily_pictures() -> int:
    return settings.DAILY_PICTURES


class Business(models.Model):
    """A business. Every project, job, picture and audit event belongs to exactly one."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    locale = models.CharField(
        max_length=20, default=locales.DEFAULT, help_text="Its language and region, for instance de-AT."
    )
    currency = models.CharField(max_length=3, default="GBP", help_text="Its code in ISO 4217.")
    daily_pictures = models.PositiveIntegerField(default=default_daily_pictures)
    weight = models.PositiveSmallIntegerField(
        default=1, help_text="Share of the queue against other businesses."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weight__gte=1), name="business_weight_positive")
        ]

    def __str__(self) -> str:
        return self.name
