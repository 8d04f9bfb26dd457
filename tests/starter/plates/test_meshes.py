"""Surfaces are closed, turned outwards, and as large as they should be."""

from itertools import product

import numpy as np
import pytest

from generation.starter.baking import fields, noise
from generation.starter.baking.curves import circle, even, rounded, smooth
from generation.starter.baking.mesh import Mesh, joined, normals
from generation.starter.baking.surfaces import ball, box, lathe, raised, tube

SOLIDS = {
    "ball": (ball(1), 4 / 3 * np.pi),
    "box": (box(1, 2, 0.5), 1.0),
    "cylinder": (lathe([[0, 0], [1, 0], [1, 2], [0, 2]]), 2 * np.pi),
    "disc": (raised(circle(1), 0.4), 0.4 * np.pi),
    "tube": (tube([[0, 0, 0], [0, 0, 1], [0, 0, 2]], 0.3), 0.18 * np.pi),
    "field": (fields.surface(lambda at: np.linalg.norm(at, axis=1) - 1, [-1.2] * 3, [1.2] * 3, 0.1), 4.19),
}


def edges_without_two_faces(mesh: Mesh) -> int:
    sides = np.concatenate([mesh.faces[:, pair] for pair in ([0, 1], [1, 2], [2, 0])])
    _, counts = np.unique(np.sort(sides, 1), axis=0, return_counts=True)
    return int((counts != 2).sum())


def volume(mesh: Mesh) -> float:
    """Above 0 if its faces look outwards."""
    a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
    return float((np.cross(a, b) * c).sum() / 6)


@pytest.mark.parametrize("name", SOLIDS)
def test_it_is_closed_and_as_large_as_it_should_be(name: str) -> None:
    mesh, wanted = SOLIDS[name]
    assert edges_without_two_faces(mesh) == 0
    assert volume(mesh) == pytest.approx(wanted, rel=0.03)


def test_a_lathe_is_open_where_its_profile_ends_apart_from_the_axis() -> None:
    assert edges_without_two_faces(lathe([[0, 0], [1, 0], [1, 2]], 40)) == 40


def test_moving_turning_and_joining_change_no_volume() -> None:
    mesh, wanted = SOLIDS["box"]
    moved = mesh.turned(30, "x").turned(200).moved(1, 2, 3)
    assert volume(moved) == pytest.approx(volume(mesh))
    assert volume(joined([moved, mesh.mirrored()])) == pytest.approx(2 * volume(mesh))
    assert volume(mesh.flipped()) == pytest.approx(-wanted, rel=0.03)


def test_a_ball_grows_along_its_normals() -> None:
    assert np.allclose(normals(ball(1)), ball(1).points, atol=0.05)
    assert volume(ball(1).displaced(1)) == pytest.approx(8 * volume(ball(1)), rel=0.02)


def test_a_smooth_line_goes_through_its_points() -> None:
    points = [[0, 0], [1, 2], [3, 1], [4, 0]]
    line = smooth(points, 10)
    assert all(np.linalg.norm(line - point, axis=1).min() < 1e-9 for point in points)


def test_a_rounded_corner_is_cut_and_its_ends_stay() -> None:
    line = rounded([[0, 0], [1, 0], [1, 1]], 0.2)
    assert (line[[0, -1]] == [[0, 0], [1, 1]]).all()
    assert np.linalg.norm(line - [1, 0], axis=1).min() == pytest.approx(0.2 * np.sqrt(0.5) / 2, rel=0.5)


def test_an_even_line_has_no_long_parts() -> None:
    line = even([[0.0, 0.0], [1.0, 0.0], [1.0, 0.01]], 0.1)
    assert np.linalg.norm(np.diff(line, axis=0), axis=1).max() <= 0.1 + 1e-9


def test_noise_is_the_same_for_a_seed_and_closes_its_ring() -> None:
    one, other = (noise.of_grid(20, 30, 4, 6, seed=seed) for seed in (1, 2))
    assert (one == noise.of_grid(20, 30, 4, 6, seed=1)).all()
    assert (one != other).any()
    fine = noise.of_grid(3, 900, 2, 6, octaves=1)
    assert np.abs(fine[:, 0] - fine[:, -1]).max() < 0.05
    points = np.array(list(product(range(4), repeat=3))) / 3
    assert np.abs(noise.of_points(points, 3)).max() < 2
