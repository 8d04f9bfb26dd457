"""A stored file lives as long as some row names it, whichever application the row is of."""

import os

import pytest

from generation import orphans, storage
from generation.compositor import uploaded_font
from webapp import brand_kits, logo

from . import brand, stage


@pytest.fixture
def aged(media):
    """Every file there is looks a day old to the sweep."""

    def aged() -> list[str]:
        files = [file for file in media.rglob("*") if file.is_file()]
        for file in files:
            os.utime(file, (0, 0))
        return sorted(file.relative_to(media).as_posix() for file in files)

    return aged


def test_pictures_logos_and_fonts_are_spared_and_nothing_else(people, media, aged):
    picture = stage.picture(people.campaign, people.bob)
    kit = brand.kit(people.bakery, people.bob, logo_on_dark=logo.read(brand.picture(colours=("#ffffff",))))
    kit = brand_kits.change(kit, {}, by=people.bob, added_font=uploaded_font.read(brand.FONT))
    named = {picture.file, picture.thumbnail, kit.logo_on_light, kit.logo_on_dark, kit.fonts.get().file}
    forgotten = storage.store(people.bakery.pk, b"forgotten", "png").path
    assert set(aged()) == named | {forgotten}

    assert orphans.remove() == 1
    assert set(aged()) == named


def test_a_logo_that_was_taken_away_goes_with_the_sweep(people, media, aged):
    kit = brand.kit(people.bakery, people.bob)
    brand_kits.change(kit, {"logo_on_light": None}, by=people.bob)
    assert len(aged()) == 1
    assert orphans.remove() == 1
    assert aged() == []
