"""What a page began from: the fields as they were when it was opened or last saved, for a merge by field."""

import json
from collections.abc import Mapping

from django import forms


class BeganFrom(forms.JSONField):
    """By field. What no page of ours has sent is as good as nothing."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value: object) -> dict[str, object]:
        try:
            given = super().clean(value)
        except (RecursionError, ValueError, forms.ValidationError):
            return {}  # nested without end, or a number without end
        plain = given.items() if isinstance(given, dict) else ()
        return {name: one for name, one in plain if _is_plain(one)}


def to_send(form: forms.Form, stored: Mapping[str, object]) -> str:
    """For the page's hidden field: `stored`, but after a refusal what the page had sent, so that mending one
    field undoes nothing of what others changed since.
    """
    sent = form.cleaned_data.get("began_from") if form.errors else None
    return json.dumps(sent or stored)


def _is_plain(value: object) -> bool:
    """A text, a number, yes or no, or a list of texts: nothing that goes deeper."""
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str | int | float)
