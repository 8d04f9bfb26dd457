"""Words that are not written as they should be: letters exchanged, left out, hidden, or grown onto a word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from .encoded import read
from .reading import ONE

ORDINARY = Path(__file__).parent / "ordinary.txt"
SHORTEST = 5  # letters of a word that is known with two of them exchanged, or by its sound
SHORTEST_LEFT_OUT = 6  # with one too few, or one twice
SHORTEST_TAKEN = 8  # with one for another, or one too many
SHORTEST_FORM = 4  # of the form in which it is known, by its sound or without its vowels
SHORTEST_BEGINNING = 6  # of one that any letters may follow
KNOWN_LETTERS = 3  # of a word of which others are hidden
SHORTEST_BONES = 3  # of a word in a text that has no vowels
MOST_WITH_VOWELS = 0.6  # of the words of such a text
VOWELS = re.compile(r"[aeiou]")
INNER_VOWELS = re.compile(r"(?<=\S)[aeiou]")
LATIN = re.compile(r"[a-z]+")
TWICE = re.compile(r"(.)\1+")
SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "y": "i", "w": "v", "x": "ks"})
BEFORE_ARABIC = ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ف", "ب", "ل", "ك")
AFTER_ARABIC = ("ها", "هم", "هن", "نا", "ه", "ي", "ك")
SHORTEST_ARABIC_STEM = 3
# A key for each letter, in rows as they lie on the keyboards of Latin letters, and of Arabic ones.
KEYBOARDS = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ"),
)
SHORTEST_MISTYPED = 6  # letters of a word of which one may be of the key beside the right one
# Put behind a word by who hides it: diminutives and plurals of all languages.
ENDINGS = re.compile(r"(.{4,}?)(?:inhos?|inhas?|itos?|itas?|inos?|inas?|ettes?|chen|lein|ek|ie|ies|z|zz|y|s)")
Index = dict[str, set[str]]


class Vocabulary:
    """words: all of the entries. begins: those that any letters may follow; starts: with what these start.
    by_shape: both by length and first letter. bones: both by their consonants; sounds: by how they sound;
    shortened: those that are an entry of their own by what is left of them without one of their letters.
    """

    def __init__(self, entries: Iterable[str], singles: Iterable[str]) -> None:
        """singles: the entries of one word."""
        every = set(" ".join(entries).split()) - {"~"}
        self.words = {word for word in every if "*" not in word}
        self.begins = {word[:-1] for word in every if word[-1] == "*" and word[0] != "*"}
        self.starts = {begin[:SHORTEST_FORM] for begin in self.begins}
        self.by_shape: dict[tuple[int, str], list[str]] = defaultdict(list)
        self.bones: Index = defaultdict(set)
        self.sounds: Index = defaultdict(set)
        for word in self.words | self.begins:
            self.by_shape[len(word), word[:1]].append(word)
        latin = [word for word in self.words | self.begins if word.isascii() and len(word) >= SHORTEST_FORM]
        for index, form in ((self.bones, bones), (self.sounds, sound)):
            for word, formed in zip(latin, form("\n".join(latin)).split("\n"), strict=True):
                index[formed].add(word)
        self.shortened: Index = defaultdict(set)
        for word in {single.rstrip("*") for single in singles}:
            if len(word) >= SHORTEST_LEFT_OUT and word.isascii():
                for short in without_one(word):
                    self.shortened[short].add(word)

    def has(self, word: str, changed: int, shortest: int = SHORTEST) -> bool:
        """Whether it is a word of an entry, or begins with one that has `shortest` letters and reaches past
        the letter `changed`.
        """
        if word in self.words:
            return True
        if word[:SHORTEST_FORM] not in self.starts:
            return False
        return any(word[:end] in self.begins for end in range(max(shortest, changed + 1), len(word) + 1))


def corrected(word: str, known: Vocabulary) -> Iterator[str]:
    """The words that somebody who wrote `word` may mean."""
    if is_ordinary(word) or len(word) < SHORTEST_FORM:
        return
    if LATIN.fullmatch(word):
        if not VOWELS.search(word[1:]):
            yield from _like(word, bones(word), known.bones, known)
        if len(word) >= SHORTEST:
            yield from _like(word, sound(word), known.sounds, known)
    if len(word) < SHORTEST:
        return
    for at in range(len(word) - 1):
        if word[at] != word[at + 1]:
            other = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if known.has(other, at + 1):
                yield other
    if len(word) >= SHORTEST_LEFT_OUT - 1 and LATIN.fullmatch(word):
        yield from _with_one_slip(word, known)
    if len(word) >= SHORTEST_MISTYPED:
        yield from _of_keys_beside(word, known)
    if (ended := ENDINGS.fullmatch(word)) and ended[1] in known.words:
        yield ended[1]


def _like(word: str, form: str, index: Index, known: Vocabulary) -> Iterator[str]:
    """The words of an index that have a form, and long beginnings that have the beginning of it."""
    if len(form) >= SHORTEST_FORM:
        yield from (other for other in index.get(form, ()) if other != word)
    for end in range(SHORTEST_FORM, len(form)):
        alike = (other for other in index.get(form[:end], ()) if len(other) >= SHORTEST_BEGINNING)
        yield from (other for other in alike if other in known.begins)


def _with_one_slip(word: str, known: Vocabulary) -> Iterator[str]:
    """The words that `word` is with a letter left out, added or taken for another, but not at its end, which
    differs in words that have nothing in common.
    """
    yield from known.shortened.get(word, ())
    for end in range(SHORTEST_LEFT_OUT, len(word)):
        yield from (other for other in known.shortened.get(word[:end], ()) if other in known.begins)
    for at in range(1, len(word) - 1):
        short = word[:at] + word[at + 1 :]
        if len(word) >= SHORTEST_TAKEN:
            alike = (other for other in known.shortened.get(short, ()) if len(other) == len(word))
            yield from (other for other in alike if other[-1] == word[-1] and other[at] != word[at])
        is_double = word[at] in (word[at - 1], word[at + 1])
        if len(word) > (SHORTEST_LEFT_OUT if is_double else SHORTEST_TAKEN) and short in known.words:
            yield short


def lack_vowels(words: Iterable[str]) -> bool:
    """Whether somebody wrote the words of a text by their consonants."""
    long = [word for word in words if len(word) >= SHORTEST_BONES and LATIN.fullmatch(word)]
    bare = sum(is_bare(word) for word in long)
    return bare > 1 and len(long) - bare <= MOST_WITH_VOWELS * len(long)


def is_bare(word: str) -> bool:
    """Whether a word is written by its consonants."""
    return len(word) >= SHORTEST_BONES and bool(LATIN.fullmatch(word)) and not VOWELS.search(word[1:])


def _of_keys_beside(word: str, known: Vocabulary) -> Iterator[str]:
    for at, letter in enumerate(word):
        for key in _beside().get(letter, ""):
            other = word[:at] + key + word[at + 1 :]
            if known.has(other, at, SHORTEST_BEGINNING):
                yield other


@cache
def _beside() -> dict[str, str]:
    """Of each letter the keys that touch its own."""
    found: dict[str, set[str]] = defaultdict(set)
    for upper, lower in (pair for rows in KEYBOARDS for pair in pairwise(("", *rows, ""))):
        for at, key in enumerate(lower):
            beside = lower[max(0, at - 1) : at] + lower[at + 1 : at + 2] + upper[at : at + 2]
            for other in beside:
                found[key].add(other)
                found[other].add(key)
    return {key: "".join(sorted(others)) for key, others in found.items()}


def without_one(word: str) -> set[str]:
    """The word without one of its letters, never the first."""
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def bones(words: str) -> str:
    """Of each word the first letter, and the consonants after it."""
    return INNER_VOWELS.sub("", words)


def sound(words: str) -> str:
    """One way to write words that sound so."""
    return once(words.replace("qu", "k").replace("ph", "f").translate(SOUNDS))


def fitting(word: str, known: Vocabulary) -> Iterator[str]:
    """The words that `word` may be, of which some letters are hidden. One of which only both ends are shown
    is a whole word, as most beginnings would fit.
    """
    if len(word) - word.count(ONE) < min(KNOWN_LETTERS, len(word) - 1):
        if ONE not in (word[0], word[-1]):
            yield from _whole(word, known)
        return
    yield from _fitting(word, known)
    for before in BEFORE_ARABIC:
        if word.startswith(before) and len(word) - len(before) > SHORTEST_ARABIC_STEM:
            yield from _fitting(word[len(before) :], known)


def _whole(word: str, known: Vocabulary) -> Iterator[str]:
    pattern = re.compile(word.replace(ONE, "."))
    return filter(pattern.fullmatch, known.by_shape.get((len(word), word[0]), ()))


def _fitting(word: str, known: Vocabulary) -> Iterator[str]:
    yield from _whole(word, known)
    for length in range(3, len(word)):
        for other in _whole(word[:length], known):
            if other in known.begins:
                yield other + word[length:].replace(ONE, "")


def once(word: str) -> str:
    """With each letter once that is written several times."""
    return TWICE.sub(r"\1", word)


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
