"""Whether a thing was said in the plural: a phrase which, with one or more of its words in the singular, is
another one that is listed for the same thing.
"""

from functools import lru_cache
from itertools import product

from .lexicon import Phrase, lexicon

# What ends a word, and what ends it in the plural. Arabic and Polish say a number by their cases too, so that
# an ending alone would not tell.
ENDINGS = {
    "en": (("", "s"), ("", "es"), ("y", "ies")),
    "de": (("", "e"), ("", "n"), ("", "en"), ("", "s")),
    "fr": (("", "s"), ("", "x")),
    "es": (("", "s"), ("", "es")),
    "pt": (("", "s"), ("", "es")),
    "it": (("o", "i"), ("a", "e"), ("e", "i"), ("io", "i"), ("", "s")),
}


@lru_cache(maxsize=4096)
def is_plural(phrase: Phrase, language: str) -> bool:
    known = lexicon(language).senses
    things = known.get(phrase, {}).get("things")
    if not things:
        return False
    choices = product(*([word, *_singles(word, language)] for word in phrase))
    return any(one != phrase and known.get(one, {}).get("things") == things for one in choices)


def _singles(word: str, language: str) -> list[str]:
    """What the word would be in the singular, if it is a plural."""
    return [
        word.removesuffix(several) + single
        for single, several in ENDINGS.get(language, ())
        if word.endswith(several) and len(word) > len(several) + 1
    ]
