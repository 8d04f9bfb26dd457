from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from generation.provenance import MediaType

MEDIA_TYPES: dict[str, "MediaType"] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
}


class FileKind(models.TextChoices):
    """What a creative is taken away as; the values are the files' suffixes."""

    PNG = "png", "PNG"
    JPEG = "jpg", "JPEG"
    WEBP = "webp", "WebP"
    PDF = "pdf", "PDF for print"

    @property
    def media_type(self) -> "MediaType":
        return MEDIA_TYPES[self.value]
