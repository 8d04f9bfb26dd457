"""Which words a brand's list finds in a text."""

import pytest

from webapp.brand.banned_words import found, is_word


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        ("A cheap loaf", "cheap"),
        ("CHEAP!", "cheap"),
        ("a cheap-looking loaf", "cheap"),
        ("“Cheap”", "CHEAP"),
        ("un café crème", "cafe"),
        ("un cafe creme", "Café"),
        ("die STRASSE", "Straße"),
        ("a ｃｈｅａｐ loaf", "cheap"),  # full width
        ("a che\u200bap loaf", "cheap"),  # a blank without width inside
        ("a che\u00adap loaf", "cheap"),  # a soft hyphen
        ("che\u0301ap", "cheap"),
        ("the best\n  ever, really", "best ever"),
        ("don’t miss it", "don't"),
        ("ИСТАНБУЛ ждёт", "ждет"),
        ("全城最好的面包", "最好"),
        ("รสชาติดีที่สุด", "ที่สุด"),
        ("under_cheap_ground", "cheap"),
        ("3for2 today", "3for2"),
    ],
)
def test_a_word_is_found_whatever_its_case_and_accents(text, banned):
    assert found(text, [banned]) == [banned]


@pytest.mark.parametrize(
    ("text", "banned"),
    [
        ("the cheapest loaf", "cheap"),
        ("a peach", "each"),
        ("best of all, ever", "best ever"),
        ("", "cheap"),
        ("cheap", ""),
        ("!!!", "!!!"),
        ("की", "का"),
    ],
)
def test_only_whole_words_are_found(text, banned):
    assert found(text, [banned]) == []


def test_all_of_them_are_named_as_the_brand_spells_them():
    assert found("CHEAP and naff", ["Naff", "posh", "cheap"]) == ["Naff", "cheap"]


def test_what_has_no_letter_and_no_digit_is_no_word():
    assert not any(map(is_word, ("", " ", "!!!", "🔥", "\u200b")))
    assert all(map(is_word, ("a", "7", "最")))
