"""Names of people: a given name and a word that begins with a capital letter, or any word in Arabic."""

import re
from functools import cache

from .lexicon import Found, entries
from .reading import folded, words

NAMED = "named"  # the class
NAME = r"[^\W\d_][\w'’-]+"
PAIR = re.compile(rf"(?=\b({NAME})\s+(?:(?:d[aei]|de la|von|van|al)\s+)?({NAME}))")


def found_in(text: str) -> Found:
    """text: as it was written."""
    pairs = (f"{first} {last}" for first, last in PAIR.findall(text) if _is_name(first, last))
    names = {words(folded(pair)) for pair in pairs}
    return {NAMED: names} if names else {}


def _is_name(first: str, last: str) -> bool:
    has_case = first != first.upper() or first != first.lower()
    if has_case and not (first[0].isupper() and last[0].isupper()):
        return False
    return words(folded(first)) in _given_names()


@cache
def _given_names() -> frozenset[str]:
    return frozenset(entries("given_name"))
