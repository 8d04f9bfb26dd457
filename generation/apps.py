from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from . import places


class GenerationConfig(AppConfig):
    name = "generation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        places.keep_marks_in(Path(settings.MARKS_DIR))
        places.take_turns_by(Path(settings.DATA_DIR) / "sandbox" / ".lock")
