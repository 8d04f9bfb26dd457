import itertools

import pytest

from generation.compositor import Palette
from generation.compositor.colours import (
    AA_PARTS,
    contrast,
    first_readable,
    grounds,
    luminance,
    mix,
    readable,
)

HUES = ("#000000", "#ffffff", "#808080", "#e4572e", "#ffd166", "#1f3a5f", "#00ff00", "#ff00ff", "#7a2e1d")
PALETTES = [
    Palette(primary=primary, accent=accent, surface=surface, text=text)
    for primary, accent, (surface, text) in itertools.product(
        HUES, HUES, (("#faf7f2", "#1c1b1a"), ("#101418", "#f2f2f2"), ("#808080", "#818181"))
    )
]


def test_contrast_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#ff0000") == pytest.approx(0.2126)


def test_whatever_the_palette_words_can_be_read_on_every_ground():
    for palette in PALETTES:
        for ground in grounds(palette).values():
            for role in ("text", "soft", "strong"):
                assert contrast(ground[role], ground["fill"]) >= 4.5, (palette, ground["name"], role)
            assert contrast(ground["button_text"], ground["button"]) >= 4.5, (palette, ground["name"])
            assert contrast(ground["button"], ground["fill"]) >= AA_PARTS, (palette, ground["name"])


def test_a_brands_own_colours_are_kept_where_they_can_be():
    made = grounds(Palette(primary="#1f3a5f", accent="#e4572e", surface="#faf7f2", text="#1c1b1a"))
    assert made["primary"]["fill"] == "#1f3a5f"
    assert made["surface"]["text"] == "#1c1b1a"
    assert made["surface"]["button"] == "#e4572e"
    assert made["primary"]["text"] == "#faf7f2"


def test_a_colour_moves_no_further_than_it_must():
    assert readable("#000000", "#ffffff") == "#000000"
    moved = readable("#e4572e", "#ffffff")
    assert 4.5 <= contrast(moved, "#ffffff") < 5.6
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "", "#1234567"])
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ValueError, match="accent"):
        Palette(accent=colour)


def test_a_colour_that_can_only_just_be_read_is_passed_over():
    barely, fine = "#767676", "#000000"
    assert 4.5 < contrast(barely, "#ffffff") < 4.6
    assert first_readable([barely, fine], "#ffffff") == fine
