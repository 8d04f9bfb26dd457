from django import forms

from webapp.editing.uncut import UncutField
from webapp.models import Report

LENGTH = 1000  # characters


def _words(label: str, *, rows: int, help_text: str) -> UncutField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return UncutField(label=label, required=False, max_length=LENGTH, help_text=help_text, widget=widget)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is wrong with it.",
            "invalid_choice": "Choose what is wrong with it.",
        },
    )
    words = _words("In your words", rows=4, help_text="As much or as little as you like.")

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        is_unsaid = not said.get("words", "").strip() and "words" not in self.errors
        if said.get("reason") == Report.Reason.OTHER and is_unsaid:
            self.add_error("words", "Say what is wrong with it.")
        return said


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("keep", "Keep it"), ("take_down", "Take it down")])
    answer = _words("Answer to whoever reported it", rows=2, help_text="If you like. They read it.")
