"""Podiums: things stand on them and not beside them, in their colour, and shade their tops alone."""

import numpy as np
import pytest

from generation.starter import stock
from generation.starter.baking import bake, stages
from generation.starter.plates import light, plate, rig, srgb, standing
from generation.starter.plates.backdrop import Framing
from generation.starter.plates.podium import SEATS
from generation.starter.plates.still_life import Placed, Staged, StillLife, Surface, draw

SIDE, UNIT = 240, 48.0
ALL = pytest.mark.parametrize("kind", SEATS)
CAMERAS = pytest.mark.parametrize("camera", rig.CAMERAS)
SAND = srgb.of_hex("#e3cdb8")


def framing(camera: str) -> Framing:
    return Framing(camera, 0.9, SIDE, SIDE, UNIT, (SIDE / 2, SIDE / 2))


def stage(kind: str, colour: str = "#2f7f5f", size: float = 1.0) -> Staged:
    return Staged(kind, srgb.of_hex(colour), size)


def shown(kind: str, things: list[Placed], **values) -> np.ndarray:
    asked = {"camera": "eye", "mood": "soft day", "stage": stage(kind), **values}
    return np.asarray(draw(StillLife(things, floor=Surface("plain", SAND), **asked), SIDE, SIDE)).astype(
        float
    )


def test_each_that_is_in_stock_can_be_baked() -> None:
    assert sorted(SEATS) == stages.names() == sorted(set(stock.STAGES) - {"none"})
    assert set(stages.names()).isdisjoint(stock.THINGS)
    assert set(stages.names()) < set(bake.names())


@ALL
def test_its_seats_are_its_tops(kind: str) -> None:
    thing = stages.made(kind)
    for seat in SEATS[kind]:
        tops = np.concatenate(
            [part.mesh.points[part.shares[:, thing.regions.index(seat.region)] > 0.5] for part in thing.parts]
        )
        assert np.allclose(tops[:, 2], seat.at[2], atol=stages.LEVEL)
        assert np.ptp(tops[:, 0]) > 0.9 * seat.room
        assert np.abs((tops.min(0) + tops.max(0))[:2] / 2 - seat.at[:2]).max() < 0.02


@ALL
@CAMERAS
def test_it_is_whole_in_the_frame(kind: str, camera: str) -> None:
    thing = stages.made(kind)
    points = np.concatenate([part.mesh.points for part in thing.parts])
    x, y = rig.project(rig.view(camera, thing.middle), points)
    assert np.abs(y).max() < rig.SPAN / 2
    assert np.abs(x).max() < rig.SPAN * 2 / 3


@pytest.mark.parametrize("file", sorted(plate.PODIUMS.glob("*.zip")), ids=lambda file: file.stem)
def test_what_was_baked_of_it_is_of_this_very_podium(file) -> None:
    name, _, camera = file.stem.rpartition("-")
    assert bake.is_up_to_date(file, stages.made(name), camera, stages.DETAIL)
    assert file.stat().st_size < 80_000


@ALL
@CAMERAS
def test_a_thing_stands_on_its_top(kind: str, camera: str) -> None:
    """Its lowest pixel is on the podium's top, and no lower than the front of its own foot."""
    held = stage(kind)
    (cup,) = standing.on_podium([Placed("coffee_cup")], held, camera)
    seat = SEATS[kind][0]
    assert cup.height == pytest.approx(seat.at[2])
    view, mixture = framing(camera), light.mixture("soft day")
    drawn = standing.layer(view, cup, mixture, SAND)
    assert drawn is not None
    lowest = drawn.window[0].start + np.nonzero(drawn.alpha[..., 0].max(1) > 0.5)[0].max()
    foot = view.on_canvas((seat.at[0], seat.at[1] - 0.5 * seat.room, seat.at[2]))[1]
    middle = view.on_canvas(seat.at)[1]
    assert middle - 1 < lowest < foot + 4
    top = standing.tops(view, standing.podium(held, camera))[seat.region][..., 0]
    assert np.nonzero(top.max(1) > 0.5)[0].max() > lowest - 4


@ALL
def test_its_shadow_stays_on_its_top(kind: str) -> None:
    held, view, mixture = stage(kind), framing("high"), light.mixture("dramatic")
    ground = np.ones((SIDE, SIDE, 3), np.float32)
    top = standing.tops(view, standing.podium(held, "high"))
    for cup in standing.on_podium([Placed("coffee_cup")], held, "high"):
        standing.shade(ground, view, cup, mixture, top[cup.top])
    assert (ground[top[SEATS[kind][0].region][..., 0] == 0] == 1).all()
    assert ground.min() < 0.8


def test_what_is_too_wide_is_made_smaller_and_what_is_not_is_left() -> None:
    wide, small = (
        standing.on_podium([Placed("coffee_cup", size=size)], stage("steps"), "eye")[0].size
        for size in (1.0, 0.2)
    )
    assert wide < 0.5
    assert small == 0.2


def test_three_things_stand_at_three_heights() -> None:
    things = standing.on_podium([Placed("coffee_cup")] * 3, stage("steps"), "eye")
    assert len({thing.height for thing in things}) == 3


def test_it_is_of_the_colour_that_was_asked_for() -> None:
    green, red = (shown("round", [], stage=stage("round", colour)) for colour in ("#2f7f5f", "#b5302a"))
    middle = np.s_[160:172, 110:130]
    assert green[middle][..., 1].mean() > green[middle][..., 0].mean() + 25
    assert red[middle][..., 0].mean() > red[middle][..., 1].mean() + 60


def test_it_is_the_same_for_a_seed() -> None:
    one, again = (shown("round", [Placed("coffee_cup")]) for _ in range(2))
    assert (one == again).all()
