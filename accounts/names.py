"""Names of people, businesses, projects and campaigns: one line of text that looks like what it is."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError

MAX_LENGTH = 80
# Joiners make emoji and Persian words what they are. Every other format character (direction overrides,
# zero-width blanks) can make one name look like another.
ALLOWED_FORMAT = {"\u200c", "\u200d"}


def clean(text: str) -> str:
    """`text` in composed form, with its runs of blanks made one blank.

    Raises ValidationError for a name that is empty to the eye, too long, or holds control characters.
    """
    if any(_is_control(character) for character in text.strip()):
        raise ValidationError(
            "Please write the name on one line, without control characters.", code="control"
        )
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise ValidationError("Please write a name.", code="required")
    if len(name) > MAX_LENGTH:
        raise ValidationError(
            f"Please use at most {MAX_LENGTH} characters; this has {len(name)}.", code="max_length"
        )
    return name


def _is_control(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or (category == "Cf" and character not in ALLOWED_FORMAT)


class NameField(forms.CharField):
    """A form field that answers with a clean name."""

    def __init__(self, **options) -> None:
        super().__init__(**{"max_length": MAX_LENGTH, **options})

    def clean(self, value: object) -> str:
        text = super().clean(value)
        return clean(text) if text else text
