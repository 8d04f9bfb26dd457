"""What the starter can draw, and what a prompt names that it cannot. No torch: the web process asks.

The known words are those of the training's captions. Unknown *things* are looked for in lists of nouns: an
adjective, a weekday or a verb that the captions never used does no harm.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from . import captions
from .scene import OBJECTS
from .world import COLOUR_WORDS, MOODS, OBJECT_WORDS, OCCASIONS, THEMES, TONES

NOUNS = Path(__file__).with_name("nouns")

# In the words of a shop owner.
DRAWABLE: tuple[str, ...] = tuple({"sphere": "ball"}.get(name, name) for name in OBJECTS)
LANGUAGES = ("en", "people", "de", "fr", "es")
LONGEST_PHRASE = 4
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# "a gift for dad" is about the gift.
BEFORE_A_PERSON = {"for", "my", "your", "our", "her", "his", "a", "the"}

Words = tuple[str, ...]


def unknown_things(prompt: str) -> list[str]:
    """The things in `prompt` that would not be drawn, as they are written there, each once, in order."""
    found = list(WORD.finditer(unicodedata.normalize("NFC", prompt)))
    words = [match.group().casefold().replace("’", "'") for match in found]
    unknown: dict[str, str] = {}
    at = 0
    while at < len(words):
        known = _longest(words, at, _known())
        strange = _longest(words, at, _strange())
        if strange > known and not _is_aside(words, at, strange):
            name = " ".join(match.group() for match in found[at : at + strange])
            unknown.setdefault(name.casefold(), name)
        elif not known and not strange and not _is_latin(words[at]):
            unknown.setdefault(words[at], found[at].group())
        at += max(known, strange, 1)
    return list(unknown.values())


def _longest(words: list[str], at: int, phrases: frozenset[Words]) -> int:
    """How many words from `at` on are one of `phrases`, in the singular or the plural; 0 for none."""
    for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        *first, last = words[at : at + size]
        if any((*first, form) in phrases for form in _forms(last)):
            return size
    return 0


def _forms(word: str) -> list[str]:
    """The word and what it may be the plural of."""
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("ves"):
        forms += [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith(("ss", "'s")):
        forms.append(word[:-1])
    return forms


def _is_aside(words: list[str], at: int, size: int) -> bool:
    """Whether a noun only describes a thing that can be drawn ("chocolate cake"), or says for whom it is."""
    if _longest(words, at + size, _drawable()):
        return True
    before = at - 1
    while before >= 0 and words[before] in BEFORE_A_PERSON - {"for"}:
        before -= 1
    return before >= 0 and words[before] == "for" and bool(_longest(words, at, _people()))


def _is_latin(word: str) -> bool:
    """Scripts that the text encoder does not read come out as unknown, whatever the word."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in word if letter.isalpha())


@cache
def _known() -> frozenset[Words]:
    groups: list[list[str]] = [
        *COLOUR_WORDS.values(),
        *OBJECT_WORDS.values(),
        [*OBJECTS],
        OCCASIONS,
        captions.SETTINGS,
    ]
    groups += [group["words"] for table in (TONES, MOODS, THEMES) for group in table.values()]
    tables = (
        captions.ROOM_PHRASES,
        captions.DECOR_PHRASES,
        captions.LIGHT_PHRASES,
        captions.STYLE_PHRASES,
        captions.PATTERN_PHRASES,
    )
    groups += [ways for table in tables for name, ways in table.items() if not name.endswith("reserved")]
    groups.append(["podium", "pedestal", "product stand", "plinth", "table", "counter", "shelf", "tabletop"])
    pieces = (piece for group in groups for way in group for piece in re.split(r"\{\w\}|,", way))
    return frozenset(words for piece in pieces if (words := _split(piece)))


@cache
def _drawable() -> frozenset[Words]:
    return frozenset(_split(word) for words in OBJECT_WORDS.values() for word in words if "{" not in word)


@cache
def _strange() -> frozenset[Words]:
    return frozenset(_split(noun) for language in LANGUAGES for noun in _nouns(language))


@cache
def _people() -> frozenset[Words]:
    return frozenset(_split(noun) for noun in _nouns("people"))


def _split(text: str) -> Words:
    return tuple(match.group().casefold() for match in WORD.finditer(text))


def _nouns(language: str) -> list[str]:
    return (NOUNS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
