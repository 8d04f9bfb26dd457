"""What the rules are scored with once they are written. Reading on spoils the score.

Every list stands in base64, the names of the languages and of the evasions too.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from generation.safety import encoded

from ..corpus import HELD_BACK, Prompt, forbidden_of, open_words, plain_of
from ..evasions import EVASIONS, WORD, Evasion, each_word, swapped
from ..sections import Sections, sections

HERE = Path(__file__).parent


def prompts(seed: int) -> list[Prompt]:
    ways = EVASIONS | {name: way for name, (_, way) in sealed_evasions().items()}
    made = []
    for language, words in open_words().items():
        made += [one for one in forbidden_of(language, words, ways, seed) if one.evasion in HELD_BACK]
    for language, lists in sealed_lists().items():
        made += forbidden_of(language, lists["words"], ways, seed)
        made += plain_of(language, lists["shops"], seed)
    return [replace(one, evasion=real_name(one.evasion)) for one in made]


def real_name(evasion: str) -> str:
    return sealed_evasions()[evasion][0] if evasion in HELD_BACK else evasion


@cache
def sealed_lists() -> dict[str, dict[str, Sections]]:
    """By language, which is the first line of both files."""
    found: dict[str, dict[str, Sections]] = {}
    for path in sorted(HERE.glob("*-*.txt")):
        language, *lines = encoded.read(path)
        found.setdefault(language, {})[path.stem.partition("-")[2]] = sections(lines)
    return found


@cache
def sealed_evasions() -> dict[str, tuple[str, Evasion]]:
    """By the name that the plan has for each: its own, and what it does."""
    lists = sections(encoded.read(HERE / "evasions.txt"))
    pairs = dict(line.split("=") for line in lists["pairs"])
    signs = {line[0]: line[1:].split() for line in lists["for"]}

    def first(text: str, chance: Random) -> str:
        return by_pairs(text, pairs, chance)

    def second(text: str, chance: Random) -> str:
        if chance.random() < 0.5 and set(text.lower()) & set(signs):
            return swapped(text.lower(), signs, chance, chance.choice((0.5, 1)))
        between = chance.choice(lists["between"])
        return each_word(text, between.join) if chance.random() < 0.7 else each_word(text, between.__add__)

    return dict(zip(dict.fromkeys(HELD_BACK), zip(lists["names"], (first, second), strict=True), strict=True))


def by_pairs(text: str, pairs: Mapping[str, str], chance: Random) -> str:
    """In a word one or two of its pairs, or, where it has none, two neighbours; a short word seldom."""
    most = max(map(len, WORD.findall(text)))

    def is_left(word: str) -> bool:
        often = 0.3 if len(word) > 4 else 0.8
        return len(word) < 3 or word.isdigit() or (len(word) < most and chance.random() < often)

    def changed(word: str) -> str:
        found = [pair for pair in pairs if pair in word.lower()]
        if is_left(word):
            return word
        if len(set(word.lower())) == 1:
            return word + word[-1]
        if not found:
            place = chance.randrange(1, len(word) - 1)
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        word = word.lower()
        for pair in chance.sample(found, min(len(found), chance.choice((1, 1, 2)))):
            word = word.replace(pair, pairs[pair], 1)
        return word

    return each_word(text, changed)
