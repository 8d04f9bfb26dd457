"""The rules for words: what is refused, whoever asks and whatever model would draw it.

The words of a class are in `lexicon/`; docs/safety.md says in plain language what each rule is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from . import ages, people
from .lexicon import Found, found_in, straddles
from .reading import folded, readings, words

MINOR, SEXUAL, PERSON = "a minor", "something sexual", "a certain person"
UNCLOTHED = "without clothes"  # the class: clothes in the list of what a picture must not show
NEGATIVE = "negative_prompt"  # the field
MOST_ACROSS = 4  # words at an end of a text that may go on in another
# Nobody begins a text with these, but goes on.
CONTINUES = {
    "de", "del", "of", "du", "des", "di", "della", "dei", "degli", "da", "do", "dos", "das", "von", "vom",
    "ze", "and", "und", "et", "with", "mit", "avec", "con", "com", "من", "في", "مع",
}  # fmt: skip
# What several classes have in common, by the name that the rules use.
KINDS = {
    MINOR: {"minor", ages.UNDER_AGE},
    SEXUAL: {"sexual", "nudity", "suggestive", "undress", "drink_name", UNCLOTHED},
    PERSON: {"known_person", "person_role", people.NAMED},
}


@dataclass(frozen=True, slots=True)
class Rule:
    """key: as the audit log has it. sentence: for the person who asked. combinations: of classes, or of kinds
    of them; a text breaks the rule that has something of each in one of them. unless: classes that excuse it.
    with_face: holds only where a picture shows somebody's face.
    """

    key: str
    sentence: str
    combinations: tuple[frozenset[str], ...]
    unless: frozenset[str] = frozenset()
    with_face: bool = False

    def is_broken_by(self, found: Mapping[str, object]) -> bool:
        if self.unless & found.keys():
            return False
        return any(all(_classes(name) & found.keys() for name in each) for each in self.combinations)


def _rule(
    key: str, sentence: str, *combinations: set[str], unless: str = "", with_face: bool = False
) -> Rule:
    excuses = frozenset(filter(None, [unless]))
    return Rule(key, sentence, tuple(map(frozenset, combinations)), excuses, with_face)


NO_HATRED = "Nothing that calls for hatred of people is made here."
NOT_SEXUAL = "Sexual pictures are not made here."
RULES = (
    _rule(
        "minor_sexual",
        "Children are never shown in a sexual way here, drawn or real.",
        {MINOR, SEXUAL},
        {MINOR, "scanty", "pose"},
        {MINOR, "scanty", "see_through"},
        {MINOR, "ambiguous"},
        {"minor_maybe", "sexual"},
        {"minor_maybe", "nudity"},
        {"minor_maybe", "suggestive"},
        {"minor_maybe", "undress"},
    ),
    _rule(
        "undress",
        "Nobody in a picture is undressed or shown in a sexual way here.",
        {SEXUAL},
        {"scanty"},
        {"see_through", "clothing"},
        {"ambiguous"},
        with_face=True,
    ),
    _rule(
        "sexual_named_person",
        "No certain person is shown undressed or in a sexual way here.",
        {PERSON, SEXUAL},
        {PERSON, "scanty", "pose"},
        {PERSON, "scanty", "see_through"},
        {PERSON, "ambiguous"},
    ),
    _rule("explicit", NOT_SEXUAL, {"sexual"}, {"suggestive", "nudity"}, {"suggestive", "ambiguous"}),
    _rule("explicit", NOT_SEXUAL, {"drink_name"}, unless="drink"),
    _rule("explicit", NOT_SEXUAL, {"nudity"}, {"undress"}, unless="nudity_excuse"),
    _rule(
        "weapons",
        "Nothing that helps to build weapons or to sell them unlawfully is made here.",
        {"weapon", "weapon_wrong"},
        {"weapon_alone"},
    ),
    _rule("hate", NO_HATRED, {"hate_group", "hate_call"}),
    _rule("hate", NO_HATRED, {"hate_symbol"}, unless="hate_excuse"),
    _rule(
        "self_harm",
        "Nothing that invites people to hurt themselves is made here.",
        {"self_harm"},
        unless="self_harm_help",
    ),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """rule: the gravest that was broken. words: of the texts that broke it, as they were read."""

    rule: Rule
    words: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """For the person who asked: which rule, and what was read so."""
        return f"{self.rule.sentence} This was read in your words: “{'”, “'.join(self.words)}”."


def check(texts: Mapping[str, str], *, has_face: bool = False) -> Refusal | None:
    """Whether what somebody wrote, in all the fields that go together, may reach a model.

    texts: by the name of their field. has_face: whether a picture goes with them that shows a person's face.
    """
    found = classes_in(texts)
    for rule in RULES:
        if rule.is_broken_by(found) and (has_face or not rule.with_face):
            named = frozenset().union(*rule.combinations)
            words = {word for name in named for one in _classes(name) for word in found.get(one, ())}
            return Refusal(rule, tuple(sorted(words)))
    return None


def classes_in(texts: Mapping[str, str]) -> Found:
    """What each class has of all the texts, and of what begins in one of them and ends in another."""
    found: Found = {}
    for field, text in texts.items():
        _add(found, _negated(text) if field == NEGATIVE else _classes_of(text))
    for one, other in permutations(filter(str.strip, texts.values()), 2):
        _add(found, _classes_across(one, other))
    return found


def _classes_across(one: str, other: str) -> Found:
    """What is neither in one of two texts nor in the other, but in both together. When there is anything,
    one text was written in two fields, and all of it counts.
    """
    before, after = one.split()[-MOST_ACROSS:], other.split()[:MOST_ACROSS]
    if after[0] in CONTINUES:
        return _classes_of(f"{one} {other}")
    apart = [words for text in (before, after) for words in _near(" ".join(text)).values()]
    known = frozenset().union(*apart)
    for between in (" ", "") if _straddles(before[-1], after[0]) else (" ",):
        together = _near(" ".join(before) + between + " ".join(after))
        if any(words - known for words in together.values()):
            return _classes_of(one + between + other)
    return {}


def _near(text: str) -> Found:
    """As `_classes_of`, of where two texts meet."""
    return found_in(readings(text, short=True))


def _straddles(first: str, second: str) -> bool:
    """Whether two halves may be of one word."""
    one, other = (words(folded(half)).split() for half in (first, second))
    return bool(one and other) and straddles(one[-1] + other[0], len(one[-1]))


def _classes_of(text: str) -> Found:
    reads = readings(text)
    found: Found = {}
    for more in (found_in(reads), people.found_in(text, reads)):
        _add(found, more)
    return found


def _negated(text: str) -> Found:
    """A picture without what is named here is what most people want who name it; but not without clothes."""
    clothes = found_in(readings(text)).get("clothing")
    return {UNCLOTHED: clothes} if clothes else {}


def _add(found: Found, more: Found) -> None:
    for name, others in more.items():
        found.setdefault(name, set()).update(others)


def _classes(name: str) -> set[str]:
    return KINDS.get(name, {name})
