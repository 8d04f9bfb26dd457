from django import forms


class ContestForm(forms.Form):
    """What may be said is checked once, by `generation.pictures.incidents`."""

    contest = forms.CharField(
        label="Is it a mistake? Say what you wanted to show.",
        required=False,
        help_text="Whoever runs this machine reads it, and nobody else. Until the rule is changed it holds.",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
