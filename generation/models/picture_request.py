from dataclasses import asdict, dataclass, field

from django.db import models


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """What a job asks for, alike for each of its pictures: with a model and a seed it is one picture.

    width and height in pixels; guidance as the scale of classifier-free guidance (Ho and Salimans, 2022).
    """

    # Texts stay out of repr, so that no log line that prints a request can hold them.
    prompt: str = field(repr=False)
    negative_prompt: str = field(default="", repr=False)
    width: int
    height: int
    steps: int
    guidance: float


class PictureRequestField(models.JSONField):
    """A PictureRequest, kept as JSON."""

    def from_db_value(self, value, expression, connection):
        value = super().from_db_value(value, expression, connection)
        return PictureRequest(**value) if isinstance(value, dict) else value

    def get_db_prep_value(self, value, connection, prepared=False):
        if isinstance(value, PictureRequest):
            value = asdict(value)
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self):
        """For the database it is a JSONField, so no migration need know this class."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options
