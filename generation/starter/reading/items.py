"""A clause as items: words side by side that mean something together, the longest phrase first."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .lexicon import ALONE, LANGUAGES, MAYBE, Senses, lexicon, signs
from .parts import senses_by_parts
from .spelling import Word

ENGLISH = "en"
FORM = re.compile(r"(?:\w+ mood|.* colou?rs|room for text .*)")  # what the form adds in English
ECHO = 0.25  # of what the other clauses say about the language of this one
FOREIGN = 0.5  # of what a word with an accent says for English
LONG = 5  # letters by which a word of yet another language is known for sure
FIGURES = 2  # of a number of things: more are a year, or a price
WHEN_NOUN = ("in", "on", "with", "and", "before")  # what follows a noun at the beginning
NOUNS = (
    "things", "unknown", "people", "stages", "decors", "scatters", "patterns", "wall nouns", "floor nouns",
)  # fmt: skip
BREAKS = (*WHEN_NOUN, "of", "for", "linking", "negations")  # no article reaches over it


@dataclass(frozen=True)
class Item:
    """words[start:end] of the prompt; senses: what they may mean, none for words that mean nothing here."""

    start: int
    end: int
    language: str = ENGLISH
    senses: Senses = field(default_factory=dict)

    def is_(self, *attributes: str) -> bool:
        return any(attribute in self.senses for attribute in attributes)


def clauses_of(words: list[Word]) -> list[tuple[int, int]]:
    """Where each run of words without a comma, full stop or the like begins and ends."""
    starts = [at for at, word in enumerate(words) if not word.is_joined]
    return list(pairwise([*starts, len(words)]))


def read_items(words: list[Word]) -> list[list[Item]]:
    """Of each clause."""
    clauses = clauses_of(words)
    said = [_evidence(words[start:end]) for start, end in clauses]
    whole = {language: sum(one.get(language, 0) for one in said) for language in LANGUAGES}
    return [
        _items(words, start, end, _ranked(one, whole))
        for (start, end), one in zip(clauses, said, strict=True)
    ]


def _evidence(words: list[Word]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word in words:
        for language, weight in signs().get(word.text, {}).items():
            doubt = FOREIGN if word.is_accented and language == ENGLISH else 1
            found[language] = found.get(language, 0) + weight * doubt
    if FORM.fullmatch(" ".join(word.text for word in words)):
        found = {ENGLISH: found.get(ENGLISH, 0)}
    return found


def _ranked(clause: dict[str, float], whole: dict[str, float]) -> list[str]:
    """The languages that a clause may be in, the likeliest first."""
    likely = {language: clause.get(language, 0) + ECHO * whole[language] for language in LANGUAGES}
    return sorted(LANGUAGES, key=lambda language: -likely[language])


def _items(words: list[Word], start: int, end: int, languages: list[str]) -> list[Item]:
    items = []
    at = start
    while at < end:
        items.append(_item(words, at, end, languages))
        at = items[-1].end
    return [_decided(items, at, words) for at in range(len(items))]


def _item(words: list[Word], at: int, end: int, languages: list[str]) -> Item:
    word = words[at]
    if word.script == "other":
        return Item(at, _foreign_end(words, at, end), "", {"unknown": ("",)})
    if word.text.startswith("#"):
        return Item(at, at + 1, languages[0], {"colours": (_full_hex(word.text),)})
    if word.text in "&+":
        return Item(at, at + 1, languages[0], {"and": ("",)})
    if word.text.isdecimal():
        is_count = len(word.text) <= FIGURES and int(word.text) > 0
        is_phrase = _match(words, at, end, languages).end > at + 1
        if not is_phrase:
            return Item(at, at + 1, languages[0], {"numbers": (str(int(word.text)),)} if is_count else {})
    return _match(words, at, end, languages)


def _foreign_end(words: list[Word], at: int, end: int) -> int:
    """Words side by side in a script that it cannot read are one."""
    return next((after for after in range(at + 1, end) if words[after].script != "other"), end)


def _full_hex(text: str) -> str:
    return text if len(text) == 7 else "#" + "".join(2 * digit for digit in text[1:])


def _match(words: list[Word], at: int, end: int, languages: list[str]) -> Item:
    """The longest phrase that the clause's own language or English knows, unless another has a longer one,
    or else what the word is made of.
    """
    own = _longest(words, at, end, [languages[0], ENGLISH])
    any_ = _longest(words, at, end, languages)
    if own and any_ and own.end >= any_.end:
        return own
    if any_ and any_.end > at + 1:
        return any_
    if senses := senses_by_parts(words[at].text, languages[0]):
        return Item(at, at + 1, languages[0], senses)
    is_alone = end == at + 1 and not words[at].is_joined
    is_sure = is_alone or len(words[at].text) >= LONG
    return any_ if any_ and is_sure else Item(at, at + 1, languages[0])


def _longest(words: list[Word], at: int, end: int, languages: list[str]) -> Item | None:
    best: Item | None = None
    for language in languages:
        book = lexicon(language)
        most = min(book.reach.get(words[at].text, 0), end - at)
        for size in range(most, best.end - at if best else 0, -1):
            senses = book.senses.get(tuple(word.text for word in words[at : at + size]))
            if senses:
                best = Item(at, at + size, language, senses)
                break
    return best


def _decided(items: list[Item], at: int, words: list[Word]) -> Item:
    """Without a doubt whether the words are a noun here."""
    item = _alone(items, at)
    doubtful = [name for name in item.senses if name.startswith(MAYBE)]
    if not doubtful:
        return item
    senses = {name: values for name, values in item.senses.items() if name not in doubtful}
    if _is_noun(items, at):
        senses |= {name.removeprefix(MAYBE): item.senses[name] for name in doubtful}
    return Item(item.start, item.end, item.language, senses)


def _alone(items: list[Item], at: int) -> Item:
    """With what words say only where a clause names nothing: "que se vea fresco", and not "pan fresco"."""
    item = items[at]
    if not any(name.endswith(ALONE) for name in item.senses):
        return item
    is_alone = not any(other.is_(*NOUNS) for other in items if other is not item)
    senses = {
        name.removesuffix(ALONE): values
        for name, values in item.senses.items()
        if is_alone or not name.endswith(ALONE)
    }
    return Item(item.start, item.end, item.language, senses)


def _is_noun(items: list[Item], at: int) -> bool:
    """After an article or a number, or alone."""
    if at == 0:
        return len(items) == 1 or items[1].is_(*WHEN_NOUN)
    for before in reversed(items[max(at - 3, 0) : at]):
        if before.is_("articles", "numbers"):
            return True
        if before.is_(*BREAKS):
            return before is items[at - 1] and before.is_("with", "before")
    return False
