"""What whoever runs a machine refuses besides: it adds to the rules and takes nothing away."""

import pytest

from generation.safety import house_rule

UNWANTED = ["Casino", "jeu d'argent"]


@pytest.mark.parametrize(
    "text",
    [
        "a CASINO night",
        "the c a s i n o night",
        "a cas\u200bino night",
        "un jeu d’argent",
        "саsino",
        "ｃａｓｉｎｏ",
    ],
)
def test_a_word_is_found_as_a_whole_and_however_it_is_disguised(text: str) -> None:
    refusal = house_rule.check({"prompt": "a table", "negative_prompt": text}, UNWANTED)
    assert refusal is not None
    assert set(refusal.words) <= set(UNWANTED)


@pytest.mark.parametrize("text", ["occasional tables", "casinos", "jeu d'enfant", ""])
def test_a_part_of_a_word_or_of_a_phrase_is_none(text: str) -> None:
    assert house_rule.check({"prompt": text}, UNWANTED) is None


def test_who_wants_nothing_more_refuses_nothing_more() -> None:
    assert house_rule.check({"prompt": "a casino"}, []) is None
    assert house_rule.check({"prompt": "a casino"}, [" ", "!"]) is None
