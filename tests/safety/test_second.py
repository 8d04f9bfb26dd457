"""The second corpus: as large as it says, evenly spread, new beside the first, and disguised."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from generation.safety import encoded
from tests.safety import Prompt, forbidden, plain
from tests.safety.corpus import CLASSES, open_shops, open_words, sealed
from tests.safety.evasions import EVASIONS
from tests.safety.second import (
    FORBIDDEN,
    LANGUAGES,
    LINES_EACH,
    PLAIN,
    SEED,
    TRADES,
    disguises,
    prompts,
    shops,
)

HERE = Path(__file__).parent / "second"
TEXTS = ("a poster for the bakery", "Café de la gare, 12 €", "ملصق لمخبز الحي", "ogórki", "abc", "ABC 12")


def parted(seed: int = SEED) -> tuple[list[Prompt], list[Prompt]]:
    made = prompts(seed)
    return [one for one in made if one.label != "plain"], [one for one in made if one.label == "plain"]


def test_a_seed_makes_the_same_again_and_another_does_not() -> None:
    assert prompts() == prompts(SEED) == prompts(SEED)
    assert prompts() != prompts(SEED + 1)


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_there_are_as_many_as_were_promised_evenly_spread(seed: int) -> None:
    harmful, harmless = parted(seed)
    assert (len(harmful), len(harmless)) == (FORBIDDEN, PLAIN) == (200, 600)
    assert Counter(one.evasion for one in harmful) == {"": 40} | dict.fromkeys(disguises.DISGUISES, 16)
    for spread in (Counter(one.language for one in harmful), Counter(one.label for one in harmful)):
        assert max(spread.values()) - min(spread.values()) <= 1
    assert {one.language for one in harmful} == set(open_words())
    assert {one.label for one in harmful} == set(CLASSES)
    assert Counter((one.language, one.kind) for one in harmless) == dict.fromkeys(
        [(language, trade) for language in LANGUAGES for trade in TRADES], LINES_EACH
    )


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_none_is_twice_and_none_stands_in_the_first_corpus(seed: int) -> None:
    made = [one.texts["prompt"] for one in prompts(seed)]
    assert len(set(made)) == len(made)
    assert not set(made) & {one.texts["prompt"] for one in (*forbidden(), *plain(), *sealed())}


def test_its_trades_and_disguises_are_new_ones() -> None:
    assert len(TRADES) == len(set(TRADES)) == 25
    assert not {kind for found in open_shops().values() for kind in found} & set(TRADES)
    assert not set(disguises.DISGUISES) & set(EVASIONS)


def test_every_line_of_every_trade_is_used() -> None:
    for language in LANGUAGES:
        assert {trade: len(shops(language)[trade]) for trade in TRADES} == dict.fromkeys(TRADES, LINES_EACH)


def test_every_prompt_is_whole() -> None:
    for one in parted()[1]:
        assert all(text.strip() and not set(text) & set("{}") for text in one.texts.values()), one


@pytest.mark.parametrize("name", disguises.DISGUISES)
def test_every_disguise_changes_its_text_and_is_the_same_for_a_seed(name: str) -> None:
    way = disguises.DISGUISES[name]
    texts = [*TEXTS, *(one.texts["prompt"] for one in forbidden() if not one.evasion)]
    for seed in range(10):
        for text in texts:
            assert way(text, Random(seed)) == way(text, Random(seed)) != text


def test_its_lists_are_encoded() -> None:
    files = [HERE / "framings.txt", *(HERE / "plain").glob("*.txt")]
    assert len(files) == 1 + len(LANGUAGES)
    for path in files:
        lines = path.read_text(encoding="ascii").splitlines()
        assert lines == list(encoded.encoded(encoded.plain(lines)))
