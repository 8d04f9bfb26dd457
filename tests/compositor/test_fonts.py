from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from generation.compositor import FAMILIES, PAIRINGS, AdCopy, render
from generation.compositor.fonts import FALLBACKS, TYPEFACES, FontSet, opened, typeface

from .specimens import creative

EUROPE = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİıĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŤŪŮŰŲŸŹŻŽșț€£§%–—‘’“”„«»…·×"
NOTICES = (Path(__file__).resolve().parents[2] / "THIRD_PARTY_NOTICES.md").read_text()
MOST_BYTES = 10_000_000


def test_there_are_twelve_families_and_they_weigh_little():
    assert len(FAMILIES) >= 12
    assert sum(path.stat().st_size for path in TYPEFACES.rglob("*.ttf")) <= MOST_BYTES


def test_what_the_list_says_is_what_the_folder_holds():
    held: dict[str, set[int]] = {}
    for font in opened(FontSet()).fonts():
        held.setdefault(font.family, set()).add(font.weight)
    assert set(held) == set(FAMILIES) | set(FALLBACKS)
    for name, weights in FAMILIES.items():
        assert held[name] == set(weights)


def test_every_typeface_has_its_licence_and_is_named_in_the_notices():
    folders = [path for path in TYPEFACES.iterdir() if path.is_dir()]
    for folder in folders:
        assert "SIL Open Font License" in (folder / "OFL.txt").read_text(), folder.name
        assert f"generation/compositor/typefaces/{folder.name}/OFL.txt" in NOTICES


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_writes_the_languages_of_europe(name):
    paths = [Path(font.path) for font in opened(FontSet()).fonts() if font.family == name]
    for path in paths:
        missing = set(EUROPE) - set(map(chr, TTFont(path).getBestCmap()))
        assert not missing, (path.name, missing)


def test_pairings_are_of_bundled_families():
    assert len(PAIRINGS) >= 12
    for pairing in PAIRINGS:
        assert {pairing.heading, pairing.text} <= FAMILIES.keys()


def test_a_family_that_lacks_a_letter_gets_help():
    assert typeface("Anton", "Brot", FontSet()).missing == ""
    assert typeface("Anton", "Хлеб خبز לחם 🍞", FontSet()) == typeface("Anton", "Brot", FontSet())


def test_a_brands_own_font_is_drawn_with():
    own = (TYPEFACES / "anton/Anton_400Regular.ttf").read_bytes()
    rendering = render(
        creative(
            "minimal", "display-rectangle", AdCopy(headline="Own"), heading_family="Anton", font_files=(own,)
        ),
        "svg",
    )
    assert not rendering.warnings


def test_a_family_that_is_not_there_is_replaced_and_the_words_still_stand():
    rendering = render(
        creative("minimal", "display-rectangle", AdCopy(headline="Own"), heading_family="Nowhere"), "svg"
    )
    assert [box.field for box in rendering.boxes if box.field == "headline"]
