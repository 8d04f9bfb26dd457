"""Lamps and cameras: plain geometry, checked another way."""

import numpy as np
import pytest

from generation.starter.plates import rig


@pytest.mark.parametrize("camera", rig.CAMERAS)
def test_a_point_that_is_projected_lies_on_the_ray_through_there(camera: str) -> None:
    seen = rig.view(camera, 0.7)
    points = np.random.default_rng(1).uniform(-1, 1, (50, 3))
    ray = rig.rays(seen, *rig.project(seen, points))
    way = points - seen.origin
    assert np.abs(np.cross(ray, way)).max() < 1e-9


@pytest.mark.parametrize("lamp", rig.LAMPS)
def test_a_white_floor_at_the_origin_shows_one(lamp: str) -> None:
    origin = np.zeros((1, 3))
    assert rig.radiance(lamp) * rig.irradiance(lamp, origin, samples=24)[0] == pytest.approx(1)


def test_a_surface_that_looks_away_gets_nothing() -> None:
    below = np.array([[0.0, 0.0, 0.0]])
    assert rig.irradiance("left", below, (0, 0, -1))[0] == 0
    assert rig.irradiance("dome", below, (0, 0, -1))[0] == 0


def test_what_the_window_lets_through_is_what_its_bars_leave() -> None:
    """Against rays from points of the lamp that pass its wall or do not."""
    lamp = rig.LAMPS["window"]
    points = np.random.default_rng(2).uniform([-3, -3, 0], [3, 3, 1], (200, 3))
    at, ahead, across, along = rig._axes(lamp)
    counted = np.zeros(len(points))
    steps = (np.arange(24) + 0.5) / 12 - 1
    for a in steps * lamp.half[0]:
        for b in steps * lamp.half[1]:
            start = at + a * across + b * along
            way = points - start
            hit = start + way * (rig.WALL_AT * rig.reach(lamp) / (way @ ahead))[:, None] - at
            x, y = hit @ across, hit @ along
            stopped = [
                (np.abs(x - middle_x) < half_x) & (np.abs(y - middle_y) < half_y)
                for middle_x, middle_y, half_x, half_y in rig.bars()
            ]
            counted += ~np.logical_or.reduce(stopped)
    assert np.abs(rig.openness(points) - counted / len(steps) ** 2).max() < 0.06
