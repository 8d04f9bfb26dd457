from django import forms


class LimitForm(forms.Form):
    """The daily limit, from 0 to what the machine allows."""

    pictures = forms.IntegerField(min_value=0, label="Pictures a day")

    def __init__(self, *args, highest: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pictures"]
        field.max_value = highest
        field.help_text = f"From 0, which pauses the studio, to {highest}."
        field.widget.attrs["max"] = highest
