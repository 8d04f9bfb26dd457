"""What the starter can draw, and what a prompt names that it cannot. No torch: the web process asks before
the click.

The known words are those of the captions it was trained on. Unknown *things* are found by lists of nouns
(`things/`): an adjective, a verb or a weekday that no caption used does no harm. A line of a list that begins
with "a" is a word that is often something else ("book now"), and counts only as a noun: after an article or a
number, or in the plural.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import captions
from .scene import OBJECTS
from .world import COLOUR_WORDS, MOODS, OBJECT_WORDS, OCCASIONS, THEMES, TONES

Words = tuple[str, ...]

DRAWABLE: tuple[str, ...] = tuple(f"a {name}" for name in (*(o for o in OBJECTS if o != "sphere"), "ball"))
LISTS = ("english", "people", "german", "french", "spanish")
LONGEST = 5  # words of a phrase
ARTICLES = frozenset({
    "a", "an", "the", "one", "my", "our", "your", "this", "that", "some", "each", "every", "another",
})  # fmt: skip
NUMBERS = frozenset({
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "several", "many",
    "few", "dozen",
})  # fmt: skip
PREPOSITIONS = frozenset({
    "on", "in", "with", "and", "at", "by", "near", "under", "next", "beside", "behind",
})  # fmt: skip
# A word after one of these is a verb, or belongs to another thing: no article before them reaches it.
BREAKS = PREPOSITIONS | {
    "to", "of", "for", "from", "or", "you", "we", "i", "they", "can", "will", "must", "now", "not",
}  # fmt: skip
NEGATIONS = frozenset({"no", "without"})


@dataclass(frozen=True, slots=True)
class Word:
    """text: folded for look-up; start, end: where it stands in the prompt; joined: only blanks separate it
    from the word before.
    """

    text: str
    start: int
    end: int
    joined: bool
    is_latin: bool


def unknown_things(prompt: str) -> list[str]:
    """The things in `prompt` that would not be drawn, as they are written there, each once, in order."""
    words = _words(prompt)
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        size, unknown = _next(words, at)
        if unknown and not _is_unwanted(words, at):
            name = prompt[words[at].start : words[at + size - 1].end]
            found.setdefault(" ".join(_singular(word.text) for word in words[at : at + size]), name)
        at += size
    return list(found.values())


def ignored_wishes(prompt: str) -> list[str]:
    """Numbers of things, and things told to be left out, that it would not heed: "two candles", "no cake"."""
    words = _words(prompt)
    wishes: dict[str, str] = {}
    for at, word in enumerate(words):
        if not (word.text in NEGATIONS | NUMBERS or (word.text.isdecimal() and int(word.text) > 1)):
            continue
        for thing in range(at + 1, min(at + 4, len(words))):
            if not words[thing].joined or words[thing].text in BREAKS:
                break
            if size := _longest(words, thing, _drawable()):
                wish = prompt[word.start : words[thing + size - 1].end]
                wishes.setdefault(wish.casefold(), wish)
                break
    return list(wishes.values())


def _next(words: list[Word], at: int) -> tuple[int, bool]:
    """How many words from `at` on belong together, and whether they name a thing that it cannot draw."""
    if not words[at].is_latin:
        return _foreign_run(words, at), True
    known = _longest(words, at, _known())
    strange = _longest(words, at, _things()) or _ambiguous(words, at)
    if strange <= known:
        return max(known, 1), False
    return strange, not _describes(words, at, strange)


def _foreign_run(words: list[Word], at: int) -> int:
    """Words side by side in a script that it cannot read are told as one."""
    size = 1
    while at + size < len(words) and words[at + size].joined and not words[at + size].is_latin:
        size += 1
    return size


def _ambiguous(words: list[Word], at: int) -> int:
    """1 if the word is a noun here, among those that are often no noun."""
    word = words[at].text
    if _singular(word) not in _often_no_thing():
        return 0
    if word not in _often_no_thing():
        return 1  # a plural
    if at == 0:
        return int(len(words) == 1 or not words[1].joined or words[1].text in PREPOSITIONS)
    for before in range(at - 1, max(at - 4, -1), -1):
        if words[before].text in ARTICLES or words[before].text in NUMBERS:
            return 1
        if not words[before + 1].joined or words[before].text in BREAKS:
            break
    return 0


def _describes(words: list[Word], at: int, size: int) -> bool:
    """Whether a noun only tells of which kind a drawable thing is ("chocolate cake", "bottle of oil"), or
    for whom it is ("gift for dad").
    """
    after = at + size
    while after < len(words) and words[after].joined:
        if _longest(words, after, _drawable()) and not _longest(words, after, _things()):
            return True
        if not (step := _longest(words, after, _things())):
            break
        after += step
    before = at - 1
    if before > 0 and words[before].text == "of" and (words[before - 1].text,) in _drawable():
        return True
    while before > 0 and (words[before].text in ARTICLES | {"and"} or _longest(words, before, _people())):
        before -= 1
    return before >= 0 and words[before].text == "for" and bool(_longest(words, at, _people()))


def _is_unwanted(words: list[Word], at: int) -> bool:
    """After "no" or "without": what it cannot draw it leaves out anyway."""
    before = [word.text for word in words[max(at - 2, 0) : at]]
    return bool(before) and (
        before[-1] in NEGATIONS or (before[0] in NEGATIONS and before[-1] in ("a", "any"))
    )


def _longest(words: list[Word], at: int, phrases: frozenset[Words]) -> int:
    """How many words from `at` on are one of `phrases`, in the singular or the plural; 0 for none."""
    size = 1
    while size < LONGEST and at + size < len(words) and words[at + size].joined:
        size += 1
    for count in range(size, 0, -1):
        texts = tuple(word.text for word in words[at : at + count])
        if texts in phrases or (*texts[:-1], _singular(texts[-1])) in phrases:
            return count
    return 0


def _singular(word: str) -> str:
    """What an English word may be the plural of; the same where nothing is certain."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if (
        word.endswith("ies")
        and len(word) > 4
        and word not in ("cookies", "brownies", "smoothies", "hoodies", "movies")
    ):
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes", "zzes", "toes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")) else word


