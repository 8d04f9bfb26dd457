"""The things that can be baked: each stands where it should, and is as light wants it."""

from functools import cache

import numpy as np
import pytest

from generation.starter.baking import bake, objects, states
from generation.starter.baking.surfaces import ball
from generation.starter.baking.thing import GLAZE, Maker, Thing
from generation.starter.plates import plate, rig, srgb

BRIGHTEST = 0.92  # of any channel: more reflects no thing that there is


@cache
def made(name: str) -> Thing:
    return objects.made(name)


def points_of(name: str) -> np.ndarray:
    return np.concatenate([part.mesh.points for part in made(name).parts])


@pytest.mark.parametrize("name", objects.names())
def test_it_stands_on_the_floor_about_the_middle(name: str) -> None:
    points = points_of(name)
    assert np.isfinite(points).all()
    assert abs(points[:, 2].min()) < 0.01
    assert np.abs((points.min(0) + points.max(0))[:2] / 2).max() < 0.35


@pytest.mark.parametrize("camera", rig.CAMERAS)
@pytest.mark.parametrize("name", objects.names())
def test_it_is_whole_in_the_frame_and_fills_much_of_it(name: str, camera: str) -> None:
    x, y = rig.project(rig.view(camera, made(name).middle), points_of(name))
    assert np.abs(y).max() < rig.SPAN / 2
    assert np.abs(x).max() < rig.SPAN * 2 / 3
    assert max(np.ptp(x), np.ptp(y)) > 1.5


@pytest.mark.parametrize("name", objects.names())
def test_its_colours_can_be_baked(name: str) -> None:
    thing = made(name)
    assert 3 <= len(thing.colours) <= 6
    for region, colour in thing.colours.items():
        assert srgb.of_hex(colour).max() < BRIGHTEST, region
        assert any(part.shares[:, thing.regions.index(region)].max() > 0.4 for part in thing.parts), region
    for part in thing.parts:
        assert np.allclose(part.shares.sum(1), 1)


@pytest.mark.parametrize("name", objects.names())
def test_its_faces_are_faces_of_its_points(name: str) -> None:
    for part in made(name).parts:
        faces = part.mesh.faces
        assert faces.min() >= 0
        assert faces.max() < len(part.mesh.points)
        assert len(faces) < 400_000


@pytest.mark.parametrize("file", sorted(plate.SHIPPED.glob("*.zip")), ids=lambda file: file.stem)
def test_what_was_baked_of_it_is_of_this_very_thing(file) -> None:
    name, _, camera = file.stem.rpartition("-")
    assert bake.is_up_to_date(file, made(name), camera, states.SHIPPED), f"bin/manage bake_plates {name}"


def test_a_region_of_both_groups_is_refused() -> None:
    maker = Maker(body="#804020", rim="#c0c0c0")
    maker.blend(ball(1), {"body": 0.5, "rim": 0.5}, GLAZE)
    maker.add(ball(1), "rim", GLAZE)
    with pytest.raises(ValueError, match="rim is in parts with the main region"):
        maker.thing(metres=1)


def test_there_is_no_other() -> None:
    with pytest.raises(KeyError, match="there is no unicorn"):
        objects.made("unicorn")
