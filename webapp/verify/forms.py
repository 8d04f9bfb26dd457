from django import forms
from django.core.files.uploadedfile import UploadedFile

from generation.provenance import LARGEST_FILE

TYPES = "image/png,image/jpeg,image/webp,application/pdf"
TOO_LARGE = "This file is larger than 32 MB. Choose a smaller one."


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="Choose a file, or drop it here",
        max_length=255,
        help_text="PNG, JPEG, WebP or PDF, at most 32 MB.",
        error_messages={
            "required": "Choose a file of at most 32 MB.",
            "empty": "This file is empty.",
            "max_length": "The file’s name is longer than 255 characters. Give it a shorter one.",
        },
        widget=forms.FileInput(attrs={"accept": TYPES, "data-largest": LARGEST_FILE}),
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file
