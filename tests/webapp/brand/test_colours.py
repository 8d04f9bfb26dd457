"""A logo's colours, their roles, their names, and whether they can be read."""

import pytest

from generation.compositor import Palette
from generation.compositor.colours import AA_TEXT, contrast
from generation.starter import understanding
from generation.starter.colours import NAMES
from tests.webapp import brand_samples
from webapp.brand import colours as brand_colours
from webapp.brand.colours import advice, nearest, of_logo, words
from webapp.campaigns import prompt


def taken(*colours: str, ground: str = "#00000000", form: str = "PNG") -> Palette:
    return of_logo(
        brand_samples.logo_of(brand_samples.picture((240, 80), colours, form=form, ground=ground)).png
    )


def alike(one: str, other: str) -> bool:
    apart = brand_colours.oklab(one) - brand_colours.oklab(other)
    return (apart**2).sum() ** 0.5 < 0.03


def test_the_first_colour_leads_and_the_other_stands_out():
    palette = taken(brand_samples.TEAL, brand_samples.TEAL, brand_samples.GOLD)
    assert (palette.primary, palette.accent) == (brand_samples.TEAL, brand_samples.GOLD)


def test_the_paper_of_a_photographed_logo_is_no_colour_of_it():
    palette = taken("#c8553d", ground="#ffffffff", form="JPEG")
    assert alike(palette.primary, "#c8553d")
    assert palette.surface != "#ffffff"


def test_a_cream_ground_becomes_the_surface():
    assert alike(taken("#6b3f22", "#d98e2b", ground="#fbf1e0").surface, "#fbf1e0")


def test_black_beside_a_colour_is_not_its_accent():
    palette = taken("#111111", "#e63946", "#111111")
    assert alike(palette.primary, "#e63946")
    assert alike(palette.accent, "#e63946")


@pytest.mark.parametrize("colours", [("#000000",), ("#ffffff",), ("#808080",), ("#000000", "#ffffff")])
def test_a_logo_without_colour_has_its_ink(colours):
    palette = taken(*colours)
    assert palette.primary == palette.accent
    assert contrast(palette.primary, palette.surface) > 3


@pytest.mark.parametrize(
    "colour",
    ["#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#ff00ff", "#f6f3a1", "#0b3d2e", "#fafafa"],
)
def test_the_text_can_always_be_read_on_the_surface(colour):
    palette = taken(colour, "#888888")
    assert contrast(palette.text, palette.surface) >= 7
    assert advice(palette) is None


def test_the_same_logo_always_has_the_same_colours():
    assert taken("#c8553d", "#588b8b", "#f28f3b") == taken("#c8553d", "#588b8b", "#f28f3b")


@pytest.mark.parametrize("text", ["#d8e8e6", "#999999", "#faf7f2"])
def test_text_that_cannot_be_read_is_said_and_a_better_colour_offered(text):
    palette = Palette(text=text)
    found = advice(palette)
    assert found.ratio < AA_TEXT
    assert contrast(found.better, palette.surface) >= AA_TEXT


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#0f766e", "teal"),
        ("#d4a017", "gold"),
        ("#14532d", "green"),
        ("#1d3557", "navy"),
        ("#e63946", "red"),
        ("#ff7f50", "coral"),
        ("#8ecae6", "sky blue"),
        ("#7a9e7e", "sage green"),
        ("#6b4226", "brown"),
        ("#800080", "purple"),
        ("#ff69b4", "pink"),
        ("#faf3e0", "cream"),
        ("#000000", "black"),
        ("#808080", "grey"),
        ("#ffffff", "white"),
    ],
)
def test_a_colour_has_the_name_that_people_give_it(colour, name):
    assert nearest(colour) == name


def test_a_palette_is_named_by_its_two_leading_colours():
    assert words(Palette(primary=brand_samples.TEAL, accent=brand_samples.GOLD)) == "teal and gold"
    assert words(Palette(primary=brand_samples.TEAL, accent="#0d6b64")) == "teal"


def test_the_starter_model_knows_every_colour_word_in_a_prompt():
    assert set(map(nearest, ("#0f766e", "#ffffff", "#123456"))) <= set(NAMES)
    for one in NAMES:
        for other in NAMES:
            composed = prompt.compose("a cup of coffee", colours=f"{one} and {other}")
            assert understanding.understood(composed).unknown == (), composed
