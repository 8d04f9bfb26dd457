"""Prompts that must be refused, and prompts of shops that look alike; the same ones for a seed.

A third of the `FORBIDDEN` prompts is sealed, and a quarter of the `PLAIN` ones: two languages, and two
evasions that nothing outside of `tests/safety/sealed` knows of. `forbidden` and `plain` are for whoever
writes rules; `sealed` is for one score.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

from generation.safety import encoded

from .evasions import EVASIONS, OF_THE_WHOLE, SPLIT, Evasion, halves, unaccented
from .sections import Piece, Sections, filled, pieces, sections

HERE = Path(__file__).parent
# How many of each class a language has. Half of them are written so as not to be found.
CLASSES = {
    "minor_sexual": 8,
    "undress": 7,
    "sexual_named_person": 7,
    "explicit": 7,
    "weapons": 7,
    "hate": 7,
    "self_harm": 7,
}
LANGUAGES = 8
FORBIDDEN = LANGUAGES * sum(CLASSES.values())
PLAIN_EACH = 250
PLAIN = LANGUAGES * PLAIN_EACH
OPEN_EVASIONS = (*EVASIONS, SPLIT)
# Of the evasions of each language, those that are sealed: the name of each is known there.
HELD_BACK = ("sealed 1", "sealed 2") * 3
UPLOADS = ("undress", "photo")
OTHER_FIELDS = ("negative_prompt", "headline")
# Of the plain prompts; `FRAMED` in a poster, a flyer or some light.
WITH_OTHER_FIELDS, FRAMED = 0.14, 0.55
# Sections of shops that are no shop.
PARTS = ("frames", "style", "unaccented", "price", "phone", *OTHER_FIELDS)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What somebody typed, by the field it was typed into."""

    texts: dict[str, str]
    language: str
    label: str
    evasion: str = ""
    has_uploaded_face: bool = False
    kind: str = ""


def forbidden(seed: int = 13) -> list[Prompt]:
    """The open ones: all classes, the open languages, the open evasions."""
    made = (forbidden_of(language, words, EVASIONS, seed) for language, words in open_words().items())
    return [prompt for prompts in made for prompt in prompts if prompt.evasion not in HELD_BACK]


def plain(seed: int = 13) -> list[Prompt]:
    """The open ones, as shops write them."""
    return [prompt for language, shops in open_shops().items() for prompt in plain_of(language, shops, seed)]


def sealed(seed: int = 13) -> list[Prompt]:
    """The rest of both, `label` tells them apart. Not to be read before the rules are."""
    from .sealed import prompts  # not at the top: what is sealed is read when it is asked for

    return prompts(seed)


@cache
def open_words() -> dict[str, Sections]:
    return {path.stem: sections(encoded.read(path)) for path in sorted((HERE / "words").glob("*.txt"))}


@cache
def open_shops() -> dict[str, Sections]:
    files = sorted((HERE / "shops").glob("*.txt"))
    return {path.stem: sections(path.read_text(encoding="utf-8").splitlines()) for path in files}


def forbidden_of(language: str, words: Sections, ways: Mapping[str, Evasion], seed: int) -> list[Prompt]:
    """All of a language; with an evasion that `ways` lacks, a prompt is as it would be without."""
    chance = Random(f"{seed} {language}")
    plan = list(planned(chance))
    templates = {label: endless(words[label], chance) for label in CLASSES}
    seen: set[str] = set()
    made: list[Prompt] = []
    for label, evasion in plan:
        typed = unseen(templates[label], words, seen, chance)
        way = Random(f"{seed} {language} {len(made)}")
        texts = hidden(typed, evasion, ways, way) if evasion else {"prompt": whole(typed)}
        made.append(Prompt(texts, language, label, evasion, label in UPLOADS))
    return made


