"""Names of exported files keep their letters and can be saved anywhere."""

import re
import unicodedata

import pytest

from generation.compositor import FORMATS
from webapp.http.file_names import MOST_BYTES, stem

UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]|[. ]$|^[. ]')


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Кофе и круассан", "Кофе-и-круассан"),
        ("Slow bread, early mornings", "Slow-bread-early-mornings"),
        ("קפה ומאפה", "קפה-ומאפה"),
        ("خبز طازج", "خبز-طازج"),
        ("新鲜面包", "新鲜面包"),
        ("ताज़ी रोटी", "ताज़ी-रोटी"),
        ("ขนมปังสด", "ขนมปังสด"),
        ("Cafe\u0301 a\u0300 la carte", "Café-à-la-carte"),
        ("Żółć & ğış", "Żółć-ğış"),
        ("20 % off: 3.50 €", "20-off-3-50"),
        ("../../etc/passwd", "etc-passwd"),
        ('A\\B|C?D*E"F<G>', "A-B-C-D-E-F-G"),
        ("one\x0btwo\x00three\u2028four", "one-two-three-four"),
        ("\u202egnp.exe\u2066", "gnp-exe"),
        ("می\u200cخواهم", "میخواهم"),
        ("trailing dots... ", "trailing-dots"),
        ("🍞🍞", "creative"),
        ("", "creative"),
        ("NUL", "NUL_"),
        ("con.", "con_"),
        ("Com1", "Com1_"),
        ("LPT²", "LPT²_"),
        ("Console", "Console"),
    ],
)
def test_a_name_keeps_its_letters_and_is_safe(words, name):
    made = stem(words, "creative")
    assert made == unicodedata.normalize("NFC", name)
    assert not UNSAFE.search(made)


@pytest.mark.parametrize("letter", ["Ж", "面", "กำ", "é", "𝔘", "a", "ẅ̈"])
def test_a_long_name_is_cut_between_letters(letter):
    made = stem(letter * 200, "creative")
    assert MOST_BYTES - 16 <= len(made.encode()) <= MOST_BYTES
    assert unicodedata.normalize("NFC", letter * 200).startswith(made)
    following = unicodedata.normalize("NFC", letter * 200)[len(made)]
    assert not unicodedata.category(following).startswith("M")


def test_a_gap_may_be_a_space():
    assert stem("Pumpkin  week: 1/2", "picture", gap=" ") == "Pumpkin week 1 2"


def test_no_two_files_of_a_set_can_have_one_name():
    """A file is named WORDS-FORMAT: the same words in two formats differ, and so do any words."""
    assert [
        a for a in FORMATS for b in FORMATS if a != b and f"-{a}".casefold().endswith(f"-{b}".casefold())
    ] == []
