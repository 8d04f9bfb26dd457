"""What may be scattered: all that is in stock, on the floor, in its colour, and the same for a seed."""

import numpy as np
import pytest

from generation.starter import stock
from generation.starter.plates import srgb
from generation.starter.plates.scatter.kinds import KINDS
from generation.starter.plates.scatter.kinds.kind import light_of
from generation.starter.plates.scatter.piece import Piece
from generation.starter.plates.still_life import Scattered, StillLife, Surface, draw

ALL = pytest.mark.parametrize("kind", KINDS)
SIDE, FEW = 96, 0.3  # pixels a side, and how much is scattered: enough to see it


def shown(scatter: Scattered | None, side: int = SIDE, seed: int = 3) -> np.ndarray:
    floor = Surface("plain", srgb.of_hex("#8fa3b0"))
    asked = StillLife([], "high", "soft day", floor, middle=(0.5, 0.6), seed=seed, scatter=scatter)
    return np.asarray(draw(asked, side, side)).astype(float)


@pytest.fixture(scope="module")
def bare() -> np.ndarray:
    return shown(None)


def made(kind: str, seed: int, size: float = 0.2) -> Piece:
    return KINDS[kind].make(np.random.default_rng(seed), size, light_of(KINDS[kind].colours[0]))


def test_there_is_all_that_is_in_stock() -> None:
    assert set(KINDS) == set(stock.SCATTERS) - {"none"}


@ALL
def test_it_lies_on_the_floor(kind: str) -> None:
    for seed in range(8):
        heights = made(kind, seed).samples[:, 2]
        assert -0.1 < heights.min() < 0.03
        assert heights.max() < 0.6


@ALL
def test_it_is_about_as_large_as_it_was_asked_to_be(kind: str) -> None:
    radii = [made(kind, seed).radius for seed in range(8)]
    assert min(radii) > 0.03
    assert max(radii) < 0.5


@ALL
def test_it_is_seen_and_the_same_for_a_seed(kind: str, bare: np.ndarray) -> None:
    one, again = (shown(Scattered(kind, amount=FEW)) for _ in range(2))
    assert (one == again).all()
    assert (np.abs(one - bare).max(-1) > 12).mean() > 0.001


def test_it_is_another_for_another_seed() -> None:
    one, other = (shown(Scattered("beans", amount=FEW), seed=seed) for seed in (1, 2))
    assert (np.abs(one - other).max(-1) > 12).any()


@pytest.mark.parametrize("kind", ["baubles", "eggs", "petals", "hearts"])
def test_it_is_of_the_colour_that_was_asked_for(kind: str, bare: np.ndarray) -> None:
    red, green = (shown(Scattered(kind, colour)) for colour in ("#c02a2a", "#2a9a3a"))
    is_seen = np.abs(red - green).max(-1) > 40
    assert is_seen.sum() > 40
    more_red, more_green = ((picture - bare)[is_seen].mean(0) for picture in (red, green))
    assert more_red[0] > more_red[1] + 40
    assert more_green[1] > more_green[0] + 30


@pytest.mark.parametrize("kind", ["beans", "confetti", "pumpkins"])
def test_any_size_shows_the_same(kind: str) -> None:
    small, large = (shown(Scattered(kind, amount=FEW), side) for side in (SIDE, 2 * SIDE))
    shrunk = large.reshape(SIDE, 2, SIDE, 2, 3).mean((1, 3))
    assert np.abs(small - shrunk).mean() < 4


def test_none_is_a_bare_floor(bare: np.ndarray) -> None:
    assert (shown(Scattered("none")) == bare).all()
