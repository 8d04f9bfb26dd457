from django import forms

from generation.pictures.incidents import CONTEST_LENGTH


class ContestForm(forms.Form):
    contest = forms.CharField(
        label="Is it a mistake? Say what you wanted to show.",
        help_text="Whoever runs this machine reads it, and nobody else. Until the rule is changed it holds.",
        max_length=CONTEST_LENGTH,
        error_messages={
            "required": "Say what you wanted to show.",
            "max_length": "That is %(show_value)d characters; %(limit_value)d are the most.",
        },
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # A browser would cut a pasted text short without a word.
        self.fields["contest"].widget.attrs.pop("maxlength")
