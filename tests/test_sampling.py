"""The part of a sweep: chosen by a seed, another for another, all of it when all is asked for."""

from typing import Any, NamedTuple

import pytest

from tests import sampling


def test_a_part_is_the_same_for_the_same_seed_and_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "tier", "usual")
    once, again = (sampling.part(range(100), usual=20) for _ in range(2))
    assert once == again == sorted(once)
    assert len(set(once)) == 20
    monkeypatch.setattr(sampling, "seed", sampling.seed + 1)
    assert sampling.part(range(100), usual=20) != once


@pytest.mark.parametrize(("tier", "count"), [("fast", 20), ("usual", 20), ("full", 100)])
def test_each_tier_has_its_number(monkeypatch: pytest.MonkeyPatch, tier: str, count: int) -> None:
    monkeypatch.setattr(sampling, "tier", tier)
    assert len(sampling.part(range(100), usual=20)) == count


class Item(NamedTuple):
    nodeid: str


def test_of_a_test_with_many_cases_one_is_run() -> None:
    items: list[Any] = [
        Item("a.py::one"),
        *(Item(f"a.py::two[{case}]") for case in range(9)),
        Item("a.py::three[x]"),
    ]
    kept = [one.nodeid.partition("[")[0] for one in sampling.one_of_each(items)]
    assert kept == ["a.py::one", "a.py::two", "a.py::three"]


def test_a_part_of_the_pairs_has_each_of_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    ones, others = "abcde", [str(number) for number in range(7)]
    monkeypatch.setattr(sampling, "tier", "fast")
    chosen = sampling.pairs(ones, others, usual=1)
    assert {one for one, _ in chosen} == set(ones)
    assert [other for _, other in chosen] == others
    monkeypatch.setattr(sampling, "tier", "full")
    assert len(set(sampling.pairs(ones, others, usual=1))) == 35
