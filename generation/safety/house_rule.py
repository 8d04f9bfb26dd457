"""What whoever runs a machine refuses besides the rules: their own words, which only add to them."""

from collections.abc import Mapping, Sequence

from .reading import Reading, Readings, folded, readings, words
from .rules import Refusal, Rule

HOUSE = Rule("house", "Whoever runs this machine does not want this made here.", ())


def check(texts: Mapping[str, str], unwanted: Sequence[str]) -> Refusal | None:
    """Whether one of the unwanted words or phrases stands in a text, whole and however it is disguised."""
    phrases = {each: words(folded(each)).split() for each in unwanted}
    phrases = {each: phrase for each, phrase in phrases.items() if phrase}
    if not phrases:
        return None
    every = [readings(text) for text in texts.values()]
    found = {each for each, phrase in phrases.items() if any(_is_in(phrase, reads) for reads in every)}
    return Refusal(HOUSE, tuple(sorted(found))) if found else None


def _is_in(phrase: Sequence[str], reads: Readings) -> bool:
    if any(_stands_in(phrase, reading) for reading in reads.every):
        return True
    return "".join(phrase) in reads.spelt


def _stands_in(phrase: Sequence[str], reading: Reading) -> bool:
    """Whether so many neighbours may each be the word at their place."""
    starts = range(len(reading.words) - len(phrase) + 1)
    return any(
        all(word in reading.words[start + place] for place, word in enumerate(phrase)) for start in starts
    )
