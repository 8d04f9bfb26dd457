from django import forms


class LimitForm(forms.Form):
    """The daily limit, from 0 to what the machine allows."""

    def __init__(self, *args, highest: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pictures"] = forms.IntegerField(
            min_value=0,
            max_value=highest,
            label="Pictures a day",
            help_text=f"From 0, which pauses the studio, to {highest}.",
        )
