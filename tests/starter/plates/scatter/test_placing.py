"""Where pieces lie: not under things, not where text stands, not in each other."""

import numpy as np
import pytest

from generation.starter.plates import light
from generation.starter.plates.backdrop import Framing
from generation.starter.plates.scatter.footprint import Footprint
from generation.starter.plates.scatter.kinds import KINDS
from generation.starter.plates.scatter.piece import Piece
from generation.starter.plates.scatter.placing import placed
from generation.starter.plates.scatter.room import BOXES
from generation.starter.plates.scatter.scattered import Scattered
from generation.starter.plates.scatter.window import seen_box

SIDE, RIM = 256, 16  # pixels a side, and what may be cut of a blurred edge
FRAMING = Framing("high", 0.6, SIDE, SIDE, 50.0, (SIDE / 2, 0.6 * SIDE))
FOOT = Footprint((0.0, 0.0), (0.8, 0.6))
ALL = pytest.mark.parametrize("kind", KINDS)


def lain(kind: str, seed: int = 0, **values) -> list[Piece]:
    return placed(Scattered(kind, **values), seed, [FOOT], 0.08, FRAMING, light.mixture("soft day"))


@ALL
def test_none_lies_under_a_thing(kind: str) -> None:
    pieces = lain(kind)
    assert pieces
    assert all(FOOT.outside(*piece.at) >= piece.radius for piece in pieces)


@ALL
def test_those_further_away_come_first(kind: str) -> None:
    depths = [piece.at[1] for piece in lain(kind)]
    assert depths == sorted(depths, reverse=True)


@pytest.mark.parametrize("kind", ["baubles", "eggs", "pumpkins"])
def test_solid_ones_do_not_reach_into_each_other(kind: str) -> None:
    pieces = lain(kind)
    for number, one in enumerate(pieces):
        for other in pieces[:number]:
            assert np.hypot(*np.subtract(one.at, other.at)) > one.radius + other.radius


@pytest.mark.parametrize("room", BOXES)
def test_none_is_where_text_stands(room: str) -> None:
    left, top, right, bottom = (edge * SIDE for edge in BOXES[room])
    for piece in lain("leaves", room=room):
        box = seen_box(FRAMING, piece)
        assert box[2] < left or box[0] > right or box[3] < top or box[1] > bottom


@pytest.mark.parametrize("seed", range(6))
def test_pumpkins_are_near_the_thing_and_whole(seed: int) -> None:
    for piece in lain("pumpkins", seed):
        assert FOOT.outside(*piece.at) < 1.2 + piece.radius
        box = seen_box(FRAMING, piece)
        assert min(box[:2]) > -RIM
        assert max(box[2:]) < SIDE + RIM


def test_a_larger_amount_is_more() -> None:
    few, usual, many = (len(lain("beans", amount=amount)) for amount in (0.3, 1.0, 1.6))
    assert few < usual < many


def test_of_none_there_is_none() -> None:
    assert lain("beans", amount=0.0) == []


def test_what_there_is_none_of_is_no_other() -> None:
    with pytest.raises(KeyError):
        lain("unicorns")
