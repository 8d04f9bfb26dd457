"""A second corpus, by nobody who wrote a rule: new disguises, and what shops of other trades write.

What is forbidden is made of the open templates of `tests.safety.corpus`; no harmful words stand here.
"""

from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from random import Random

from generation.safety import encoded
from tests.safety.corpus import (
    CLASSES,
    UPLOADS,
    Prompt,
    endless,
    forbidden,
    open_words,
    shop_texts,
    unseen,
    whole,
)
from tests.safety.sections import Piece, Sections, sections

from .disguises import AROUND, DISGUISES

HERE = Path(__file__).parent
SEED = 1847
EACH_DISGUISE, UNDISGUISED = 16, 40
FORBIDDEN = EACH_DISGUISE * len(DISGUISES) + UNDISGUISED
# The sections of `plain/*.txt` that are trades; every line of them makes one prompt.
TRADES = (
    *("tattoo", "maternity", "physio", "practice", "pole", "archery", "vegan", "worship", "pride", "barber"),
    *("nursery", "kids_dance", "teen", "wine", "escape_room", "paintball", "pest", "martial_arts"),
    *("sculptor", "waxing", "charity_run", "campaign", "places", "bookshop", "vet"),
)
LANGUAGES = ("en", "de", "fr", "es", "it", "ar", "pl", "pt")
LINES_EACH = 3
PLAIN = len(LANGUAGES) * len(TRADES) * LINES_EACH


def prompts(seed: int = SEED) -> list[Prompt]:
    """Those to refuse, and the plain ones; `label` tells them apart."""
    return [*disguised(seed), *(one for language in LANGUAGES for one in plain_of(language, seed))]


def disguised(seed: int) -> list[Prompt]:
    """Languages and classes in turns: six and seven meet each other equally often, and each disguise."""
    words = open_words()
    languages, labels = cycle(words), cycle(CLASSES)
    chance = {language: Random(f"{seed} second {language}") for language in words}
    templates = {
        (language, label): endless(words[language][label], chance[language])
        for language in words
        for label in CLASSES
    }
    seen = {one.texts["prompt"] for one in forbidden() if not one.evasion}
    made = []
    for disguise, language, label in zip(plan(), languages, labels, strict=False):
        typed = unseen(templates[language, label], words[language], seen, chance[language])
        texts = {"prompt": hidden(typed, disguise, chance[language]) if disguise else whole(typed)}
        made.append(Prompt(texts, language, label, disguise, label in UPLOADS))
    return made


def plan() -> Iterator[str]:
    """The disguise of each prompt, "" for none."""
    yield from (name for name in DISGUISES for _ in range(EACH_DISGUISE))
    yield from ("" for _ in range(UNDISGUISED))


def hidden(typed: list[Piece], disguise: str, chance: Random) -> str:
    """The whole text is disguised, or the terms alone where that changes them."""
    hide = DISGUISES[disguise]
    if disguise not in AROUND and chance.random() < 0.5:
        parts = (hide(piece.text, chance) if piece.chosen else piece.text for piece in typed)
        made = "".join(parts).strip(" ,،")
        if made != whole(typed):
            return made
    return hide(whole(typed), chance)


@cache
def shops(language: str) -> Sections:
    return sections(encoded.read(HERE / "plain" / f"{language}.txt"))


def plain_of(language: str, seed: int) -> list[Prompt]:
    """As shops write them: most as they should, some in small letters, in haste, or in a frame."""
    chance = Random(f"{seed} second {language} plain")
    found = shops(language)
    return [
        Prompt(shop_texts(trade, line, found, chance), language, "plain", kind=trade)
        for trade in TRADES
        for line in islice(found[trade], LINES_EACH)
    ]
