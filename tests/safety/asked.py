"""Forbidden prompts for tests of the doors, where it only matters that the rules refuse them."""

from functools import cache

from generation.safety import check

from .corpus import Prompt, forbidden


@cache
def refused(label: str) -> Prompt:
    """One in plain English, in the field for prompts, that breaks the rule `label`."""
    asked = (one for one in forbidden() if one.language == "en" and not one.evasion and one.label == label)
    return next(one for one in asked if (found := check(one.texts)) and found.rule.key == label)
