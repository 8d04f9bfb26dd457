"""What a text may be read as by somebody who knows how words are hidden from a list.

Each way of hiding is undone by a function of its own, and the rules look at all readings together.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .codes import decoded
from .letters import CAPITALS, IS_TURNED, LOOKALIKES, forms, latin, turned_back

MOST_READ = 20_000  # characters of a text; no field takes so many
ENDS_INSIDE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")  # theWordsOfATag
SIGNS = "@$|€£!+(¡¢"  # that stand for letters
IN_LEET = re.compile(rf"[^\W\d_][\d{SIGNS}]|[\d@$|€£¡][^\W\d_]|(?<!\S)[\d{SIGNS}]{{3,}}(?!\S)")
SPELT = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){2,}")
MASKS = "*_#?•●█▪■□×¤~^=…"
MASKED = re.compile(rf"[^\W_][{re.escape(MASKS)}]+[^\W_]")
WORD = re.compile(r"[^\W\d_]+|\d+")
LEET_WORD = re.compile(rf"[@$|€£¡]?(?:[^\W_]+|(?<=[^\W_@$|€£])[{SIGNS}]+(?=[^\W_@$])|(?<=\w)[@$|€£]+|[@$€£]{{2,}})+")
MASKED_WORD = re.compile(rf"[^\W_]+(?:[{re.escape(MASKS)}]+[^\W_]+)*")
IS_STOP = re.compile(r"[.,;:!?\n،؛؟/|()\[\]«»“”„\"]")
UNSEEN = ("Cf", "Mn", "Me", "Cc")  # categories
# A tag, or the name of a file: words without ends.
RUN = re.compile(r"#(\w{8,})|([\w-]{8,})\.(?:png|jpe?g|gif|webp|svg|pdf|tiff?|psd|mp4|txt|html)\b|(\w{16,})")
SHORTEST_RUN = 6
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
    have no ends.
    """

    plain: Reading
    others: tuple[Reading, ...] = ()
    runs: tuple[str, ...] = field(default=())


def readings(text: str, *, short: bool = False) -> Readings:
    """All that `text` may be read as; when `short`, without what needs a whole text to be told from chance."""
    text = text[:MOST_READ]
    clear = decoded(text)
    plain = _reading(seen(text))
    layers = list(dict.fromkeys(map(seen, (clear, ENDS_INSIDE.sub(" ", clear)))))
    others = [_reading(layer) for layer in layers]
    runs: dict[str, None] = {}
    for layer in () if short else layers:
        others += _undisguised(layer)
        runs |= dict.fromkeys(form for run in _runs(layer) for form in (run.translate(LOOKALIKES), *forms(run)))
    unlike = {other: None for other in others if other != plain}
    return Readings(plain, tuple(unlike), tuple(run for run in runs if len(run) >= SHORTEST_RUN))


def seen(text: str) -> str:
    """In lower case, in letters that a keyboard has, without accents and what cannot be seen."""
    if text.isascii():
        return text.lower().replace("\0", "")
    text = unicodedata.normalize("NFKC", text.translate(CAPITALS)).casefold()
    text = unicodedata.normalize("NFKD", text)
    return "".join(
        latin(char)
        for char in text
        if char.isascii() or char == "\n" or (unicodedata.category(char) not in UNSEEN and char != "ـ")
    )


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
        if IS_STOP.search(gap):
            stops.add(len(every))
        if gap and every and not any(char.isspace() for char in gap):
            joined.add(len(every))
        every.append(_hidden_letters(found[0]) if word is MASKED_WORD else forms(found[0]))
        end = found.end()
    return Reading(tuple(every), frozenset(stops), frozenset(joined), strict)


def _hidden_letters(word: str) -> tuple[str, ...]:
    return tuple(re.sub(rf"[{re.escape(MASKS)}]", ONE, form) for form in forms(word))


def _undisguised(layer: str) -> Iterator[Reading]:
    """The readings of a layer that differ in where its words end, and in their direction."""
    yield from _in_leet(layer)
    if SPELT.search(layer):
        joined = SPELT.sub(_joined, layer)
        yield _reading(joined)
        yield from _in_leet(joined)
    if MASKED.search(layer):
        yield _reading(layer, MASKED_WORD)
    if IS_TURNED.search(layer):
        yield _reading(turned_back(layer))
    yield _reading(layer[::-1], strict=True)
    yield _backwards(layer)
    yield _reading(codecs.encode(layer, "rot13"), strict=True)


def _in_leet(layer: str) -> Iterator[Reading]:
    if IN_LEET.search(layer):
        yield _reading(layer, LEET_WORD)


def _backwards(layer: str) -> Reading:
    """Each word from its end."""
    return _reading(WORD.sub(lambda word: word[0] if word[0].isdigit() else word[0][::-1], layer), strict=True)


def _joined(run: re.Match[str]) -> str:
    """Letters that stand apart, together; a gap unlike the usual one parts two words."""
    gaps = re.findall(r"[\W_]+", run[0])
    usual = min(map(len, gaps))
    blank = any(gap.isspace() for gap in gaps) and not all(gap.isspace() for gap in gaps)
    parted = rf"[\W_]{{{usual + 1},}}" + (r"|\s" if blank else "")
    return " ".join(re.sub(r"[\W_]", "", part) for part in re.split(parted, run[0]))


def _runs(layer: str) -> Iterator[str]:
    for run in SPELT.findall(layer):
        yield re.sub(r"[\W_]", "", run)
    for run in RUN.finditer(layer):
        yield re.sub(r"[\W_]", "", run[run.lastindex or 0])


def texts(reads: Readings) -> Iterable[Reading]:
    return (reads.plain, *reads.others)
