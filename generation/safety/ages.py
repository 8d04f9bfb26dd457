"""Ages of people under eighteen, in digits and in words."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from .encoded import read
from .entry import entries_of

LISTS = Path(__file__).parent / "ages"
OF_AGE, BELOW_TEN = 18, 10
AND = ("y", "e", "et", "and")  # between tens and ones
UNDER_AGE = "under_age"  # the class
NUMBER = "%n"  # in entries: of an age under eighteen


def entries() -> Iterator[str]:
    """A number before its unit ("12 years old"), after it ("aged twelve"), and ages in one word."""
    numbers = (NUMBER, *(word for word in _number_words() if " " in word))
    units = read(LISTS / "units.txt")
    for number in numbers:
        yield from entries_of(f"{unit[1:]} {number}" for unit in units if unit[0] == "<")
        yield from entries_of(f"{number} {unit[1:]}" for unit in units if unit[0] == ">")
    yield from entries_of(_of_less("words.txt"))


def is_under_age(word: str) -> bool:
    """Whether it is the number of an age under eighteen, in digits of any script or as a word."""
    if word.isdecimal():
        return 0 < int(word[:4]) < OF_AGE
    return word in _number_words()


def is_of_more(before: Sequence[str], word: str) -> bool:
    """Whether a number is a part of a greater one, as after "thirty" or "treinta y"."""
    if word not in _number_words(BELOW_TEN):
        return False
    *first, last = before or [""]
    return last in _tens() or (last in AND and bool(first) and first[-1] in _tens())


@cache
def _tens() -> frozenset[str]:
    return frozenset(entries_of(read(LISTS / "tens.txt")))


@cache
def _number_words(below: int = OF_AGE) -> frozenset[str]:
    return frozenset(entries_of(_of_less("numbers.txt", below)))


def _of_less(name: str, below: int = OF_AGE) -> Iterator[str]:
    """Of a list of words with their ages, those of less."""
    for line in read(LISTS / name):
        word, _, age = line.partition("=")
        if int(age) < below:
            yield word
