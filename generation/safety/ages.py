"""Ages of people under eighteen, in digits and in words."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .encoded import read
from .entry import entries_of

LISTS = Path(__file__).parent / "ages"
OF_AGE = 18
UNDER_AGE = "under_age"  # the class
NUMBER = "%n"  # in entries: of an age under eighteen


def entries() -> Iterator[str]:
    """A number before its unit ("12 years old"), after it ("aged twelve"), and ages in one word."""
    numbers = (NUMBER, *(word for word in _number_words() if " " in word))
    units = read(LISTS / "units.txt")
    for number in numbers:
        yield from entries_of(f"{unit[1:]} {number}" for unit in units if unit[0] == "<")
        yield from entries_of(f"{number} {unit[1:]}" for unit in units if unit[0] == ">")
    yield from entries_of(_under_age("words.txt"))


def is_under_age(word: str) -> bool:
    """Whether it is the number of an age under eighteen, in digits of any script or as a word."""
    if word.isdecimal():
        return 0 < int(word[:4]) < OF_AGE
    return word in _number_words()


@cache
def _number_words() -> frozenset[str]:
    return frozenset(entries_of(_under_age("numbers.txt")))


def _under_age(name: str) -> Iterator[str]:
    for line in read(LISTS / name):
        word, _, age = line.partition("=")
        if int(age) < OF_AGE:
            yield word
