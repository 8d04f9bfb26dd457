"""The words of German, French, Spanish and Italian name all that is in stock, and none of it twice."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from generation.starter import colours, reading, stock

HERE = Path(reading.__file__).parent
LANGUAGES = ("de", "fr", "es", "it")
WANTED: dict[str, set[str]] = {
    "things": set(stock.THINGS),
    "parts": set(stock.THINGS),
    "trades": set(stock.TRADES),
    "occasions": set(stock.OCCASIONS),
    "colours": set(colours.NAMES),
    "floors": set(stock.FLOORS),
    "walls": set(stock.WALLS) - {"none"},
    "stages": set(stock.STAGES) - {"none"},
    "decors": set(stock.DECORS) - {"none"},
    "scatters": set(stock.SCATTERS) - {"none"},
    "rooms": set(stock.ROOMS),
    "places": set(stock.ROOMS),
    "sides": set(stock.SIDES),
    "lights": set(stock.LIGHTS),
    "cameras": set(stock.CAMERAS),
    "feelings": set(stock.FEELINGS),
    "tones": set(stock.TONES),
    "patterns": set(stock.PATTERNS),
    "directions": {"vertical", "horizontal"},
}
GRAMMAR = {
    "articles", "and", "numbers", "negations", "in", "of", "on", "before", "with", "for", "people",
    "wall nouns", "floor nouns", "linking",
}  # fmt: skip
ALONE = ("flat", "multicolour", "text room")
SHARED = "parts"  # a lid is of a teapot and of a jar

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def words(language: str) -> dict:
    return json.loads((HERE / "words" / f"{language}.json").read_text(encoding="utf-8"))


def nouns(language: str) -> list[str]:
    return (HERE / "nouns" / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def expanded(text: str) -> Iterator[str]:
    """ "rot{,e}" as "rot" and "rote"."""
    match = re.search(r"\{([^{}]*)\}", text)
    if not match:
        yield text
        return
    for choice in match[1].split(","):
        yield from expanded(text[: match.start()] + choice + text[match.end() :])


def folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return " ".join(re.findall(r"\w+", "".join(letter for letter in letters if letter.isascii())))


def phrases(texts: list[str]) -> set[str]:
    return {folded(phrase) for text in texts for phrase in expanded(text)}


def test_it_has_phrases_for_all_that_is_in_stock(language: str) -> None:
    file = words(language)
    assert file.keys() - {"feelings alone"} == {*WANTED, *ALONE, "grammar"}
    for attribute, names in WANTED.items():
        assert file[attribute].keys() == names, attribute
        assert all(file[attribute].values()), attribute
    assert all(file[attribute] for attribute in ALONE)
    assert all(len(phrases(texts)) >= 8 for texts in file["rooms"].values())


def test_its_grammar_is_whole(language: str) -> None:
    grammar = words(language)["grammar"]
    assert grammar.keys() == GRAMMAR
    assert all(grammar.values())
    assert set(grammar["numbers"].values()) >= set(range(2, 13))


def test_no_phrase_means_two_things_of_one_kind(language: str) -> None:
    for attribute in WANTED.keys() - {SHARED}:
        known: dict[str, str] = {}
        for name, texts in words(language)[attribute].items():
            for phrase in phrases(texts):
                assert known.setdefault(phrase, name) == name, (attribute, phrase)


def test_phrases_have_words_and_no_braces_left(language: str) -> None:
    file = words(language)
    groups = [texts for attribute in WANTED for texts in file[attribute].values()]
    for texts in [*groups, *(file[attribute] for attribute in ALONE)]:
        for text in texts:
            for phrase in expanded(text):
                assert folded(phrase), text
                assert not set(phrase) & set("{},"), text


def test_its_nouns_are_many_and_none_is_in_stock(language: str) -> None:
    lines = nouns(language)
    assert len(lines) >= 400
    known = {
        phrase
        for attribute in WANTED.keys() - {SHARED}
        for texts in words(language)[attribute].values()
        for phrase in phrases(texts)
    }
    assert len({folded(line) for line in lines}) == len(lines)
    assert not known & {folded(line) for line in lines}