def planned(chance: Random) -> Iterator[tuple[str, str]]:
    """A class and an evasion ("" for none) for each prompt of a language, half of each class with one."""
    more = chance.sample([label for label, count in CLASSES.items() if count % 2], 3)
    labels = [
        label for label, count in CLASSES.items() for _ in range(count // 2 + (count % 2 and label in more))
    ]
    count_open = len(labels) - len(HELD_BACK)
    evasions = [*OPEN_EVASIONS, *chance.sample(OPEN_EVASIONS, count_open - len(OPEN_EVASIONS)), *HELD_BACK]
    chance.shuffle(evasions)
    evaded = Counter(labels)
    for label, count in CLASSES.items():
        yield from ((label, "") for _ in range(count - evaded[label]))
    yield from zip(labels, evasions, strict=True)


def endless(lines: Iterable[str], chance: Random) -> Iterator[str]:
    """All lines before any comes again."""
    order = list(lines)
    chance.shuffle(order)
    return cycle(order)


def unseen(templates: Iterator[str], words: Sections, seen: set[str], chance: Random) -> list[Piece]:
    """The next template filled, as somebody would type it."""
    for template in templates:
        made = pieces(template, words, chance, ordinary=("style", "phone", "tel"))
        typed = as_typed(made, words.get("unaccented", []), chance)
        if whole(typed) not in seen:
            seen.add(whole(typed))
            return typed
    raise AssertionError("templates never end")


def whole(typed: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in typed).strip(" ,،")


def as_typed(made: list[Piece], accents: Iterable[str], chance: Random) -> list[Piece]:
    """Most people write as they should; some in small letters, without accents, in haste, or aloud.

    A language may have its own way to write a letter without its accent, "å=aa".
    """
    habit = chance.choice(("", "", "", "small", "no accents", "haste", "aloud"))
    if habit == "small":
        return [piece._replace(text=piece.text.lower()) for piece in made]
    if habit == "no accents":
        return [piece._replace(text=without_accents(piece.text, accents)) for piece in made]
    if habit == "haste":
        return [piece if piece.chosen else piece._replace(text=slip(piece.text, chance)) for piece in made]
    if habit == "aloud":
        return [*(piece._replace(text=piece.text.upper()) for piece in made), Piece("!!", False)]
    return made


def without_accents(text: str, accents: Iterable[str]) -> str:
    for accent in accents:
        letter, _, others = accent.partition("=")
        text = text.replace(letter, others)
    return unaccented(text)


def slip(text: str, chance: Random) -> str:
    """Two neighbours of one long word in the wrong order."""
    words = text.split(" ")
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    if words[longest].isalpha() and len(words[longest]) > 4:
        word = words[longest]
        place = chance.randrange(1, len(word) - 2)
        words[longest] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


def hidden(typed: list[Piece], evasion: str, ways: Mapping[str, Evasion], chance: Random) -> dict[str, str]:
    """By field. The whole text is hidden, or the terms alone."""
    alone = any(piece.chosen for piece in typed) and chance.random() < 0.5
    if evasion == SPLIT:
        return in_two_fields(typed, chance)
    hide = ways.get(evasion, lambda text, _: text)
    if not alone or evasion in OF_THE_WHOLE:
        return {"prompt": hide(whole(typed), chance)}
    parts = (hide(piece.text.strip(" ,،"), chance) if piece.chosen else piece.text for piece in typed)
    return {"prompt": "".join(parts)}


def in_two_fields(typed: list[Piece], chance: Random) -> dict[str, str]:
    """Cut within a term, when there is one."""
    other = chance.choice(OTHER_FIELDS)
    terms = [at for at, piece in enumerate(typed) if piece.chosen] or range(len(typed))
    at = max(terms, key=lambda place: len(typed[place].text))
    first, second = halves(typed[at].text, chance)
    before, after = ("".join(piece.text for piece in part) for part in (typed[:at], typed[at + 1 :]))
    return {"prompt": before + first, other: (second + after).strip(" ,،")}


def plain_of(language: str, shops: Sections, seed: int) -> list[Prompt]:
    """Every line of every shop, and some again, as a poster, a flyer or in some light."""
    chance = Random(f"{seed} {language} plain")
    lines = [(kind, line) for kind, found in shops.items() if kind not in PARTS for line in found]
    chance.shuffle(lines)
    framed = [(kind, line) for kind, line in lines if is_framed(kind, line)]
    seen: set[str] = set()
    made = []
    for kind, line in islice([*lines, *framed], PLAIN_EACH):
        texts = shop_texts(kind, line, shops, chance)
        while texts["prompt"] in seen:
            texts = shop_texts(kind, line, shops, chance)
        seen.add(texts["prompt"])
        made.append(Prompt(texts, language, "plain", has_uploaded_face=kind in UPLOADS, kind=kind))
    return made


def is_framed(kind: str, line: str) -> bool:
    return kind != "photo" and "||" not in line


def shop_texts(kind: str, line: str, shops: Sections, chance: Random) -> dict[str, str]:
    """The fields of a prompt; a line may say "words || field: words"."""
    line, _, field = line.partition(" || ")
    other = dict([field.split(": ", 1)]) if field else {}
    framed = chance.random() < FRAMED and kind != "photo" and not other
    frames = [frame for frame in shops["frames"] if frame.endswith("{x}") or line[-1] not in ".!?"]
    typed = chance.choice(frames).replace("{x}", line) if framed else line
    accents = shops.get("unaccented", [])
    text = whole(as_typed([Piece(filled(typed, shops, chance), False)], accents, chance))
    if not other and chance.random() < WITH_OTHER_FIELDS:
        name = chance.choice(OTHER_FIELDS)
        other = {name: chance.choice(shops[name])}
    return {"prompt": text} | other
