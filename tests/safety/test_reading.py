"""Whatever hides a word, the word is among the readings; a text that hides nothing keeps its words."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from generation.safety.lexicon import edges_of
from generation.safety.reading import MOST_READ, Readings, readings


def every_word(reads: Readings) -> set[str]:
    """Those of all readings, and what parts of words that stand side by side are together."""
    every = {form for reading in reads.every for forms in reading.words for form in forms}
    joined = {word for reading in reads.every for edges in edges_of(reading) for word, _ in edges}
    return {*every, *joined, *reads.runs}


@pytest.mark.parametrize(
    "hidden",
    [
        "PUMPKIN",
        "pump\u200bkin",  # a space without width
        "pu\u00admp\u00adkin",  # soft hyphens
        "\u202epumpkin\u202c",  # turned round
        "ｐｕｍｐｋｉｎ",
        "𝓹𝓾𝓶𝓹𝓴𝓲𝓷",
        "ⓟⓤⓜⓟⓚⓘⓝ",
        "🅿🆄🅼🅿🅺🅸🅽",
        "🇵🇺🇲🇵🇰🇮🇳",
        "рumркіn",  # Cyrillic among Latin
        "ρυmρκιη",  # Greek
        "p̶u̶m̶p̶k̶i̶n̶",
        "púmpkïn",
        "pumpkın",
        "p u m p k i n",
        "p.u.m.p.k.i.n",
        "p-u-m-p-k-i-n",
        "p🍓u🍓m🍓p🍓k🍓i🍓n",
        "pumpk1n",
        "pumpk!n",
        "p u m p k 1 n",
        "puuuumpkin",
        "pumpkiiiiin",
        "nikpmup",
        "the#PumpkinDay",
        b64encode(b"a pumpkin for you").decode(),
        b64encode(b64encode(b"a pumpkin for you")).decode(),
        b"a pumpkin".hex(),
        quote("a p\u00fampkin"),
        "&#112;umpkin",
        r"\u0070umpkin",
        r"\x70umpkin",
        "U+0070 U+0075 U+006D U+0070 U+006B U+0069 U+006E",
        "chzcxva",  # every letter thirteen places on
        ".--. ..- -- .--. -.- .. -.",
        "01110000 01110101 01101101 01110000 01101011 01101001 01101110",
        "112 117 109 112 107 105 110",
        "uıʞdɯnd",
        "pump<b>k</b>in",
        "<p><u><m><p><k><i><n>",
        "\u202enikpmup\u202c",  # what is seen of it
        "\u202enikpmup gib\u202c",
        "pum- pk- in on bro- wn wo- od",
        "ppuummppkkiinn",
        "p\U000e0061umpkin",  # a letter of a flag, unseen
    ],
)
def test_a_hidden_word_is_read(hidden: str) -> None:
    assert "pumpkin" in every_word(readings(f"a picture of {hidden} on wood"))


@pytest.mark.parametrize(
    ("hidden", "seen"), [("p*mpk*n", "p?mpk?n"), ("pu##kin", "pu??kin"), ("p_mpk_n", "p?mpk?n")]
)
def test_a_masked_letter_is_any_letter(hidden: str, seen: str) -> None:
    assert seen in every_word(readings(f"a picture of {hidden} on wood"))


def test_a_stop_is_known_where_one_part_ends() -> None:
    assert readings("a red cup, made of wood. New").plain.stops == {3, 6}


@pytest.mark.parametrize("text", ["pump-kin", "pum'pkin", 'pump"kin'])
def test_parts_of_one_word_are_known(text: str) -> None:
    assert readings(f"one {text}").plain.joined == {2}


def test_two_words_that_are_spelt_are_read_as_two_and_as_one() -> None:
    assert {"big", "pumpkin"} <= every_word(readings("b i g  p u m p k i n"))
    assert any("bigpumpkin" in run for run in readings("b i g p u m p k i n").runs)


def test_a_plain_text_is_read_as_it_stands() -> None:
    reads = readings("Zwei ROTE Tassen, 20 % auf alles – bis Sonntag!")
    assert str(reads.plain) == "zwei rote tassen 20 auf alles bis sonntag"
    assert all(reading.strict for reading in reads.others)
    assert reads.runs == ()


def test_a_number_stands_apart_from_its_unit() -> None:
    assert str(readings("12yo whisky").plain) == "12 yo whisky"


def test_arabic_is_read_without_its_vowels() -> None:
    assert str(readings("قَرْعٌ كَبِيـــر").plain) == "قرع كبير"


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "=" * 50, "\ud83d", "\u200b" * 9, "🎃"])
def test_there_is_always_a_reading(text: str) -> None:
    assert isinstance(str(readings(text).plain), str)


def test_no_more_is_read_than_any_field_takes() -> None:
    assert len(str(readings("pumpkin " * MOST_READ).plain)) <= MOST_READ
