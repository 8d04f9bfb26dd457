import pytest

from generation.compositor import AdCopy, render
from generation.compositor.copytext import (
    bound,
    breakable,
    clean,
    is_right_to_left,
    longest_parts,
    rows,
    script,
)
from generation.compositor.fonts import TYPEFACES
from generation.compositor.rendering import PageRender

from .measures import ink, overflows
from .reading import read
from .specimens import SHORT, creative

FAULTS = {"does_not_fit", "left_out", "no_glyphs", "soft"}


def _headline(text: str, format: str = "instagram-square", **more: object):
    return render(creative("minimal", format, AdCopy(headline=text), **more), "png")


def _faults(rendering) -> set[tuple[str, str]]:
    return {(warning.fault, warning.field) for warning in rendering.warnings}


@pytest.mark.parametrize(
    "text", ["#panic()", "$x^2$ *bold*", "`raw` _it_", "= Title", "@label <b> // gone", '"#(1+1)"']
)
def test_what_would_be_typst_prints_as_it_was_typed(text):
    rendering = _headline(text)
    [box] = [box for box in rendering.boxes if box.field == "headline"]
    assert box.width == pytest.approx(_width(text) * box.size, rel=0.06)


def _width(text: str) -> float:
    """The width of text in the heading font of the specimens, for type of size 1."""
    from fontTools.ttLib import TTFont

    font = TTFont(TYPEFACES / "bricolage-grotesque/BricolageGrotesque_800ExtraBold.ttf")
    letters, advances = font.getBestCmap(), font["hmtx"]
    tracking = -0.018 * len(text)
    return sum(advances[letters[ord(letter)]][0] for letter in text) / font["head"].unitsPerEm + tracking


def test_a_headline_of_2000_letters_says_that_it_does_not_fit_and_overflows_nothing():
    specimen = creative("full_bleed", "display-leaderboard", AdCopy(headline="Bread and butter. " * 111))
    rendering = render(specimen, "png")
    [warning] = [warning for warning in rendering.warnings if warning.fault == "does_not_fit"]
    assert warning.field == "headline"
    assert "of its 1997 letters are shown" in warning.text
    assert overflows(specimen, rendering) == []


def test_a_word_wider_than_its_column_is_broken_not_cut():
    specimen = creative(
        "split", "display-skyscraper", AdCopy(headline="Donaudampfschifffahrtsgesellschaft" * 3)
    )
    rendering = render(specimen, "png")
    assert overflows(specimen, rendering) == []
    assert ink(specimen, rendering).any()


def test_type_never_falls_below_the_formats_smallest():
    long = AdCopy(headline="Rye and spelt " * 12, details="By hand. " * 40, button="Order", price="€4")
    for key, smallest in (("instagram-square", 24), ("display-rectangle", 10)):
        sizes = [
            box.size for box in render(creative("framed", key, long), "svg").boxes if box.field != "logo"
        ]
        assert min(sizes) >= smallest


def test_what_has_no_room_is_named():
    assert ("left_out", "details") in _faults(render(creative("split", "display-mobile", SHORT), "svg"))


def test_chinese_without_a_font_is_named_and_not_drawn_as_boxes(monkeypatch):
    monkeypatch.setattr("generation.compositor.fonts._helper", lambda missing: ((), set()))
    specimen = creative("minimal", "instagram-square", AdCopy(headline="Bread 面包"))
    rendering = render(specimen, "svg")
    [warning] = rendering.warnings
    assert warning.fault == "no_glyphs"
    assert "Chinese or Japanese letters 包面 of the headline" in warning.text
    assert PageRender(specimen).layout_data.drawn["headline"] == "Bread"


@pytest.mark.parametrize(
    "text", ["خبز طازج", "לחם טרי", "Свежий хлеб", "Φρέσκο ψωμί", "Bread 🍞 ❤️ 👩‍🍳", "Żółć ğış Ţ"]
)
def test_what_the_bundled_fonts_can_draw_they_draw(text):
    rendering = _headline(text)
    assert _faults(rendering) == set()
    assert any(box.field == "headline" and box.width > 0 for box in rendering.boxes)


def test_a_price_in_another_alphabet_is_a_price():
    rendering = render(
        creative("price_badge", "instagram-square", AdCopy(headline="خبز", price="٤٫٩٠ د.إ")), "svg"
    )
    assert _faults(rendering) == set()


