"""Choices that more than one form offers."""

from django import forms

DAYS = [(1, "1 day"), (7, "7 days"), (30, "30 days")]


class LifetimeField(forms.TypedChoiceField):
    """How long a link lasts, in days."""

    def __init__(self, **options) -> None:
        super().__init__(choices=DAYS, coerce=int, initial=7, label="Good for", **options)
