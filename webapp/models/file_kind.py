from django.db import models


class FileKind(models.TextChoices):
    """What a creative is taken away as; the values are the files' suffixes."""

    PNG = "png", "PNG"
    JPEG = "jpg", "JPEG"
    WEBP = "webp", "WebP"
    PDF = "pdf", "PDF for print"

    @property
    def media_type(self) -> str:
        return {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}[self]
