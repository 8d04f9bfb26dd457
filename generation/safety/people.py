"""Names of people: a given name and a word that begins with a capital letter, or any word in Arabic."""

import re
from functools import cache

from .lexicon import Found, entries
from .reading import folded, words

NAMED = "named"  # the class
SHORTEST_AFTER_TITLE = 3  # letters
NAME = r"[^\W\d_][\w'’-]+"
PAIR = re.compile(rf"(?=\b({NAME})\.?\s+(?:(?:d[aei]|de la|von|van|al)\s+)?({NAME}))")


def found_in(text: str) -> Found:
    """text: as it was written."""
    pairs = (f"{first} {last}" for first, last in PAIR.findall(text) if _is_name(first, last))
    names = {words(folded(pair)) for pair in pairs}
    return {NAMED: names} if names else {}


def _is_name(first: str, last: str) -> bool:
    has_case = last != last.upper() or last != last.lower()
    word = words(folded(first))
    if has_case and not last[0].isupper():
        return False
    if word in _known("title"):
        return len(last) >= SHORTEST_AFTER_TITLE
    return word in _known("given_name") and (not has_case or first[0].isupper())


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(entries(name))