def test_control_characters_and_overrides_of_direction_are_gone():
    assert clean("Bread\u202e evil\u2066") == "Bread evil"
    assert clean("a\r\nb\tc  d \n\n\n\n e") == "a\nb c d\n\ne"
    assert clean("e\u0301") == "é"
    assert clean("\ud800half") == "half"
    assert (
        clean("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )


def test_direction_and_script_are_those_of_the_letters():
    assert is_right_to_left("12 خبز")
    assert not is_right_to_left("Bread خبز")
    assert not is_right_to_left("123")
    assert [script(text) for text in ("Brot", "Хлеб", "خبز", "לחם", "面包", "パン", "빵")] == [
        "latin",
        "latin",
        "arabic",
        "hebrew",
        "cjk",
        "cjk",
        "cjk",
    ]


def test_a_line_can_break_at_spaces_after_hyphens_and_between_chinese_letters():
    assert longest_parts("well-known bread") == ["well-", "known", "bread"]
    assert longest_parts("新鲜面包") == ["新", "鲜", "面", "包"]
    assert longest_parts("4,90\u00a0€\u00a0/\u00a0kg or 12\u206010日 9-5") == [
        "4,90\u00a0€\u00a0/\u00a0kg",
        "12\u206010",
        "9-5",
        "or",
    ]
    assert breakable("abc d") == "a\u200bb\u200bc d"


@pytest.mark.parametrize(
    "end", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r", "\r\n"]
)
def test_whatever_ends_a_line_in_pasted_words_ends_one(end):
    assert clean(f"ADDRESS LINE ONE{end}ADDRESS LINE TWO") == "ADDRESS LINE ONE\nADDRESS LINE TWO"


@pytest.mark.parametrize("code", [*range(1, 9), *range(14, 28), 31, *range(0x7F, 0x85), *range(0x86, 0xA0)])
def test_no_control_character_glues_the_words_beside_it(code):
    assert clean(f"ONE{chr(code)}TWO") == "ONE TWO"


@pytest.mark.parametrize("layout", ["editorial", "sale", "menu"])
def test_pasted_lines_are_drawn_as_lines(layout):
    specimen = creative(layout, "instagram-portrait", AdCopy(headline="ADRES ONE\vADRES TWO"))
    lines = read(specimen, "headline", "ADRESONTW")
    assert "".join(lines) == "ADRESONEADRESTWO"
    assert [line for line in lines if "ONEA" in line] == []


def test_spaces_that_do_not_break_and_marks_of_direction_are_kept():
    assert clean("1\u202f250,00\u00a0€") == "1\u202f250,00\u00a0€"
    assert clean("a\u00a0\u00a0b c\u2003 d \u00a0e") == "a\u00a0b c d e"
    assert clean("well\u2060known \u200f19.90\u200b") == "well\u2060known \u200f19.90\u200b"


def test_what_no_font_can_draw_leaves_a_space(monkeypatch):
    monkeypatch.setattr("generation.compositor.fonts._helper", lambda missing: ((), set()))
    specimen = creative("minimal", "instagram-square", AdCopy(headline="Sale", date="12月10日"))
    assert PageRender(specimen).layout_data.drawn["date"] == "12 10"


def test_numbers_keep_their_units_and_last_words_their_neighbours():
    assert bound("30 % off") == "30\u00a0% off"
    assert bound("at 7 pm, 12 people") == "at 7\u00a0pm, 12 people"
    assert bound("from the oven on the counter by seven.").endswith(
        "counter by seven.".replace(" seven", " seven")
    )
    assert bound("one two three four five six").endswith("five\u00a0six")


def test_a_menus_lines_are_told_from_their_prices():
    assert rows("Soup 4.20\nPie with peas … £7.90\nAsk us") == [
        {"label": "Soup", "price": "4.20"},
        {"label": "Pie with peas", "price": "£7.90"},
        {"label": "Ask us", "price": ""},
    ]
    assert rows("Sofa 1 250,00 €") == [{"label": "Sofa", "price": "1\u00a0250,00\u00a0€"}]
    assert rows("قهوة ٤٫٩٠") == [{"label": "قهوة", "price": "٤٫٩٠"}]


@pytest.mark.parametrize(
    "line",
    [
        *("Mo–Fr 9–18 Uhr", "Di–So 11–22 Uhr", "Mon-Fri 9-5", "Fr 9–18", "Fr. 9.00–18.00", "Mo–Fr 9:00"),
        *("Mo–Sa 9.00–18.30", "Sa 10.00 bis 18.00", "Doors 7.30 pm", "um 19.30", "10 am – 6 pm"),
        *("Tel. 030 123 456", "Tel. 01.23.45.67", "+49 30 123 456", "Page 2 of 3", "Since 1998"),
        *("Closed 24.12.", "Closed 24.12.25", "Milk 0.50 l", "Run 5 km", "Rug 5 ft", "Fat 12.50 %"),
        *("Blue pen 2", "Try 2", "Steak ............ ask us", "5 €"),
    ],
)
def test_hours_telephones_and_measures_are_no_prices(line):
    [row] = rows(line)
    assert row["price"] == ""
    assert row["label"] == bound(line)


@pytest.mark.parametrize(
    ("label", "between", "price"),
    [
        ("Beer 0.5 l", " ", "4,20 €"),
        ("Cola 0,33", " ", "2,50 €"),
        ("Beer 0,3/0,5", " ", "3,20/4,20 €"),
        ("Menu 1", " – ", "12,50 €"),
        ("Kaffee – Kuchen", ": ", "CHF 5.50"),
        ("Soup", " - ", "4.20"),
        ("Steak", " ........ ", "£12"),
        ("Steak", " ........ ", "12"),
        ("Soup", " … ", "5"),
        ("Nuts", " ", "5 – 10 €"),
        ("Nuts", " ", "£4.50–5.50"),
        ("Cheese", " ", "€2.90/100 g"),
        ("Schnitzel", " … ", "12,50 € A,C"),
        ("Rösti", " ", "Fr. 12.–"),
        ("Curry", " ", "Rs. 500"),
        ("Kaffe", " ", "45 kr."),
        ("Tea", " ", "4 chf"),
        ("Ramen", " ", "1980円"),
        ("TV", " ", "1'250.00"),
        ("Fish", " ", "4.20*"),
        ("חומוס", " ", "\u200f19.90 ₪"),
    ],
)
def test_a_price_has_a_currency_or_cents(label, between, price):
    assert rows(label + between + price) == [{"label": bound(label), "price": bound(price)}]
