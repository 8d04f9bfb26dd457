"""The words of Arabic, Polish and Portuguese: for every name of the stock, no phrase for two of a kind."""

import itertools
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generation.starter import colours, reading, stock

HERE = Path(reading.__file__).parent
GROUPS = {
    "things": stock.THINGS,
    "trades": stock.TRADES,
    "occasions": stock.OCCASIONS,
    "colours": colours.NAMES,
    "floors": stock.FLOORS,
    "walls": stock.WALLS[1:],
    "stages": stock.STAGES[1:],
    "decors": stock.DECORS[1:],
    "scatters": stock.SCATTERS[1:],
    "rooms": stock.ROOMS,
    "places": stock.ROOMS,
    "sides": stock.SIDES,
    "lights": stock.LIGHTS,
    "cameras": stock.CAMERAS,
    "feelings": stock.FEELINGS,
    "tones": stock.TONES,
    "patterns": stock.PATTERNS,
    "directions": ("vertical", "horizontal"),
}
GRAMMAR = (
    "articles", "and", "numbers", "negations", "in", "of", "on", "before", "with", "for", "wall nouns",
    "floor nouns", "linking", "people",
)  # fmt: skip
LETTERS = str.maketrans({"ł": "l", "ة": "ه", "ى": "ي", "ـ": None})

pytestmark = pytest.mark.parametrize("language", ["ar", "pl", "pt"])


def _words(language: str) -> dict[str, Any]:
    return json.loads((HERE / "words" / f"{language}.json").read_text(encoding="utf-8"))


def _nouns(language: str) -> list[str]:
    return (HERE / "nouns" / f"{language}.txt").read_text(encoding="utf-8").splitlines()


@cache
def _expanded(phrase: str) -> set[str]:
    pieces = re.split(r"[{}]", phrase)
    choices = [piece.split(",") if at % 2 else [piece] for at, piece in enumerate(pieces)]
    return {_folded("".join(chosen)) for chosen in itertools.product(*choices)}


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(LETTERS)
    return " ".join(re.findall(r"[^\W_]+", bare))


def _phrases(group: dict[str, list[str]] | list[str]) -> dict[str, set[str]]:
    """Phrase, expanded and folded: the values that it stands for."""
    found: dict[str, set[str]] = {}
    for value, phrases in (group if isinstance(group, dict) else {"": group}).items():
        for phrase in phrases:
            for one in _expanded(phrase):
                found.setdefault(one, set()).add(value)
    return found


def test_every_name_of_the_stock_has_phrases_and_nothing_else_has(language: str) -> None:
    words = _words(language)
    assert set(words) == {*GROUPS, "parts", "flat", "multicolour", "text room", "feelings alone", "grammar"}
    for group, names in GROUPS.items():
        assert set(words[group]) == set(names), group
        assert all(words[group].values()), group
    assert set(words["parts"]) <= set(stock.THINGS)
    assert set(words["grammar"]) == set(GRAMMAR)
    assert words["flat"]
    assert words["multicolour"]
    assert all(words["grammar"].values())


def test_braces_are_closed_and_not_nested(language: str) -> None:
    words = _words(language)
    groups = [words[name] for name in (*GROUPS, "flat", "multicolour")]
    lists = [
        phrases for group in groups for phrases in (group.values() if isinstance(group, dict) else [group])
    ]
    for phrase in [*itertools.chain(*lists), *_nouns(language)]:
        assert re.fullmatch(r"([^{}]|\{[^{}]*\})*", phrase), phrase
        assert "" not in _expanded(phrase), phrase


def test_a_phrase_stands_for_one_value_of_a_group(language: str) -> None:
    for group in GROUPS:
        twice = {phrase for phrase, of in _phrases(_words(language)[group]).items() if len(of) > 1}
        assert not twice, group


def test_text_finds_room_in_at_least_eight_ways(language: str) -> None:
    for phrases in _words(language)["rooms"].values():
        assert len({one for phrase in phrases for one in _expanded(phrase)}) >= 8


def test_numbers_are_whole_and_up_to_twelve(language: str) -> None:
    numbers = _words(language)["grammar"]["numbers"]
    assert all(1 <= number <= 12 for number in numbers.values())
    assert set(numbers.values()) >= set(range(2, 13))


def test_nouns_are_many_and_none_is_in_stock(language: str) -> None:
    words, nouns = _words(language), _nouns(language)
    assert len(nouns) >= 400
    assert len(set(nouns)) == len(nouns)
    known = {one for name in (*GROUPS, "flat", "multicolour") for one in _phrases(words[name])}
    assert not known & {one for noun in nouns for one in _expanded(noun)}
