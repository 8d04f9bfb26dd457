"""The words that the rules speak of, in classes (`lexicon/`), and which of them a text has.

An entry is one or more words. `*` before or after a word stands for any letters, `~` between two for up to
three other words. Entries are folded as texts are, so accents and case do not matter; Arabic ones are also
found with what is written in one piece before them. A section of a list is a language, but every text is
compared with all of them: nobody is asked in which language they write.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from .encoded import read
from .reading import Readings, folded, words

LISTS = Path(__file__).parent / "lexicon"
ARABIC = re.compile(r"[\u0600-\u06ff]")
BEFORE_ARABIC = ("", "ال", "و", "ف", "ب", "ل", "ك", "لل", "وال", "بال", "فال", "كال")
SHORTEST_GLUED = 4  # letters of a word that is looked for where words have no ends
SHORTEST_DOUBTFUL = 5  # letters of a word that counts when it is read backwards, or of two
SHORTEST_NEAR = 5  # letters of a word that is known with one too few, one too many, or two exchanged
MISSPELT = frozenset({"sexual", "nudity", "undress"})  # classes that are also found with such a slip

Found = dict[str, set[str]]  # a class: what of the text belongs to it


@cache
def classes() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in LISTS.glob("*.txt")))


def entries(name: str) -> Iterator[str]:
    """Of a class, folded. Arabic ones with each beginning that they can have."""
    for line in read(LISTS / f"{name}.txt"):
        entry = entry_of(line)
        begins = BEFORE_ARABIC if ARABIC.match(entry) else ("",)
        yield from (beginning + entry for beginning in begins)


def entry_of(line: str) -> str:
    """A line of a list as the readings have their words; its signs stay."""
    every = re.split(r"([*~])", folded(line))
    return " ".join("".join(part if part in "*~" else _spaced(part) for part in every).split())


def _spaced(part: str) -> str:
    """The words of a part, with the blanks at its ends."""
    return " " * part.startswith(" ") + words(part) + " " * part.endswith(" ")


def found_in(reads: Readings) -> Found:
    """What each class has of a text, whatever way it is read."""
    found: Found = defaultdict(set)
    for reading in (reads.plain, *reads.disguised):
        reading = _harmless().sub(" ", reading)
        for word in reading.split():
            for name in classes_of(word):
                found[name].add(word)
        for name, phrases in _phrases().items():
            found[name].update(phrase[0] for phrase in phrases.finditer(reading))
    for reading in reads.doubtful:
        for word in reading.split():
            if len(word) >= SHORTEST_DOUBTFUL:
                for name in _words()[0].get(word, ()):
                    found[name].add(word)
    for run in reads.glued:
        for name, glued in _glued().items():
            found[name].update(glued.findall(run))
    return {name: of_text for name, of_text in found.items() if of_text}


@lru_cache(maxsize=20_000)
def classes_of(word: str) -> frozenset[str]:
    """Those of a single word."""
    whole, beginnings, endings, middles = _words()
    found = set(whole.get(word, ()))
    for length in range(1, len(word) + 1):
        found.update(beginnings.get(word[:length], ()), endings.get(word[-length:], ()))
        for start in range(len(word) - length + 1):
            found.update(middles.get(word[start : start + length], ()))
    if len(word) >= SHORTEST_NEAR - 1:
        near = (whole.get(other, ()) for other in _slips(word) if len(other) >= SHORTEST_NEAR)
        found.update(name for names in near for name in names if name in MISSPELT)
        found.update(_misspelt().get(word, ()))
    return frozenset(found)


Index = dict[str, set[str]]


@cache
def _words() -> tuple[Index, Index, Index, Index]:
    """Classes by their single words: those that are whole, a beginning, an end, or anywhere in a word."""
    kinds: tuple[Index, ...] = tuple(defaultdict(set) for _ in range(4))
    for name in classes():
        for entry in entries(name):
            if " " not in entry:
                kind = entry.endswith("*") + 2 * entry.startswith("*")
                kinds[kind][entry.strip("*")].add(name)
    whole, beginnings, endings, middles = kinds
    return whole, beginnings, endings, middles


@cache
def _misspelt() -> Index:
    """What is written instead of a whole word by leaving out a letter or exchanging two."""
    found: Index = defaultdict(set)
    for word, names in _words()[0].items():
        if len(word) >= SHORTEST_NEAR and names & MISSPELT:
            exchanged = (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
            )
            for slip in (*_slips(word), *exchanged):
                found[slip] |= names & MISSPELT
    return found


def _slips(word: str) -> set[str]:
    """The word without one of its letters, never the first."""
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    found = {}
    for name in classes():
        if name != "harmless" and (several := [entry for entry in entries(name) if " " in entry]):
            found[name] = _pattern(several)
    return found


@cache
def _harmless() -> re.Pattern[str]:
    return _pattern(entries("harmless"))


@cache
def _glued() -> dict[str, re.Pattern[str]]:
    found = {}
    for name in classes():
        bare = (entry.replace(" ", "").strip("*") for entry in entries(name) if "~" not in entry)
        if name != "harmless" and (long := [re.escape(word) for word in bare if len(word) >= SHORTEST_GLUED]):
            found[name] = re.compile("|".join(sorted(long, key=len, reverse=True)))
    return found


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One that finds any of them between the blanks of a reading."""
    each = sorted(map(expression, phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(each)})(?!\S)")


def expression(phrase: str) -> str:
    """That of an entry, to be looked for in a reading."""
    every = phrase.split()
    found = ""
    for word, after in pairwise((*every, "")):
        if word == "~":
            found += r"(?:\S+ ){0,3}"
        else:
            found += re.escape(word).replace(r"\*", r"\S*") + (" " if after else "")
    return found
