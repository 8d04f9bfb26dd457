from django import forms

from webapp.models import Report

LENGTH = 1000  # characters
TOO_LONG = "That is %(show_value)d characters; %(limit_value)d are the most."


class _Words(forms.CharField):
    def __init__(self, *, rows: int, **options) -> None:
        super().__init__(
            required=False,
            max_length=LENGTH,
            error_messages={"max_length": TOO_LONG},
            widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
            **options,
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Without a length: a browser would cut a pasted text short without a word."""
        return {}


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
    words = _Words(label="In your words", rows=4, help_text="As much or as little as you like.")

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        is_unsaid = not said.get("words", "").strip() and "words" not in self.errors
        if said.get("reason") == Report.Reason.OTHER and is_unsaid:
            self.add_error("words", "Say what is wrong with it.")
        return said


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=[("keep", "Keep it"), ("take_down", "Take it down")])
    answer = _Words(label="Answer to whoever reported it", rows=2, help_text="If you like. They read it.")
