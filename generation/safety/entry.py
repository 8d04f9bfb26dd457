"""Entries of a list: one or more words, and signs that stand for others (`lexicon`)."""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from .reading import folded

UMLAUT = re.compile(r"[äöüÄÖÜ]")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
NO_WORD = re.compile(r"[^\w*~%()|\n]+|_")
HAS_DIGIT = re.compile(r"\d|%")
AT_DIGITS = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)|%(?!n\b)")
CHOICE = re.compile(r"\(([^)]*)\)")


def entries_of(lines: Iterable[str]) -> list[str]:
    """Of the lines of a list, as the readings have their words, with both ways to write an umlaut."""
    every = list(lines)
    ascii_only = [line for line in every if line.isascii()]
    others = [line for line in every if not line.isascii()]
    others += (line.translate(UMLAUTS) for line in every if UMLAUT.search(line))
    clean = NO_WORD.sub(" ", "\n".join(map(folded, ("\n".join(ascii_only), "\n".join(others)))))
    found = (" ".join(entry.split()) for line in clean.split("\n") if line for entry in _chosen(line))
    return [entry for entry in dict.fromkeys(found) if entry]


def _chosen(line: str) -> Iterator[str]:
    """A line with each choice, and without what is between the words."""
    if HAS_DIGIT.search(line):
        line = AT_DIGITS.sub(" ", line)
    if "(" not in line:
        yield line
        return
    parts = CHOICE.split(line)  # text, choice, text, choice, text
    yield from map(
        "".join, product(*(part.split("|") if at % 2 else (part,) for at, part in enumerate(parts)))
    )
