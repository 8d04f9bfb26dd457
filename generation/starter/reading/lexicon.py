"""What words mean in one language: `words/` and `nouns/`, as phrases of folded words."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import english
from .spelling import WORD, folded, phrase_of

LANGUAGES = ("en", "de", "fr", "es", "it", "ar", "pl", "pt")
HERE = Path(__file__).parent
BRACES = re.compile(r"\{([^{}]*)\}")
MAYBE = "maybe "
ALONE = " alone"  # ends an attribute of words that have that meaning only in a clause without a noun
GRAMMAR_WEIGHT, THING_WEIGHT = 2.0, 1.2  # of a word, as a sign of its language; of any other: 1

PAINTED = ("scatters", "decors", "stages", "patterns")  # what is drawn in the colour that is said
BOUQUET = "bouquet"
INNER = (("things", "occasions"), ("sides", "lights"))  # of a phrase for one, what may be said inside it
NOUN_LAST = ("en", "de")  # languages in which what tells of a noun stands before it

Phrase = tuple[str, ...]
Senses = dict[str, tuple[str, ...]]  # values by attribute, which MAYBE may stand before


@dataclass(frozen=True)
class Lexicon:
    """reach: of a first word, how many words a phrase has at most; weights: of words, as signs of this
    language.
    """

    language: str
    senses: dict[Phrase, Senses]
    reach: dict[str, int]
    weights: dict[str, float]


@cache
def lexicon(language: str) -> Lexicon:
    senses: dict[Phrase, dict[str, dict[str, None]]] = {}
    weights: dict[str, float] = {}
    for attribute, value, phrase, weight in _entries(language):
        if not phrase:
            continue
        senses.setdefault(phrase, {}).setdefault(attribute, {})[value] = None
        for word in phrase:
            weights[word] = max(weights.get(word, 0), weight)
    reach: dict[str, int] = {}
    for phrase in senses:
        reach[phrase[0]] = max(reach.get(phrase[0], 0), len(phrase))
    settled = {phrase: _settled(of) for phrase, of in senses.items()}
    settled = {phrase: of for phrase, of in settled.items() if not _is_coloured(phrase, settled)}
    _add_things(settled, language)
    _add_inner(settled)
    return Lexicon(language, settled, reach, weights)


@cache
def signs() -> dict[str, dict[str, float]]:
    """Of each word, how much it speaks for each language that knows it: less, the more of them do."""
    weights: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        for word, weight in lexicon(language).weights.items():
            weights.setdefault(word, {})[language] = weight
    return {
        word: {language: weight / len(of) for language, weight in of.items()} for word, of in weights.items()
    }


def _entries(language: str) -> Iterator[tuple[str, str, Phrase, float]]:
    """Attribute, value, phrase, weight."""
    file = json.loads((HERE / "words" / f"{language}.json").read_text(encoding="utf-8"))
    grammar = file.pop("grammar")
    for attribute, group in file.items():
        weight = THING_WEIGHT if attribute == "things" else 1.0
        for value, phrases in (group if isinstance(group, dict) else {"": group}).items():
            for doubt, phrase in _phrases(phrases, language, attribute in ("things", "parts")):
                yield doubt + attribute, value, phrase, weight
    for number, value in grammar.pop("numbers").items():
        yield "numbers", str(value), phrase_of(number), GRAMMAR_WEIGHT
    for attribute, phrases in grammar.items():
        weight = 1.0 if attribute in ("people", "wall nouns", "floor nouns") else GRAMMAR_WEIGHT
        for _, phrase in _phrases(phrases, language, attribute == "people"):
            yield attribute, "", phrase, weight
    nouns = (HERE / "nouns" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    for doubt, phrase in _phrases(nouns, language, is_noun=True):
        yield doubt + "unknown", "", phrase, 1.0


def _phrases(texts: Iterable[str], language: str, is_noun: bool) -> Iterator[tuple[str, Phrase]]:
    """Each with a doubt, "" or MAYBE: an English noun written with "a" is often no noun ("book now"), unless
    in the plural.
    """
    has_rules = is_noun and language == "en"
    for text in texts:
        doubt = MAYBE if has_rules and text.startswith("a ") else ""
        # Folded before it is expanded: once, and not once for each of many.
        for one in expanded(folded(text.removeprefix("a ") if doubt else text)):
            phrase = tuple(WORD.findall(one))
            yield doubt, phrase
            if has_rules and phrase:
                yield from (("", plural) for plural in english.plurals(phrase))


def expanded(text: str) -> list[str]:
    """ "rot{,e}" as "rot" and "rote"."""
    match = BRACES.search(text)
    if not match:
        return [text]
    before, after = text[: match.start()], text[match.end() :]
    return [whole for choice in match[1].split(",") for whole in expanded(before + choice + after)]


def _settled(senses: dict[str, dict[str, None]]) -> Senses:
    """Only what has no other meaning is unknown: people are, parts where there is no whole, and words for a
    place.
    """
    if not senses.keys() <= {"unknown", MAYBE + "unknown", "people", "parts", "places"}:
        senses = {name: of for name, of in senses.items() if not name.endswith("unknown")}
    return {attribute: tuple(values) for attribute, values in senses.items()}


def _add_things(senses: dict[Phrase, Senses], language: str) -> None:
    """To occasions that name a thing as well: "Christmas gift"."""
    for phrase, of in senses.items():
        if "occasions" in of and "things" not in of:
            cuts = range(1, len(phrase))
            rests = (phrase[cut:] if language in NOUN_LAST else phrase[:-cut] for cut in cuts)
            if things := next(
                (senses[one]["things"] for one in rests if "things" in senses.get(one, {})), None
            ):
                senses[phrase] = {**of, "things": things}


def _add_inner(senses: dict[Phrase, Senses]) -> None:
    """What a part of a phrase says besides: a wedding in "wedding cake", the light in "soft daylight from the
    left".
    """
    for phrase, of in senses.items():
        for outer, inner in INNER:
            if outer in of and inner not in of and (found := _inside(phrase, inner, senses)):
                senses[phrase] = of = {**of, inner: found}


def _inside(phrase: Phrase, attribute: str, senses: dict[Phrase, Senses]) -> tuple[str, ...] | None:
    """What the longest part of a phrase means by an attribute."""
    for size in range(len(phrase) - 1, 0, -1):
        for start in range(len(phrase) - size + 1):
            if found := senses.get(phrase[start : start + size], {}).get(attribute):
                return found
    return None


def _is_coloured(phrase: Phrase, senses: dict[Phrase, Senses]) -> bool:
    """Whether it is two phrases, a thing to draw and its colour: "red roses", and not "red wine"."""
    for hue, rest in ((phrase[:1], phrase[1:]), (phrase[-1:], phrase[:-1])):
        if "colours" in senses.get(hue, {}) and _painted(senses.get(rest, {})) & _painted(senses[phrase]):
            return True
    return False


def _painted(senses: Senses) -> set[tuple[str, str]]:
    found = {(name, value) for name in PAINTED for value in senses.get(name, ())}
    return found | ({("things", BOUQUET)} if BOUQUET in senses.get("things", ()) else set())
