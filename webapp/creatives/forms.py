"""One look of a creative: its words, its layout, and what of the picture shows."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from generation.compositor import FORMATS, LAYOUTS
from webapp.editing.began_from import BeganFrom
from webapp.editing.uncut import UncutField
from webapp.models.design import Design

LONGEST = {"headline": 2000, "offer": 500, "details": 2000}
LONG = 200  # characters of any other field
OF_THE_PAGE = ("format", "began_from")
USE = "use-"
LINK_ERRORS = {
    "invalid": "Write a whole link, such as https://example.com/menu.",
    "max_length": "A QR code holds %(limit_value)d characters at most.",
}


def _slider(label: str, lowest: float, highest: float, step: float) -> forms.FloatField:
    attrs = {"type": "range", "step": step}
    return forms.FloatField(
        label=label, min_value=lowest, max_value=highest, widget=forms.NumberInput(attrs=attrs)
    )


def _words(label: str, *, example: str = "", rows: int = 0, longest: int = LONG) -> forms.CharField:
    attrs = {"dir": "auto", "autocomplete": "off", **({"placeholder": example} if example else {})}
    widget = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
    return WordsField(label=label, required=False, max_length=longest, widget=widget)


class WordsField(UncutField):
    """Text whose lines end alike: a form that is posted and a script that posts it end them differently."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class LinkField(UncutField, forms.URLField):
    """A link that nobody cuts short either."""


class LookForm(forms.Form):
    headline = _words("Headline", example="Pumpkin week", rows=2, longest=LONGEST["headline"])
    offer = _words("Offer", example="Two for the price of one", longest=LONGEST["offer"])
    details = _words("Details", example="Fresh from the oven, all week", rows=2, longest=LONGEST["details"])
    price = _words("Price", example="3.50 €")
    date = _words("Date", example="12 to 18 October")
    button = _words("Button", example="Order now")
    contact = _words("Contact line", example="12 Mill Lane · cornerbakery.example")
    qr = LinkField(
        label="QR code for a link",
        required=False,
        assume_scheme="https",
        max_length=500,
        error_messages=LINK_ERRORS,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
    )
    layout = forms.ChoiceField(choices=[(key, one.name) for key, one in LAYOUTS.items()])
    focal_x = _slider("From left to right", 0, 1, 0.01)
    focal_y = _slider("From top to bottom", 0, 1, 0.01)
    zoom = _slider("Zoom", 1, 4, 0.05)
    ai_label = forms.BooleanField(label="Show “Made with AI” on it", required=False)
    only_here = forms.BooleanField(label="Change this format only", required=False)

    # Of the page, not of the look: the format on screen, and the fields as they were when the page had them.
    format = forms.ChoiceField(choices=[(key, key) for key in FORMATS], widget=forms.HiddenInput)
    began_from = BeganFrom()

    def __init__(self, data: QueryDict | None = None, **options) -> None:
        self.is_choice = any(key.startswith(USE) for key in data or ())  # between two texts
        super().__init__(_as_chosen(data) if data and self.is_choice else data, **options)

    @classmethod
    def from_design(
        cls, design: Design, format_key: str, typed: Mapping[str, object] | None = None
    ) -> "LookForm":
        """What a format shows. typed: what is in some of the fields instead, for instance a mistake."""
        return cls(initial={**design.values(format_key), **(typed or {}), "format": format_key})

    @property
    def typed(self) -> dict[str, object]:
        """By the fields of `Design.values`, without those that have a mistake in them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in OF_THE_PAGE}

    @property
    def mistakes(self) -> dict[str, str]:
        """A sentence for each field that has one."""
        return {
            name: " ".join(map(str, errors))
            for name, errors in self.errors.items()
            if name not in OF_THE_PAGE
        }


def _as_chosen(data: QueryDict) -> QueryDict:
    """With what a button `use-FIELD` says in place of what is in the field: what somebody else wrote."""
    chosen = {key.removeprefix(USE): str(data[key]) for key in data if key.startswith(USE)}
    data = data.copy()
    for name, value in chosen.items():
        data[name] = value
    return data
