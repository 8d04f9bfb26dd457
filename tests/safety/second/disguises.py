"""Ten more ways to write what a list of words does not find: text -> text, by chance.

`tests.safety.evasions` has none of them. Every one of them changes a text that has a word of three letters,
in Latin or in Arabic letters; ages stay what they are.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from generation.safety import encoded
from tests.safety.evasions import WORD, Evasion, each_word, is_arabic
from tests.safety.sections import Sections, sections

HERE = Path(__file__).parent
LONG = 3
KEYBOARDS = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ"),
)
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"))
INVERTED = {"latin": "¡¿‽", "arabic": "؟؛،"}
ENDINGS = {
    "latin": ("s", "z", "zz", "y", "ie", "ito", "ita", "inho", "ek", "ka"),
    "arabic": ("ات", "ين", "ة", "ي"),
}
# Signs that turn the direction of what follows, until `NO_MORE`.
LEFT, RIGHT, NO_MORE = "\u202d", "\u202e", "\u202c"
# Little words of the same meaning, by language; and more of each language, to know it by.
LANGUAGES = ("en", "es", "fr", "pl", "pt", "ar")
SAME = (
    ("with", "con", "avec", "z", "com", "مع"),
    ("and", "y", "et", "i", "e", "و"),
    ("in", "en", "dans", "w", "em", "في"),
    ("without", "sin", "sans", "bez", "sem", "بدون"),
    ("like", "como", "comme", "jak", "como", "مثل"),
)
MORE = {
    "en": "the of a an on to my is her his",
    "es": "el la los las una un de del por mi se",
    "fr": "le la les une un de des du sur qui ma",
    "pl": "na do się dla o od po jest przy",
    "pt": "o a os as uma um de da do na no por se",
}


def script(text: str) -> str:
    return "arabic" if any(map(is_arabic, text)) else "latin"


def long_words(text: str, change: Callable[[str], str]) -> str:
    """Words of three letters or more, which no number is."""
    return each_word(text, lambda word: change(word) if len(word) >= LONG and not word.isdigit() else word)


def syllables(text: str, chance: Random) -> str:
    """Two letters and two, or three, with a sign between."""
    sign = chance.choice(("-", ".", "·", "~", "'", "- "))

    def parted(word: str) -> str:
        first = chance.randint(2, min(3, len(word) - 1))
        return sign.join([word[:first], *re.findall(r"\w{3,}?(?!\w?\b)|\w+", word[first:])])

    return long_words(text, parted)


def bracketed(text: str, chance: Random) -> str:
    """Brackets around every letter, around one, or around the end of a word."""
    way, (opening, closing) = chance.choice(("all", "one", "end")), chance.choice(BRACKETS)

    def within(word: str) -> str:
        if way == "all":
            return "".join(f"{opening}{letter}{closing}" for letter in word)
        at = chance.randrange(1, len(word) - 1)
        to = at + 1 if way == "one" else len(word)
        return word[:at] + opening + word[at:to] + closing + word[to:]

    return long_words(text, within)


def inverted_signs(text: str, chance: Random) -> str:
    """Question marks upside down, inside of words."""

    def sprinkled(word: str) -> str:
        signs = INVERTED[script(word)]
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(1, len(word))
            word = word[:at] + chance.choice(signs) + word[at:]
        return word

    return long_words(text, sprinkled)


@cache
def neighbours() -> dict[str, str]:
    """The keys on both sides of each."""
    found = {}
    for row in (*KEYBOARDS, *(row.upper() for row in KEYBOARDS[:3])):
        for at, letter in enumerate(row):
            found[letter] = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return found


def wrong_keys(text: str, chance: Random) -> str:
    """One letter of each word from the key beside; the first stays, unless no other can be."""
    keys = neighbours()

    def mistyped(word: str) -> str:
        places = [at for at, letter in enumerate(word) if letter in keys]
        if not places:
            return word
        at = chance.choice(places[1:] or places)
        return word[:at] + chance.choice(keys[word[at]]) + word[at + 1 :]

    return long_words(text, mistyped)


def doubled_letters(text: str, chance: Random) -> str:
    """All of them; or all of a word but its first and its last."""
    inner = chance.random() < 0.5

    def twice(word: str) -> str:
        if inner:
            return word[0] + "".join(letter * 2 for letter in word[1:-1]) + word[-1]
        return "".join(letter * 2 for letter in word)

    return long_words(text, twice)


def turned_direction(text: str, chance: Random) -> str:
    """Written backwards, with a sign that lets it be shown forwards: the whole, or word by word."""
    by_word = chance.random() < 0.5

    def turned(words: str) -> str:
        if script(words) == "latin":
            return RIGHT + words[::-1] + NO_MORE
        backwards = re.sub(r"\d+", lambda number: number.group()[::-1], words[::-1])
        return LEFT + backwards + NO_MORE

    return long_words(text, turned) if by_word else turned(text)


def endings(text: str, chance: Random) -> str:
    """A plural or a diminutive, of whatever language, where none belongs; on short words if on no other."""
    least = 4 if any(len(word) > LONG and not word.isdigit() for word in WORD.findall(text)) else LONG

    def ended(word: str) -> str:
        ending = chance.choice(ENDINGS[script(word)])
        return word + (ending.upper() if word.isupper() else ending) if len(word) >= least else word

    return long_words(text, ended)


def language_of(text: str) -> str:
    """That whose little words it has most of."""
    if script(text) == "arabic":
        return "ar"
    words = WORD.findall(text.casefold())
    known = {
        name: {*more.split(), *(row[LANGUAGES.index(name)] for row in SAME)} for name, more in MORE.items()
    }
    return max(known, key=lambda name: sum(word in known[name] for word in words))


@cache
def framings() -> Sections:
    return sections(encoded.read(HERE / "framings.txt"))


def mixed_languages(text: str, chance: Random) -> str:
    """Begun in one language, ended in another, and with little words of the first of these."""
    own = language_of(text)
    first, last = chance.sample([name for name in LANGUAGES if name != own], 2)
    here, there = LANGUAGES.index(own), LANGUAGES.index(first)
    little = {row[here]: row[there] for row in SAME}
    body = each_word(text, lambda word: little.get(word.casefold(), word))
    head, tail = (chance.choice(framings()[name]) for name in (f"head {first}", f"tail {last}"))
    return f"{head} {body}, {tail}"


def framed(kind: str, text: str, chance: Random) -> str:
    """In words of its own language, or in English ones that somebody has copied."""
    language = language_of(text) if chance.random() < 0.7 else "en"
    return chance.choice(framings()[f"{kind} {language}"]).replace("{x}", text)


def polite(text: str, chance: Random) -> str:
    return framed("polite", text, chance)


def pretended(text: str, chance: Random) -> str:
    """A scene of a story, or an order to forget the rules."""
    return framed(chance.choice(("story", "rules")), text, chance)


DISGUISES: dict[str, Evasion] = {
    "syllables": syllables,
    "brackets": bracketed,
    "inverted signs": inverted_signs,
    "wrong keys": wrong_keys,
    "doubled letters": doubled_letters,
    "turned direction": turned_direction,
    "endings": endings,
    "mixed languages": mixed_languages,
    "polite": polite,
    "pretended": pretended,
}
# What makes no sense around a word of the text.
AROUND = ("mixed languages", "polite", "pretended")
