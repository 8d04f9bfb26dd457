"""A seeded part of the hostile corpus, at every door; all of it by `bin/bench hostile --full`."""

import logging
import math

import pytest

from bench import hostile
from bench.own_identity import own_identity
from generation import sandbox
from tests.hostile import DOORS, corpus
from tests.hostile.corpus import KINDS

# Short, so that those which go on for ever do not take the whole run's time: they end as surely in 8.
SECONDS = 1.5
EVERY = 41  # which has no divisor in common with the number of kinds, so that each file is of another one


def test_the_part_has_another_kind_each_time() -> None:
    assert math.gcd(EVERY, len(KINDS)) == 1
    assert len(KINDS) >= 300 // EVERY


def test_a_hostile_file_is_only_an_answer(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", SECONDS)
    caplog.set_level(logging.ERROR)
    with own_identity() as identity:
        outcomes = [hostile.outcome(file, identity) for file in corpus(every=EVERY)]
    assert {one.file.door for one in outcomes} == set(DOORS)
    assert [one for one in outcomes if one.answer not in ("taken", "refused")] == []
    assert [one for one in outcomes if one.megabytes > hostile.MOST_MEGABYTES] == []
    assert [one for one in outcomes if hostile.is_as_it_came(one)] == []
    assert not caplog.records
