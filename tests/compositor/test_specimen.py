"""A brand on one sheet."""

import xml.etree.ElementTree as ET
from typing import Literal

import pytest

from generation.compositor import PAIRINGS, Palette
from generation.compositor.specimen import Brand, specimen, specimen_of
from generation.compositor.uploaded_font import read
from tests.compositor.test_uploaded_font import built
from tests.webapp.brand_samples import picture

BRAND = {
    "palette": Palette(primary="#0f766e", accent="#d4a017"),
    "heading_family": "Fraunces",
    "text_family": "DM Sans",
}


def drawn(shape: Literal["board", "card"], **changes) -> str:
    svg = specimen(Brand(**{"name": "Corner Bakery", **BRAND, **changes}), shape).decode()
    ET.fromstring(svg)
    return svg


@pytest.mark.parametrize(("shape", "size"), [("board", "0 0 600 720"), ("card", "0 0 600 400")])
def test_a_sheet_shows_the_colours_and_the_logo(shape, size):
    svg = drawn(shape, logo_on_light=picture())
    assert f'viewBox="{size}"' in svg
    assert "#0f766e" in svg
    assert "#d4a017" in svg
    assert "data:image/png" in svg


def test_another_type_is_another_sheet():
    assert drawn("board") != drawn("board", heading_family="Anton")
    assert drawn("card") != drawn("card", text_family="Lora")


def test_a_brands_own_font_sets_it():
    own = read(built(letters="ABCabcorney k"))
    assert drawn("card", heading_family="Bread Sans", font_files=(own.data,)) != drawn(
        "card", heading_family="Gone"
    )


@pytest.mark.parametrize(
    "name", ["#panic()", "*x* $y$ @z <a>", "\u202eevil", "W" * 80, "مخبز الزاوية", "角落面包店"]
)
def test_any_name_is_only_words(name):
    drawn("board", name=name, voice=(name, "b", "c"), contact=name)


def test_a_dark_logo_is_not_drawn_on_a_dark_ground():
    black = picture(colours=("#111111",))
    dark = Palette(primary="#101010", surface="#181818", text="#f0f0f0")
    assert "data:image/png" not in drawn("card", palette=dark, logo_on_light=black)
    assert "data:image/png" in drawn(
        "card", palette=dark, logo_on_light=black, logo_on_dark=picture(colours=("#fff",))
    )


def test_every_pairing_shows_its_names():
    sheets = {specimen_of(pairing) for pairing in PAIRINGS}
    assert len(sheets) == len(PAIRINGS)
