"""Prices are read from left to right and stand on one line, whatever language they are among."""

import pytest

from generation.compositor import FORMATS, LAYOUTS, AdCopy, render
from generation.compositor.amounts import ISOLATE, JOIN, NO_BREAK, RELEASE, kept_whole, price_parts

from .reading import letters_in, read
from .specimens import creative

BARE = {"picture": None, "logo_on_light": None, "logo_on_dark": None}


def shown(text: str) -> str:
    names: dict[str, str | int] = {NO_BREAK: "_", JOIN: "+", ISOLATE: "<", RELEASE: ">"}
    return text.translate(str.maketrans(names))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("from 1 250,00 €", "from 1_250,00_€"),
        ("1\u202f250,00\u00a0€", "1\u202f250,00_€"),
        ("CHF 12.50 each", "CHF_12.50 each"),
        ("R$ 10,00", "R$_10,00"),
        ("from Rs. 500", "from Rs._500"),
        ("12 kr. or 12 zł", "12_kr. or 12_zł"),
        ('19.90 ש"ח', '19.90_ש"ח'),
        ("٤٫٩٠ د.إ", "٤٫٩٠_د.إ"),
        ("12,- €", "12,-+_€"),
        ("5 – 10 €", "5_–+_10_€"),
        ("4,90 € / kg or €4.90/kg", "4,90_€_/_kg or €4.90/+kg"),
        ("1980円", "1980+円"),
        ("- 50 % today", "-+_50_% today"),
        ("12/10/2025, 9-5, 24/7", "12/10/2025, 9-5, 24/7"),
        ("100 people in 3 rooms", "100 people in 3 rooms"),
    ],
)
def test_an_amount_is_kept_together(typed, kept):
    assert shown(kept_whole(typed)) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19.90 ₪", "<19.90>_₪"),
        ("החל מ-₪19.90", "החל מ-+<₪19.90>"),
        ("خصم -50%", "خصم <-50%>"),
        ("050-123-4567", "<050-123-4567>"),
        ("9-5", "9-5"),
    ],
)
def test_among_words_from_right_to_left_an_amount_is_set_apart(typed, kept):
    assert shown(kept_whole(typed, rtl=True)) == kept


@pytest.mark.parametrize(
    ("price", "parts"),
    [
        ("€4.90", ("", "€", "4", "90", "", "")),
        ("4,90 €", ("", "", "4", "90", "", "€")),
        ("4,90€", ("", "", "4", "90", "€", "")),
        ("from £12.50", ("from", "£", "12", "50", "", "")),
        ("19.90 ₪", ("", "", "19", "90", "", "₪")),
        ("\u200f19.90 \u200f₪", ("", "", "19", "90", "", "₪")),
        ("€5", None),
        ("٤٫٩٠", None),
        ("1,234.90", None),
    ],
)
def test_a_prices_cents_are_told(price, parts):
    found = price_parts(price)
    assert (tuple(found.values())[:6] if found else None) == parts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_price_among_words_from_right_to_left_is_read_from_left_to_right(layout):
    """The currency stands where the order of writing puts it: behind the digits, which is on their left."""
    key = list(FORMATS)[3 * list(LAYOUTS).index(layout) % len(FORMATS)]
    for headline, price, right in (
        ("קפה ומאפה", "19.90 ₪", "₪1990"),
        ("קפה", "החל מ-₪19.90", "₪1990"),
        ("خبز", "19.90 د.إ", "1990"),
        ("خبز", "٤٫٩٠ د.إ", "٤٫٩٠"),
    ):
        rendering = render(creative(layout, key, AdCopy(headline=headline, price=price), **BARE), "svg")
        if any(warning.field == "price" for warning in rendering.warnings):
            continue  # there was no room for it, and that is said
        letters = sorted(letters_in(rendering, "price", "0129₪٤٫٩٠"), key=lambda one: one.x)
        assert "".join(one.letter for one in letters).replace("?", "") == right, (key, price)


@pytest.mark.parametrize("field", ["headline", "offer", "details", "button", "price", "date", "contact"])
def test_digits_in_every_field_of_a_page_from_right_to_left_keep_their_order(field):
    for text, right in (
        ("קפה -50%", "-50%"),
        ("خبز 050-123-4567", "050-123-4567"),
        ("خبز 1'250.00", "1'250.00"),
    ):
        words = {"headline": "خبز", field: text}
        lines = read(creative("split", "instagram-square", AdCopy(**words), **BARE), field, "0123456789-%'.")
        assert right in "".join(lines)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("price", ["1\u202f250,00\u00a0€", "1 250,00 €", "CHF 1 250.–", "1 980 € / kg"])
def test_a_price_stands_on_one_line(layout, price):
    key = list(FORMATS)[5 * list(LAYOUTS).index(layout) % len(FORMATS)]
    specimen = creative(layout, key, AdCopy(headline="Canapé", price=price), **BARE)
    if not any(warning.field == "price" for warning in render(specimen, "svg").warnings):
        [line] = read(specimen, "price", "012589,.€CHF–/kg")
        assert line == price.translate(dict.fromkeys(map(ord, " \u202f\u00a0")))


def test_a_price_in_other_words_stands_on_one_line():
    for field in ("headline", "offer", "details"):
        words = {"headline": "Lit", field: "Canapé en velours, maintenant à partir de 1 250,00 €"}
        lines = read(creative("split", "display-skyscraper", AdCopy(**words), **BARE), field, "0125,€")
        assert any("1250,00€" in line for line in lines), field
