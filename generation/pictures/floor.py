"""The safety floor as it stands on this machine: the rules, and what whoever runs it refuses besides."""

from collections.abc import Mapping

from django.conf import settings

from generation import safety
from generation.safety import house_rule, rules
from generation.safety.picture_refusals import PICTURE_REFUSALS

SENTENCES = {rule.key: rule.sentence for rule in (*rules.RULES, house_rule.HOUSE)}
SENTENCES |= {
    "reported_minor": "A picture was reported: it shows a child in a sexual way.",
    "reported_person": "A picture was reported: it shows somebody without consent.",
}
SENTENCES |= {refusal.rule: refusal.sentence for refusal in PICTURE_REFUSALS}


def check_words(texts: Mapping[str, str]) -> safety.Refusal | None:
    """What is said to texts that go together; texts by the name of their field."""
    return safety.check(texts) or house_rule.check(texts, settings.ALSO_REFUSED)


def sentence_of(rule: str) -> str:
    """A rule by its key, for the person who asked."""
    return SENTENCES.get(rule, "What this asks for is not made here.")
