"""The words that the rules speak of, in classes (`lexicon/`), and which of them a text has.

An entry is one or more words. `*` before or after a word stands for any letters, `~` between two for up to
three other words, `%n` for a number under eighteen, `(this|that)` for one of several. Entries are folded as
texts are, so accents and case do not matter; Arabic ones are also found with what is written in one piece
before and after them. A section of a list is a language, but every text is compared with all of them: nobody
is asked in which language they write.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from . import ages, slips
from .encoded import read
from .entry import entries_of
from .letters import ARABIC
from .reading import ONE, Reading, Readings
from .trie import Edges, Match, Root, in_run, matches

LISTS = Path(__file__).parent / "lexicon"
HARMLESS = "harmless"
# Classes that count, and whose entries have no meaning but the one they have together.
OF_THEIR_OWN = ("drink_name",)
MINORS = {"minor", "minor_maybe"}
WITHOUT = frozenset(("without", "ohne", "sans", "sin", "senza", "bez", "sem", "بدون"))
SHORTEST_JOINED = 4  # letters of a word that somebody parted
SHORTEST_BACKWARDS = 5  # that is written backwards among others
SHORTEST_PARTED, LONGEST_PARTED = 6, 14  # of one that was parted by a blank
SHORTEST_STRICT = 6  # letters of several words
SHORTEST_IN_RUN = 5
SHORTEST_WRITTEN_FROM_END = {True: 4, False: 5}  # in Arabic, in other letters
SHORTEST_BEGINNING = 5
MOST_PARTS = 4  # of a word

Found = dict[str, set[str]]  # a class: what of the text belongs to it


@cache
def classes() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in LISTS.glob("*.txt")))


def entries(name: str) -> list[str]:
    """Of a class, folded."""
    return entries_of(read(LISTS / f"{name}.txt"))


def straddles(word: str, at: int) -> bool:
    """Whether the word of an entry reaches past a place in `word` that parts it."""
    known = vocabulary()
    return word in known.words or any(word[:end] in known.begins for end in range(at + 1, len(word) + 1))


def found_in(reads: Readings) -> Found:
    """What each class has of a text, whatever way it is read."""
    found: Found = defaultdict(set)
    for reading in reads.every:
        _add_from(reading, found)
    for run in reads.runs:
        shortest = SHORTEST_IN_RUN - (run in reads.spelt)
        for at in range(len(run)):
            for names, path, _ in in_run(root(), run, at, shortest):
                _add(found, names, path)
    return dict(found)


def _add_from(reading: Reading, found: Found) -> None:
    edges = edges_of(reading)
    if not reading.strict:
        _leave_out_harmless(reading, edges, found)
    every = [match for at in range(len(edges)) for match in matches(root(), edges, at)]
    if reading.strict and not any(_is_enough(path) for _, path, _ in every):
        return
    for names, path, _ in every:
        _add(found, names, path)


def _add(found: Found, names: frozenset[str], path: tuple[str, ...]) -> None:
    for name in names:
        found[name].add(" ".join(path))


def _is_enough(path: tuple[str, ...]) -> bool:
    """Whether a reading in which plain texts have words by chance is what was meant."""
    if len(path) == 1:
        word = path[0]
        if slips.is_ordinary(word[::-1]):
            return False
        shortest = SHORTEST_WRITTEN_FROM_END[bool(ARABIC.match(word))]
        if len(word) >= shortest and word in root().whole:
            return True
        return any(word[:end] in root().begins for end in range(SHORTEST_BEGINNING, len(word) + 1))
    return sum(map(len, path)) >= SHORTEST_STRICT


def _leave_out_harmless(reading: Reading, edges: list[list[tuple[str, int]]], found: Found) -> None:
    """Takes the longest harmless phrases out of a text. A word of which letters are hidden is in none."""
    shown = [[] if ONE in each[0] else edge for each, edge in zip(reading.words, edges, strict=True)]
    at = 0
    while at < len(edges):
        here = [
            match for match in matches(harmless(), shown, at, reading.stops) if _is_bare(match, edges, at)
        ]
        if not here:
            at += 1
            continue
        names, path, end = max(here, key=lambda match: match[2])
        _add(found, names - {HARMLESS}, path)
        for part in edges[at:end]:
            part.clear()
        for before in range(max(0, at - MOST_PARTS), at):
            edges[before][:] = [edge for edge in edges[before] if edge[1] <= at]
        at = max(end, at + 1)


def _is_bare(match: Match, edges: Edges, at: int) -> bool:
    """Whether a harmless phrase has no minor between its words, where `~` lets any words stand."""
    _, path, end = match
    if len(path) >= end - at:
        return True
    words = {word for place in edges[at:end] for word, _ in place} - set(path)
    return not any(node.names & MINORS for word in words for node in root().after(word))


def edges_of(reading: Reading) -> list[list[tuple[str, int]]]:
    """All words of a reading by their place, those of several parts too."""
    every = reading.words
    if reading.strict:
        return [[(form, at + 1) for form in each] for at, each in enumerate(every)]
    edges = [[(word, at + 1) for form in each for word in others(form)] for at, each in enumerate(every)]
    alone = {at: each[0] for at, each in enumerate(every) if not {at, at + 1} & reading.joined}
    if slips.lack_vowels(alone.values()):
        for at, bare in alone.items():
            edges[at] += [(word, at + 1) for word in _with_vowels(bare)]
    for at in range(len(every) - 1):
        edges[at] += _of_parts(reading, at)
        if ages.is_of_more([word[0] for word in every[max(0, at - 1) : at + 1]], every[at + 1][0]):
            edges[at + 1] = [edge for edge in edges[at + 1] if edge[0] != ages.NUMBER]
    return edges


def _with_vowels(word: str) -> set[str]:
    """The words that somebody means who writes no vowels."""
    return vocabulary().bones.get(word, set()) if slips.is_bare(word) else set()


def _of_parts(reading: Reading, at: int) -> Iterator[tuple[str, int]]:
    """The words that two or more parts make from a place on."""
    whole = reading.words[at][0]
    for end in range(at + 1, min(at + MOST_PARTS, len(reading.words))):
        part = reading.words[end][0]
        parted = end not in reading.joined
        if part.isdigit() or whole.isdigit() or (parted and end > at + 1):
            return
        if parted and _is_parted(whole + part, len(whole)):
            yield whole + part, end + 1
        elif not parted and len(whole + part) >= SHORTEST_JOINED and straddles(whole + part, len(whole)):
            yield from ((word, end + 1) for word in others(whole + part))
        whole += part


def _is_parted(word: str, at: int) -> bool:
    """Whether somebody wrote one word as two, with a blank at a place."""
    if len(word) < SHORTEST_PARTED or slips.is_ordinary(word):
        return False
    known = vocabulary()
    if word in known.words:
        return True
    ends = range(max(at, SHORTEST_PARTED) + 1, min(len(word), LONGEST_PARTED) + 1)
    return any(word[:end] in known.begins for end in ends)


@lru_cache(maxsize=20_000)
def others(word: str) -> tuple[str, ...]:
    """A word, and what it may be otherwise."""
    if ONE in word:
        return tuple(slips.fitting(word, vocabulary()))
    found = {word: None}
    if word in WITHOUT:
        found |= dict.fromkeys(sorted(WITHOUT))
    if ages.is_under_age(word):
        found[ages.NUMBER] = None
    if ARABIC.match(word):
        for form in (word, slips.once(word)):
            found |= dict.fromkeys((form, *slips.arabic_stems(form)))
    if len(word) >= SHORTEST_BACKWARDS and word[::-1] in vocabulary().words and not slips.is_ordinary(word):
        found[word[::-1]] = None
    if not word.isdigit() and not any(map(_is_known, found)):
        found |= dict.fromkeys(slips.corrected(word, vocabulary()))
    return tuple(found)


def _is_known(word: str) -> bool:
    return word in vocabulary().words or bool(root().after(word))


@cache
def root() -> Root:
    """Where the entries of all classes begin, but the harmless ones."""
    return Root(_entries())


@cache
def harmless() -> Root:
    return Root(_harmless_entries())


@cache
def vocabulary() -> slips.Vocabulary:
    singles = (entry for entry, _ in _entries() if " " not in entry)
    return slips.Vocabulary((entry for entry, _ in (*_entries(), *_harmless_entries())), singles)


@cache
def _entries() -> tuple[tuple[str, str], ...]:
    """With their classes."""
    names = (name for name in classes() if name not in (HARMLESS, *OF_THEIR_OWN))
    every = [(entry, name) for name in names for entry in entries(name)]
    return (*every, *((entry, ages.UNDER_AGE) for entry in ages.entries()))


@cache
def _harmless_entries() -> tuple[tuple[str, str], ...]:
    return tuple((entry, name) for name in (HARMLESS, *OF_THEIR_OWN) for entry in entries(name))
