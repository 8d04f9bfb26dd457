from dataclasses import asdict, dataclass, field, fields

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


FIELDS = [field.name for field in fields(PictureRequest)]


class PictureRequestField(models.JSONField):
    """A PictureRequest, kept as JSON."""

    def from_db_value(self, value, expression, connection):
        value = super().from_db_value(value, expression, connection)
        if not isinstance(value, dict):
            return value
        # What a newer Handbill adds must not stop an older one from sweeping and showing the rest.
        return PictureRequest(**{name: value[name] for name in FIELDS if name in value})

    def get_db_prep_value(self, value, connection, prepared=False):
        return super().get_db_prep_value(_plain(value), connection, prepared)

    def value_to_string(self, obj):
        return _plain(self.value_from_object(obj))

    def deconstruct(self):
        """For the database it is a JSONField, so no migration need know this class."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, PictureRequest) else value
