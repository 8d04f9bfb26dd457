"""Ages of people under eighteen, in digits and in words."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .encoded import read
from .lexicon import Found, entry_of, expression

LISTS = Path(__file__).parent / "ages"
OF_AGE = 18
UNDER_AGE = "under_age"  # the class


def found_in(plain: str) -> Found:
    """plain: a reading."""
    ages = {age[0] for pattern in _patterns() for age in pattern.finditer(plain)}
    return {UNDER_AGE: ages} if ages else {}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """An age before its unit ("12 years old"), after it ("aged twelve"), and in one word."""
    number = "|".join((*map(str, range(1, OF_AGE)), *_number_words()))
    units = [line.strip() for line in read(LISTS / "units.txt")]
    before = "|".join(expression(entry_of(unit[1:])) for unit in units if unit.startswith("<"))
    after = "|".join(expression(entry_of(unit[1:])) for unit in units if unit.startswith(">"))
    single = "|".join(expression(word) for word in _words_under_age("words.txt"))
    return (
        re.compile(rf"(?<!\S)(?:{number}) (?:{after})(?!\S)"),
        re.compile(rf"(?<!\S)(?:{before}) (?:{number})(?!\S)"),
        re.compile(rf"(?<!\S)(?:{single})(?!\S)"),
    )


def _number_words() -> Iterator[str]:
    return (re.escape(word) for word in _words_under_age("numbers.txt"))


def _words_under_age(name: str) -> Iterator[str]:
    for line in read(LISTS / name):
        word, _, age = line.partition("=")
        if int(age) < OF_AGE:
            yield entry_of(word)
