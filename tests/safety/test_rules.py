"""The rules for words: that each can be broken, and by what alone."""

import pytest

from generation.safety import ages, check, lexicon, people, rules
from tests.safety import Prompt, forbidden

COMPUTED = {ages.UNDER_AGE, people.NAMED, rules.UNCLOTHED}
PLAINLY_SAID = [prompt for prompt in forbidden() if prompt.label == "explicit" and not prompt.evasion]


def test_every_class_that_a_rule_names_has_a_list() -> None:
    named = {name for rule in rules.RULES for each in (*rule.combinations, rule.unless) for name in each}
    single = {one for name in named for one in rules.KINDS.get(name, {name})}
    assert single - COMPUTED <= set(lexicon.classes())


@pytest.mark.parametrize("prompt", PLAINLY_SAID, ids=lambda prompt: prompt.language)
def test_what_is_plainly_said_is_refused_and_the_answer_says_why(prompt: Prompt) -> None:
    refusal = check(prompt.texts)
    assert refusal is not None
    assert refusal.sentence.startswith(refusal.rule.sentence)
    assert all(f"“{word}”" in refusal.sentence for word in refusal.words)


@pytest.mark.parametrize("prompt", PLAINLY_SAID[:3], ids=lambda prompt: prompt.language)
def test_what_a_picture_must_not_show_may_be_named(prompt: Prompt) -> None:
    assert check({"prompt": "a cup of coffee", rules.NEGATIVE: prompt.texts["prompt"]}) is None


def test_a_picture_of_somebody_is_not_asked_for_without_clothes() -> None:
    texts = {"prompt": "a portrait in the garden", rules.NEGATIVE: "blurry, clothes"}
    assert check(texts) is None
    refusal = check(texts, has_face=True)
    assert refusal is not None
    assert refusal.rule.key == "undress"


@pytest.mark.parametrize("text", ["", "two red cups on a table", "Kaffee und Kuchen", "قهوة", "☕"])
def test_what_shops_ask_for_is_not_refused(text: str) -> None:
    assert check({"prompt": text}) is None
