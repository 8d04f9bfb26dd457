"""The corpora: how many, how balanced, each prompt whole and once; harmful words nowhere in plain text."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from random import Random

import pytest

from generation.safety import encoded
from tests.safety import FORBIDDEN, PLAIN, Prompt, forbidden, plain, sealed
from tests.safety.corpus import CLASSES, LANGUAGES, OPEN_EVASIONS, PLAIN_EACH, open_words
from tests.safety.evasions import EVASIONS, WORD, halves
from tests.safety.sealed import sealed_evasions, sealed_lists

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FIELDS = {"prompt", "negative_prompt", "headline"}
TEXTS = ("a poster for the bakery", "Café de la gare, 12 €", "ملصق لمخبز الحي", "ogórki", "abc")


def everything(seed: int = 13) -> tuple[list[Prompt], list[Prompt]]:
    """Open and sealed: those to refuse, and the plain ones."""
    made = [*forbidden(seed), *plain(seed), *sealed(seed)]
    return [one for one in made if one.label != "plain"], [one for one in made if one.label == "plain"]


def test_there_are_as_many_as_were_promised_the_same_of_each_class_and_language() -> None:
    harmful, harmless = everything()
    assert (len(harmful), len(harmless)) == (FORBIDDEN, PLAIN) == (400, 2000)
    counts = Counter((one.language, one.label) for one in harmful)
    languages = {one.language for one in harmful}
    assert len(languages) == LANGUAGES
    assert counts == {(language, label): CLASSES[label] for language in languages for label in CLASSES}
    assert Counter(one.language for one in harmless) == dict.fromkeys(languages, PLAIN_EACH)


def test_half_of_what_is_harmful_is_hidden_in_every_language_and_by_every_evasion() -> None:
    harmful, _ = everything()
    assert Counter(one.language for one in harmful if one.evasion) == Counter(
        one.language for one in harmful if not one.evasion
    )
    evasions = Counter(one.evasion for one in harmful if one.evasion)
    assert len(evasions) == len(OPEN_EVASIONS) + len(sealed_evasions())
    assert min(evasions.values()) >= LANGUAGES


def test_what_is_open_has_every_class_and_nothing_that_is_sealed() -> None:
    harmful, harmless, rest = forbidden(), plain(), sealed()
    assert {one.label for one in harmful} == set(CLASSES)
    assert {one.evasion for one in harmful} == {"", *OPEN_EVASIONS}
    hidden = {one.evasion for one in rest} - {"", *OPEN_EVASIONS}
    closed = {one.language for one in rest if one.label == "plain"}
    assert (len(hidden), len(closed)) == (2, 2)
    assert not closed & {one.language for one in (*harmful, *harmless)}
    assert all(one.language in closed or one.evasion in hidden for one in rest)


def test_every_prompt_is_whole() -> None:
    harmful, harmless = everything()
    for one in (*harmful, *harmless):
        assert "prompt" in one.texts, one
        assert set(one.texts) <= FIELDS, one
        assert all(text.strip() and not re.search(r"[{}]", text) for text in one.texts.values()), one
    assert all(one.has_uploaded_face == (one.label == "undress") for one in harmful)
    assert all(one.kind and not one.evasion for one in harmless)
    assert any(one.has_uploaded_face for one in harmless)


def test_no_two_are_alike_and_a_seed_makes_the_same_again() -> None:
    made = list(chain(*everything()))
    assert len({tuple(one.texts.items()) for one in made}) == len(made)
    assert made == list(chain(*everything()))
    assert made != list(chain(*everything(seed=14)))


@pytest.mark.parametrize("text", TEXTS)
def test_every_evasion_changes_the_text_and_is_the_same_for_a_seed(text: str) -> None:
    ways = EVASIONS | dict(sealed_evasions().values())
    for seed in range(20):
        for name, way in ways.items():
            assert way(text, Random(seed)) == way(text, Random(seed)) != text, name
        first, second = halves(text, Random(seed))
        assert first
        assert second
        assert (first + second).replace(" ", "") == text.replace(" ", "")


def encoded_files() -> list[Path]:
    return [*(HERE / "words").glob("*.txt"), *(HERE / "sealed").glob("*.txt")]


def test_lists_of_harmful_words_are_encoded() -> None:
    assert encoded_files()
    for path in encoded_files():
        lines = path.read_text(encoding="ascii").splitlines()
        assert lines == list(encoded.encoded(encoded.plain(lines)))


@pytest.mark.slow
def test_no_prompt_made_of_them_stands_in_plain_text_anywhere() -> None:
    """A term alone may stand in a harmless text."""
    files = {
        path: words_of(path.read_text(encoding="utf-8"))
        for folder in ("accounts", "bench", "docs", "generation", "tests", "webapp")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".md", ".py", ".txt", ".toml", ".json") and path not in encoded_files()
    }
    pairs = {path: set(pairwise(words)) for path, words in files.items()}
    for phrase in phrases():
        for path, words in files.items():
            if pairs[path].issuperset(pairwise(phrase)):
                assert f" {' '.join(phrase)} " not in f" {' '.join(words)} ", path


def phrases() -> Iterator[list[str]]:
    """What is typed without disguise, and templates without a slot."""
    closed = (lists["words"] for lists in sealed_lists().values())
    for lists in chain(open_words().values(), closed):
        yield from (words_of(line) for label in CLASSES for line in lists[label] if "{" not in line)
    yield from (words_of(one.texts["prompt"]) for one in everything()[0] if not one.evasion)


def words_of(text: str) -> list[str]:
    return WORD.findall(text.casefold())
