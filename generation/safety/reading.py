"""What a text may be read as by somebody who knows how words are hidden from a list.

Each way of hiding is undone by a function of its own, and the rules look at all readings together.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from .codes import decoded
from .letters import CAPITALS, IS_TURNED, LOOKALIKES, PICTURED, forms, latin, turned_back

MOST_READ = 20_000  # characters of a text; no field takes so many
ENDS_INSIDE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")  # theWordsOfATag
SIGNS = "@$|€£!+(¡¢"  # that stand for letters
IN_LEET = re.compile(
    r"[^\W\d_][\d@$|€£¡]|[\d@$|€£¡][^\W\d_]|[^\W\d_][!+(]+[^\W_]"
    rf"|(?<!\S)[\d{SIGNS}]{{3,}}(?!\S)"
)
SPELT = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){2,}")
SYLLABLE = re.compile(r"(?<=[^\W\d_])[-·.~'’] (?=[^\W\d_])")
MOST_SYLLABLES = 2  # of a text that is not written in them
MASKS = "*_#?•●█▪■□×¤~^=…"
MASKED = re.compile(rf"[^\W_][{re.escape(MASKS)}]+[^\W_]")
WORD = re.compile(r"[^\W\d_]+|\d+")
LEET_WORD = re.compile(rf"(?:[^\W_]|[{SIGNS}])+")
AT_ENDS = "!¡(+|"  # signs that mostly are what they are at an end of a word
MASKED_WORD = re.compile(rf"[^\W_]+(?:[{re.escape(MASKS)}]+[^\W_]+)*")
OF_ALPHABET = re.compile(r"[a-z]{3,}")
IS_STOP = re.compile(r"[.,;:!?\n،؛؟/|()\[\]«»“”„\"]")
UNSEEN = ("Cf", "Mn", "Me", "Cc")  # categories
# A tag, or the name of a file: words without ends.
RUN = re.compile(r"#(\w{8,})|([\w-]{8,})\.(?:png|jpe?g|gif|webp|svg|pdf|tiff?|psd|mp4|txt|html)\b|(\w{16,})")
SHORTEST_RUN, LONGEST_RUN, MOST_OF_RUN = 6, 800, 3
LONGEST_WORD = 40  # letters of a word that are read
ONE = "?"  # a letter that cannot be seen, in a word


@dataclass(frozen=True, slots=True)
class Reading:
    """words: of each, what it may be, in lower case and without accents. stops: places of words that begin
    another part of a sentence; joined: of those that no blank parts from the word before. strict: plain texts
    read so by chance as well, so that a short word says nothing.
    """

    words: tuple[tuple[str, ...], ...]
    stops: frozenset[int] = frozenset()
    joined: frozenset[int] = frozenset()
    strict: bool = False

    def __str__(self) -> str:
        return " ".join(each[0] for each in self.words)


@dataclass(frozen=True, slots=True)
class Readings:
    """plain: the words as they stand. others: what they are without a disguise. runs: letters whose words
    have no ends; spelt: those of them that were written apart.
    """

    plain: Reading
    others: tuple[Reading, ...] = ()
    runs: tuple[str, ...] = ()
    spelt: frozenset[str] = frozenset()

    @property
    def every(self) -> tuple[Reading, ...]:
        return (self.plain, *self.others)


def readings(text: str, *, short: bool = False) -> Readings:
    """All that `text` may be read as; when `short`, without what a part of a text shows by chance."""
    text = text[:MOST_READ]
    clear = decoded(text)
    pictured = clear.translate(PICTURED)
    whole, *layers = dict.fromkeys(map(seen, (text, clear, ENDS_INSIDE.sub(" ", clear), pictured)))
    plain = _reading(whole)
    others = [_reading(layer) for layer in layers]
    if short:
        return Readings(plain, tuple(other for other in others if other != plain))
    for layer in dict.fromkeys(map(seen, (clear, pictured))):
        others += _undisguised(layer)
        layers.append(layer)
    unlike = dict.fromkeys(other for other in others if other != plain)
    spelt = frozenset(_runs(layers, _spelt))
    return Readings(plain, tuple(unlike), (*spelt, *_runs(layers, _tags)), spelt)


def seen(text: str) -> str:
    """In lower case, in letters that a keyboard has, without accents and what cannot be seen."""
    if text.isascii():
        return text.lower().replace("\0", "")
    text = unicodedata.normalize("NFKD", text.translate(CAPITALS))
    text = text.translate({ord(char): _seen(char) for char in set(text)}).casefold()
    return unicodedata.normalize("NFKD", text)


@cache
def _seen(char: str) -> str:
    """A letter as it is seen."""
    if char in "\n\t":
        return char
    return "" if char == "ـ" or unicodedata.category(char) in UNSEEN else latin(char)


def folded(text: str) -> str:
    """As `seen`, and letters of other scripts as those that they look like."""
    text = seen(text)
    return text if text.isascii() else text.translate(LOOKALIKES)


def words(clean: str) -> str:
    """The words of a folded text, and its numbers, with one blank between."""
    return " ".join(WORD.findall(clean))


def _reading(clean: str, word: re.Pattern[str] = WORD, strict: bool = False) -> Reading:
    every: list[tuple[str, ...]] = []
    stops, joined = set(), set()
    end = 0
    for found in word.finditer(clean):
        if not found[0]:
            continue
        gap = clean[end : found.start()]
        if gap != " ":
            if IS_STOP.search(gap):
                stops.add(len(every))
            if every and not any(char.isspace() for char in gap):
                joined.add(len(every))
        every.append(_forms(found[0][:LONGEST_WORD], word))
        end = found.end()
    return Reading(tuple(every), frozenset(stops), frozenset(joined), strict)


def _forms(word: str, kind: re.Pattern[str]) -> tuple[str, ...]:
    """What a word may be that was found as one of a kind."""
    if kind is LEET_WORD and (bare := word.strip(AT_ENDS)) not in ("", word):
        return tuple(dict.fromkeys((*forms(bare), *forms(word))))
    if kind is MASKED_WORD:
        return tuple(re.sub(rf"[{re.escape(MASKS)}]", ONE, form) for form in forms(word))
    return forms(word)


def _undisguised(layer: str) -> Iterator[Reading]:
    """The readings of a layer that differ in where its words end, and in their direction."""
    yield from _in_leet(layer)
    if SPELT.search(layer):
        joined = SPELT.sub(_joined, layer)
        yield _reading(joined)
        yield from _in_leet(joined)
    if len(SYLLABLE.findall(layer)) > MOST_SYLLABLES:
        yield _reading(SYLLABLE.sub("", layer))
    if MASKED.search(layer):
        yield _reading(layer, MASKED_WORD)
    if IS_TURNED.search(layer):
        yield _reading(turned_back(layer))
    yield _reading(layer[::-1], strict=True)
    yield _backwards(layer)
    yield _reading(" ".join(OF_ALPHABET.findall(codecs.encode(layer, "rot13"))), strict=True)


def _in_leet(layer: str) -> Iterator[Reading]:
    if IN_LEET.search(layer):
        yield _reading(layer, LEET_WORD)


def _backwards(layer: str) -> Reading:
    """Each word from its end."""
    return _reading(
        WORD.sub(lambda word: word[0] if word[0].isdigit() else word[0][::-1], layer), strict=True
    )


def _joined(run: re.Match[str]) -> str:
    """Letters that stand apart, together; a gap unlike the usual one parts two words."""
    gaps = re.findall(r"[\W_]+", run[0])
    shortest = min(map(len, gaps))
    usual = max(set(gaps), key=gaps.count)
    parted = rf"[\W_]{{{shortest + 1},}}" + ("" if usual.isspace() else r"|\s")
    return " ".join(re.sub(r"[\W_]", "", part) for part in re.split(parted, run[0]))


def _runs(layers: Iterable[str], kind: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """Runs of letters of a kind, with and without digits and signs for letters."""
    bare = (re.sub(r"[\W_]", "", run) for layer in layers for run in kind(layer))
    cut = (run[:LONGEST_RUN] for run in bare)
    every = (form for run in cut for form in (run.translate(LOOKALIKES), *forms(run)[:MOST_OF_RUN]))
    return (run for run in dict.fromkeys(every) if len(run) >= SHORTEST_RUN)


def _spelt(layer: str) -> list[str]:
    return SPELT.findall(layer)


def _tags(layer: str) -> Iterable[str]:
    return (run[run.lastindex or 0] for run in RUN.finditer(layer))
