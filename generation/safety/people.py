"""Names of people: a given name and a word that begins with a capital letter, or any word in Arabic."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from .codes import decoded
from .letters import LONG_RUN, latin
from .lexicon import Found, entries
from .reading import ENDS_INSIDE, Reading, Readings, folded, words

NAMED = "named"  # the class
SHORTEST_AFTER_TITLE, SHORTEST_DISGUISED = 3, 5  # letters
LAST_OF_ARABIC = 0x6FF
NAME = r"[^\W\d_][\w'’-]+"
PAIR = re.compile(rf"(?=\b({NAME})\.?\s+(?:(?:d[aei]|de la|von|van|al)\s+)?({NAME}))")


def found_in(text: str, reads: Readings) -> Found:
    """text: as it was written. reads: all that it may be read as."""
    clear = ENDS_INSIDE.sub(" ", decoded(text))
    written = dict.fromkeys((text, clear, text[::-1]))
    pairs = (f"{first} {last}" for each in written for first, last in PAIR.findall(each))
    names = {words(folded(pair)) for pair in pairs if _is_name(*pair.split(" ", 1))}
    for reading in (*reads.others, *([reads.plain] if _hides(text) else ())):
        names.update(_disguised(reading))
    return {NAMED: names} if names else {}


def _hides(text: str) -> bool:
    """Whether a text is not written in the letters of a keyboard, or has letters many times."""
    beyond = (char for char in text if ord(char) > LAST_OF_ARABIC)
    return bool(LONG_RUN.search(text)) or any(char.isalnum() or latin(char) != char for char in beyond)


def _is_name(first: str, last: str) -> bool:
    has_case = last != last.upper() or last != last.lower()
    word = words(folded(first))
    if has_case and not last[0].isupper():
        return False
    if word in _known("title"):
        return len(last) >= SHORTEST_AFTER_TITLE
    return word in _known("given_name") and (not has_case or first[0].isupper())


def _disguised(reading: Reading) -> Iterator[str]:
    """Names in a reading, in which no letter is a capital."""
    known = _names_and_titles()
    for at, (first, last) in enumerate(pairwise(reading.words), start=1):
        if at not in reading.stops and len(last[0]) >= SHORTEST_DISGUISED:
            yield from (f"{form} {last[0]}" for form in first if form in known and len(form) > 2)


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(entries(name))


@cache
def _names_and_titles() -> frozenset[str]:
    return _known("given_name") | _known("title")