IRREGULAR = {
    "knives": "knife", "wolves": "wolf", "leaves": "leaf", "loaves": "loaf", "calves": "calf", "shelves":
    "shelf", "scarves": "scarf", "elves": "elf", "mice": "mouse", "geese": "goose", "teeth": "tooth",
    "feet": "foot", "men": "man", "women": "woman", "children": "child", "pies": "pie", "ties": "tie",
    "shoes": "shoe", "toes": "toe", "buses": "bus", "mangoes": "mango", "tomatoes": "tomato", "potatoes":
    "potato", "roses": "rose", "houses": "house", "vases": "vase", "horses": "horse", "heroes": "hero",
    "toothbrushes": "toothbrush", "cactuses": "cactus", "axes": "axe", "headaches": "headache", "octopuses":
    "octopus", "walruses": "walrus", "cacti": "cactus",
}  # fmt: skip


# Marks stand by their ranges, as `re` has no class for them: accents, and the vowel signs of Arabic, of South
# Asian scripts and of Thai.
MARKS = (
    r"\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f"
    r"\u0981-\u0983\u09bc-\u09cd\u0b82-\u0bcd\u0e31-\u0e4e"
)
LETTER = rf"(?:[^\W\d_]|[{MARKS}])"
WORD = re.compile(rf"{LETTER}+(?:['’]{LETTER}+)*|\d+")


def _words(text: str) -> list[Word]:
    """Letters with their marks, and numbers; "t-shirt" is two words, "valentine's" is one."""
    words: list[Word] = []
    for match in WORD.finditer(text):
        if not any(character.isalnum() for character in match.group()):
            continue
        between = text[words[-1].end : match.start()] if words else ","
        joined = all(
            character in "-‐‑" or character.isspace() or _is_format(character) for character in between
        )
        words.append(
            Word(_folded(match.group()), match.start(), match.end(), joined, _is_latin(match.group()))
        )
    return words


def _folded(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("œ", "oe")


def _is_format(character: str) -> bool:
    return unicodedata.category(character) == "Cf"


def _is_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


# --- the lists ----------------------------------------------------------------------------------------------


@cache
def _known() -> frozenset[Words]:
    """Every phrase of the captions, with placeholders cut out."""
    groups = [*COLOUR_WORDS.values(), *OBJECT_WORDS.values(), OBJECTS, OCCASIONS, captions.SETTINGS]
    groups += [group["words"] for table in (TONES, MOODS, THEMES) for group in table.values()]
    for table in (
        captions.ROOM_PHRASES, captions.DECOR_PHRASES, captions.LIGHT_PHRASES, captions.STYLE_PHRASES,
        captions.PATTERN_PHRASES,
    ):  # fmt: skip
        groups += table.values()
    return _phrases(piece for group in groups for phrase in group for piece in phrase.split("{"))


@cache
def _drawable() -> frozenset[Words]:
    return _phrases(
        [*OBJECTS, *(word for words in OBJECT_WORDS.values() for word in words if "{" not in word)]
    )


@cache
def _things() -> frozenset[Words]:
    foreign = (line for name in LISTS[1:] for line in _lines(name))
    return _phrases(line for line in _lines(LISTS[0]) if not line.startswith("a ")) | {
        tuple(word.text for word in _words(line)) for line in foreign
    }


@cache
def _often_no_thing() -> frozenset[str]:
    return frozenset(line.removeprefix("a ") for line in _lines("english") if line.startswith("a "))


@cache
def _people() -> frozenset[Words]:
    return _phrases(_lines("people"))


def _lines(name: str) -> list[str]:
    path = Path(__file__).with_name("things") / f"{name}.txt"
    return path.read_text(encoding="utf-8").splitlines()


def _phrases(texts: Iterable[str]) -> frozenset[Words]:
    """Each as it is, and its last word in the singular."""
    phrases = set()
    for text in texts:
        words = tuple(word.text for word in _words(text))
        if words:
            phrases |= {words, (*words[:-1], _singular(words[-1]))}
    return frozenset(phrases)
