"""Words that are not written as they should be: letters exchanged, left out, hidden, or grown onto a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from .encoded import read
from .reading import ONE

ORDINARY = Path(__file__).parent / "ordinary.txt"
SHORTEST = 5  # letters of a word that is known with two of them exchanged
SHORTEST_LEFT_OUT = 7  # with one too few, or one too many
SHORTEST_BONES = 3  # without its vowels
VOWELS = re.compile(r"[aeiouy]")
LATIN = re.compile(r"[a-z]+")
BEFORE_ARABIC = ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ف", "ب", "ل", "ك")
AFTER_ARABIC = ("ها", "هم", "هن", "نا", "ه", "ي", "ك")
SHORTEST_ARABIC_STEM = 3


class Vocabulary:
    """words: all of the entries. begins: those that any letters may follow. by_shape: words and beginnings by
    length and first letter. bones: words by their consonants. shortened: words by what is left of them
    without one of their letters.
    """

    def __init__(self, entries: Iterable[str], singles: Iterable[str]) -> None:
        """singles: the entries of one word."""
        every = set(" ".join(entries).split()) - {"~"}
        self.words = {word for word in every if "*" not in word}
        self.begins = {word[:-1] for word in every if word[-1] == "*" and word[0] != "*"}
        self.by_shape: dict[tuple[int, str], list[str]] = defaultdict(list)
        for word in self.words | self.begins:
            self.by_shape[len(word), word[:1]].append(word)
        self.bones: dict[str, list[str]] = defaultdict(list)
        self.shortened: dict[str, list[str]] = defaultdict(list)
        for word in singles:
            self._index(word)

    def _index(self, word: str) -> None:
        if not LATIN.fullmatch(word):
            return
        bones = VOWELS.sub("", word)
        if SHORTEST_BONES <= len(bones) < len(word):
            self.bones[bones].append(word)
        if len(word) >= SHORTEST_LEFT_OUT:
            for short in without_one(word):
                self.shortened[short].append(word)

    def has(self, word: str, changed: int) -> bool:
        """Whether it is a word of an entry, or begins with one that reaches past the letter `changed`."""
        if word in self.words:
            return True
        return any(word[:end] in self.begins for end in range(max(SHORTEST, changed + 1), len(word) + 1))


def corrected(word: str, known: Vocabulary) -> Iterator[str]:
    """The words that somebody who wrote `word` may mean."""
    if is_ordinary(word):
        return
    if word in known.bones and not VOWELS.search(word):
        yield from known.bones[word]
    if len(word) < SHORTEST:
        return
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            other = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if known.has(other, at + 1):
                yield other
    if len(word) >= SHORTEST_LEFT_OUT - 1:
        yield from known.shortened.get(word, ())
    if len(word) > SHORTEST_LEFT_OUT:
        yield from (short for short in without_one(word) if short in known.words)


def without_one(word: str) -> set[str]:
    """The word without one of its letters, never the first."""
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def fitting(word: str, known: Vocabulary) -> Iterator[str]:
    """The words that `word` may be, of which some letters are hidden."""
    if word.count(ONE) * 2 > len(word):
        return
    yield from _fitting(word, known)
    for before in BEFORE_ARABIC:
        if word.startswith(before) and len(word) - len(before) > SHORTEST_ARABIC_STEM:
            yield from _fitting(word[len(before) :], known)


def _fitting(word: str, known: Vocabulary) -> Iterator[str]:
    pattern = re.compile(word.replace(ONE, "."))
    for length in range(3, len(word) + 1):
        beginning = re.compile(word[:length].replace(ONE, ".")) if length < len(word) else pattern
        for other in known.by_shape.get((length, word[0]), ()):
            if beginning.fullmatch(other) and (length == len(word) or other in known.begins):
                yield other + word[length:].replace(ONE, "")


def arabic_stems(word: str) -> Iterator[str]:
    """Without what is written in one piece before or after a word."""
    bare = [word]
    bare += (
        word[len(before) :]
        for before in BEFORE_ARABIC
        if word.startswith(before) and len(word) - len(before) >= SHORTEST_ARABIC_STEM
    )
    for each in bare:
        if each != word:
            yield each
        for after in AFTER_ARABIC:
            if each.endswith(after) and len(each) - len(after) > SHORTEST_ARABIC_STEM:
                yield each[: -len(after)]
                yield each[: -len(after)] + "ه"


def is_ordinary(word: str) -> bool:
    return word in _ordinary()


@cache
def _ordinary() -> frozenset[str]:
    """Words that people write often, and that look like a misspelt one of a list."""
    return frozenset(read(ORDINARY)) if ORDINARY.exists() else frozenset()
