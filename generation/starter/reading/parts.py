"""Words that no list holds, read by what they are made of: German compounds and genitives, Arabic endings."""

from collections.abc import Iterator
from functools import lru_cache

from .lexicon import Senses, lexicon

TAIL, HEAD = 4, 4  # letters of a compound's parts, at least; a known head may be shorter
TAILS = (
    "things",
    "unknown",
    "trades",
    "occasions",
    "floor nouns",
    "wall nouns",
    "stages",
    "scatters",
    "colours",
)
HEADS = ("floors", "walls", "occasions", "colours")  # what a head says of its tail: "Holztisch"
ENDINGS = {"de": ("s", "es", "n", "en", "e"), "ar": ("نا", "ي", "كم")}  # of a case, or "our"
LINKS = ("", "s", "es", "n", "en")  # between the parts of a compound
LONGEST = 40  # letters of a word that is worth it


@lru_cache(maxsize=4096)
def senses_by_parts(word: str, language: str) -> Senses | None:
    """What `word` means; None for nothing."""
    if language not in ENDINGS or len(word) > LONGEST:
        return None
    known = lexicon(language).senses
    for stem in _stems(word, language):
        if senses := known.get((stem,)):
            return senses
    return _compound(word) if language == "de" else None


def _stems(word: str, language: str) -> Iterator[str]:
    for ending in ENDINGS[language]:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield stem
            if stem.endswith("ت"):
                yield stem[:-1] + "ه"


def _compound(word: str) -> Senses | None:
    """The longest tail that is known, with what its head adds."""
    known = lexicon("de").senses
    for cut in range(2, len(word) - TAIL + 1):
        tail = known.get((word[cut:],), {})
        if not any(name in TAILS for name in tail):
            continue
        head = _head(word[:cut])
        if cut >= HEAD or head:
            return {name: of for name, of in head.items() if name in HEADS} | tail
    return None


def _head(word: str) -> Senses:
    known = lexicon("de").senses
    bare = (word.removesuffix(link) for link in LINKS)
    return next((known[(head,)] for head in bare if (head,) in known), {})
