"""One look of a creative: its words, its layout, and what of the picture shows."""

from django import forms

from generation.compositor import FORMATS, LAYOUTS, Copy
from webapp.design import WORDS, Design, Look

LONGEST = {"headline": 2000, "offer": 500, "details": 2000}
LONG = 200  # characters of any other field
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
    too_long = {"max_length": "That is %(show_value)d characters; %(limit_value)d are the most."}
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=widget, error_messages=too_long
    )


class LookForm(forms.Form):
    headline = _words("Headline", example="Pumpkin week", rows=2, longest=LONGEST["headline"])
    offer = _words("Offer", example="Two for the price of one", longest=LONGEST["offer"])
    details = _words("Details", example="Fresh from the oven, all week", rows=2, longest=LONGEST["details"])
    price = _words("Price", example="3.50 €")
    date = _words("Date", example="12 to 18 October")
    button = _words("Button", example="Order now")
    contact = _words("Contact line", example="12 Mill Lane · cornerbakery.example")
    qr = forms.URLField(
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

    # Of the page, not of the look.
    format = forms.ChoiceField(choices=[(key, key) for key in FORMATS], widget=forms.HiddenInput)
    based_on = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # A browser would cut a pasted text short without a word.
        for one in self.fields.values():
            one.widget.attrs.pop("maxlength", None)

    @classmethod
    def of(cls, design: Design, format_key: str, based_on: int) -> "LookForm":
        return cls(initial=values_of(design, format_key) | {"based_on": based_on})

    @property
    def look(self) -> Look:
        """What was typed; a field with a mistake in it counts as empty."""
        data = self.cleaned_data
        return Look(
            copy=Copy(**{name: data.get(name, "") for name in WORDS}),
            layout=data.get("layout") or Look().layout,
            focal_point=(data.get("focal_x", 0.5), data.get("focal_y", 0.5)),
            zoom=data.get("zoom", 1.0),
            ai_label=data.get("ai_label", False),
        )


def values_of(design: Design, format_key: str) -> dict[str, object]:
    look = design.look_of(format_key)
    return {
        **{name: getattr(look.copy, name) for name in WORDS},
        "layout": look.layout,
        "focal_x": look.focal_point[0],
        "focal_y": look.focal_point[1],
        "zoom": look.zoom,
        "ai_label": look.ai_label,
        "only_here": format_key in design.tuned,
        "format": format_key,
    }
