"""A name is one line of text that looks like what it is."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts import names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Corner   Bakery ", "Corner Bakery"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u05de\u05d0\u05e4\u05d9\u05d9\u05d4", "\u05de\u05d0\u05e4\u05d9\u05d9\u05d4"),
        ("\U0001f469\u200d\U0001f373 Anna's", "\U0001f469\u200d\U0001f373 Anna's"),
        ("<b>Bold</b>", "<b>Bold</b>"),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed, kept):
    assert names.clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "\u200d",
        "a\nb",
        "a\tb",
        "nul\x00",
        "\x1b[31mred",
        "\u202eevil",
        "a\u200bb",
        "\ud800",
        "x" * 81,
    ],
)
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(ValidationError):
        names.clean(typed)


def test_a_form_field_cleans_and_caps_in_the_browser_too():
    field = names.NameField()
    assert field.clean("  Spring  fair ") == "Spring fair"
    assert field.widget.attrs["maxlength"] == "80"
    with pytest.raises(ValidationError):
        field.clean("a\u2028b")
    assert names.NameField(required=False).clean("") == ""
    assert isinstance(field, forms.CharField)
