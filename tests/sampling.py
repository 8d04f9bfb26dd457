"""What a run tries of each large sweep: a part that a seed chooses, or all of it with --full. With --fast, a
single case of any test. `tests/conftest.py` sets the two names below before any test is read.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from random import Random
from typing import Literal, TypeVar

import pytest

Case = TypeVar("Case")

tier: Literal["fast", "usual", "full"] = "usual"
seed = 0


def many(*, fast: int, usual: int, full: int) -> int:
    """How many examples this run tries."""
    return {"fast": fast, "usual": usual, "full": full}[tier]


def part(cases: Iterable[Case], *, usual: int) -> list[Case]:
    """Those of `cases` that this run tries, in their order."""
    everything = list(cases)
    count = len(everything) if tier == "full" else min(usual, len(everything))
    chosen = Random(seed).sample(range(len(everything)), count)
    return [everything[place] for place in sorted(chosen)]


def pairs(ones: Iterable[str], others: Iterable[str], *, usual: int) -> list[tuple[str, str]]:
    """Of all pairs, for each of `others` so many of `ones`: each of both comes, if there are enough."""
    turned, partners = list(ones), list(others)
    count = len(turned) if tier == "full" else usual
    Random(seed).shuffle(turned)
    return [
        (turned[(place + step) % len(turned)], partner)
        for place, partner in enumerate(partners)
        for step in range(count)
    ]


def one_of_each(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """One case of every test, chosen by the seed."""
    for _, cases in groupby(items, lambda item: item.nodeid.partition("[")[0]):
        yield from part(cases, usual=1)
