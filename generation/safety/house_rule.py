"""What whoever runs a machine refuses besides the rules: their own words, which only add to them."""

from collections.abc import Mapping, Sequence

from .reading import folded, readings, words
from .rules import Refusal, Rule

HOUSE = Rule("house", "Whoever runs this machine does not want this made here.", ())


def check(texts: Mapping[str, str], unwanted: Sequence[str]) -> Refusal | None:
    """Whether one of the unwanted words or phrases stands in a text, whole and however it is disguised."""
    spelt = {words(folded(each)): each for each in unwanted}
    found = {
        each for text in texts.values() for word, each in spelt.items() if word and _stands_in(word, text)
    }
    return Refusal(HOUSE, tuple(sorted(found))) if found else None


def _stands_in(word: str, text: str) -> bool:
    reads = readings(text)
    return any(f" {word} " in f" {reading} " for reading in (reads.plain, *reads.disguised))
