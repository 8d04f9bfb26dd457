"""What one is asked before a link is made, to invite somebody or to show a campaign."""

from django import forms

from accounts.names import NameField

TOO_MANY = "These are many links for one hour. Withdraw what you do not need, and go on in an hour."
CLOSED = "This link was made already, and is closed or used by now. Make another one."
DAYS = [(1, "1 day"), (7, "7 days"), (30, "30 days")]


class LifetimeField(forms.TypedChoiceField):
    """How long the link lasts, in days."""

    def __init__(self) -> None:
        super().__init__(choices=DAYS, coerce=int, initial=7, label="Good for")


class NoteField(NameField):
    """For whom the link is, so that the list of links says which is which."""

    def __init__(self, example: str) -> None:
        super().__init__(label="For whom", required=False)
        self.widget.attrs["placeholder"] = example
