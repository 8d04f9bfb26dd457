"""Forbidden prompts for tests of the doors, where it only matters that the rules refuse them."""

from functools import cache

from generation.safety import check

from .corpus import Prompt, forbidden


@cache
def refused(label: str) -> Prompt:
    """One in plain English, in the field for prompts, that breaks the rule `label`."""
    asked = (one for one in forbidden() if one.language == "en" and not one.evasion and one.label == label)
    return next(one for one in asked if (found := check(one.texts)) and found.rule.key == label)


def halves(prompt: str) -> tuple[str, str]:
    """Cut in the middle of a word that it is refused for."""
    found = check({"prompt": prompt})
    assert found is not None, "only what is refused can be parted so"
    typed = prompt.casefold()
    word = next(word for one in found.words for word in one.split() if len(word) > 3 and word in typed)
    cut = typed.index(word) + len(word) // 2
    return prompt[:cut], prompt[cut:]
