"""Words a brand does not use, found in a text whatever their case and accents. Pure: knows no kit."""

import unicodedata
from collections.abc import Iterable

# Scripts that write without blanks: there each letter stands for itself, and a word is a run of them.
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def found(text: str, banned: Iterable[str]) -> list[str]:
    """Those of `banned` that stand in `text` as whole words, spelt as the brand spells them."""
    spelt = _spelt(text)
    return [word for word in banned if is_word(word) and _spelt(word) in spelt]


def is_word(word: str) -> bool:
    """Whether there is a letter or a digit in it, to look for in a text."""
    return bool(_spelt(word).strip())


def _spelt(text: str) -> str:
    """`text` as its bare words with one blank around each: " cafe creme " of "Café, CRÈME!"."""
    letters = "".join(map(_letter, _folded(text)))
    return f" {' '.join(letters.split())} "


def _folded(text: str) -> str:
    """Without case, accents, and what cannot be seen; full-width and other letters as the plain ones."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(
        letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )


def _letter(letter: str) -> str:
    if unicodedata.category(letter)[0] not in "LNM":
        return " "
    return f" {letter} " if unicodedata.name(letter, "").startswith(UNSPACED) else letter
