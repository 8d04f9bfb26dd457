"""An entry of a list: one or more words, and signs that stand for others (`lexicon`)."""

import re
from collections.abc import Iterator

from .reading import folded, words

SIGNS = ("*", "~", "%n")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def spellings(line: str) -> Iterator[str]:
    """Of a line of a list, as the readings have their words: with both ways to write an umlaut."""
    yield entry_of(line)
    if (other := line.translate(UMLAUTS)) != line:
        yield entry_of(other)


def entry_of(line: str) -> str:
    """The line folded; its signs stay."""
    if line.isascii() and line.isalpha() and line.islower():
        return line
    every = re.split(r"([*~]|%n)", folded(line))
    return " ".join("".join(part if part in SIGNS else _spaced(part) for part in every).split())


def _spaced(part: str) -> str:
    """The words of a part, with the blanks at its ends."""
    return " " * part[:1].isspace() + words(part) + " " * part[-1:].isspace()
