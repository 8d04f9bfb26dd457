"""What is behind and under the things: where it should be, shaded by the lamp, and not over the things."""

import numpy as np
import pytest

from generation.starter import stock
from generation.starter.plates import light, srgb
from generation.starter.plates.materials import MATERIALS
from generation.starter.plates.still_life import Decor, Placed, StillLife, Surface, draw

GREY, BLUE = srgb.of_hex("#c8c8c8"), srgb.of_hex("#2040d0")
KINDS = [kind for kind in stock.DECORS if kind != "none"]
STANDING = ["arch", "disc", "niche"]
SIDE = 160


def shown(decor: Decor | None, width: int = SIDE, height: int = SIDE, **values) -> np.ndarray:
    asked = {
        "things": [],
        "camera": "eye",
        "mood": "studio",
        "floor": Surface("plain", GREY),
        "wall": Surface("plain", GREY),
        "decor": decor,
        **values,
    }
    return np.asarray(draw(StillLife(**asked), width, height)).astype(float)


def blue(picture: np.ndarray) -> np.ndarray:
    return picture[..., 2] - picture[..., 0] > 60


@pytest.mark.parametrize("camera", stock.CAMERAS)
@pytest.mark.parametrize("kind", STANDING)
def test_it_is_of_its_colour_and_the_same_left_and_right_of_its_middle(kind: str, camera: str) -> None:
    seen = blue(shown(Decor(kind, BLUE), camera=camera))
    assert 0.08 < seen.mean() < 0.6
    assert (seen != seen[:, ::-1]).mean() < 0.01


@pytest.mark.parametrize("kind", STANDING)
def test_one_that_is_put_to_the_right_is_there(kind: str) -> None:
    middles = [np.nonzero(blue(shown(Decor(kind, BLUE, 0.8, x))))[1].mean() for x in (-0.6, 0.0, 0.6)]
    assert middles[0] < middles[1] - 8 < middles[2] - 16


@pytest.mark.parametrize("kind", STANDING)
def test_a_larger_one_covers_more(kind: str) -> None:
    small, large = (blue(shown(Decor(kind, BLUE, size))).sum() for size in (0.6, 0.9))
    assert large > 1.6 * small


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_stands_before_it(kind: str) -> None:
    cup = [Placed("coffee_cup", colours={"body": "#b5302a"})]
    bare, before = (shown(decor, things=cup) for decor in (None, Decor(kind, BLUE)))
    middle = np.s_[90:104, 70:88]
    assert np.abs(bare[middle] - before[middle]).mean() < 22
    assert np.abs(bare[:40] - before[:40]).mean() > 3


def test_its_shadow_falls_away_from_the_lamp() -> None:
    for mood, lit_side, dark_side in (("soft day", 0, -1), ("evening", -1, 0)):
        loss = shown(None, mood=mood)[60:80].mean(-1) - shown(Decor("arch", GREY, 0.8), mood=mood)[
            60:80
        ].mean(-1)
        halves = loss[:, : SIDE // 4].mean(), loss[:, -SIDE // 4 :].mean()
        assert halves[dark_side] > halves[lit_side] + 4


def test_leaves_come_from_where_the_lamp_is() -> None:
    assert [light.key(light.mixture(mood)) for mood in ("soft day", "morning", "evening")] == [
        "left", "window", "right"
    ]  # fmt: skip
    loss = [
        shown(None, mood=mood)[:60].mean((0, 2))
        - shown(Decor("leaf shadow", GREY), mood=mood)[:60].mean((0, 2))
        for mood in ("soft day", "evening")
    ]
    left, right = ([part[: SIDE // 2].mean(), part[SIDE // 2 :].mean()] for part in loss)
    assert left[0] > left[1]
    assert right[1] > right[0]


@pytest.mark.parametrize("camera", stock.CAMERAS)
def test_a_spot_is_bright_in_its_middle(camera: str) -> None:
    pool = shown(Decor("spot", GREY), camera=camera, middle=(0.5, 0.6)).mean(-1)
    assert pool[90:100, 75:85].mean() > pool[145:, :20].mean() + 30


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_same_for_a_seed(kind: str) -> None:
    one, again = (shown(Decor(kind, BLUE), seed=5) for _ in range(2))
    assert (one == again).all()


@pytest.mark.parametrize("kind", KINDS)
def test_any_size_shows_the_same(kind: str) -> None:
    small, large = (shown(Decor(kind, BLUE), side, side) for side in (SIDE, 3 * SIDE))
    shrunk = large.reshape(SIDE, 3, SIDE, 3, 3).mean((1, 3))
    assert np.abs(small - shrunk).mean() < 4


@pytest.mark.parametrize("name", [name for name in sorted({*stock.FLOORS, *stock.WALLS}) if name != "none"])
def test_all_that_is_in_stock_can_be_drawn(name: str) -> None:
    y, x = np.meshgrid(np.linspace(0, 3, 300), np.linspace(-40, 40, 300), indexing="ij")
    colour = srgb.of_hex("#b98a5a").astype(np.float32)
    drawn = MATERIALS[name](x, y, colour)
    assert drawn.shape == (300, 300, 3)
    assert drawn.min() >= 0
    assert 0.4 < drawn.mean() / colour.mean() < 2.2
