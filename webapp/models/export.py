from django.db import models

from generation.models import StoredFileField

from .file_kind import FileKind

EXPORT = "export"  # the kind of the jobs that have one


class Export(models.Model):
    """A set of files made of one version of a creative, as a zip archive. How far it is, its job says."""

    job = models.OneToOneField(
        "generation.Job", on_delete=models.CASCADE, primary_key=True, related_name="export"
    )
    creative = models.ForeignKey("webapp.Creative", on_delete=models.CASCADE, related_name="exports")
    version = models.ForeignKey("webapp.CreativeVersion", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=FileKind.choices)
    file = StoredFileField(help_text="The archive, relative to the media folder.")
    listing = models.JSONField(default=list, help_text="Of each: name, format, kilobytes, limit_kb, notes.")

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def business(self):
        return self.job.business
