from django.db import models


class StoredFileField(models.CharField):
    """The path of a file of `generation.files.storage`, or nothing. What no such field names is an orphan."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **{"max_length": 200, "blank": True, **options})

    def deconstruct(self):
        """For the database it is a CharField, so no migration need know this class."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options
