"""A scented candle in a ceramic vessel, burnt a little, its wooden lid leant against it."""

import numpy as np

from generation.starter.baking import labels, noise
from generation.starter.baking.curves import even, rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe, of_rows, tube
from generation.starter.baking.thing import PAPER, WOOD, Finish, Maker, Thing

STONE, MELTED = Finish("coat", 0.48), Finish("coat", 0.07)
RADIUS, HEIGHT, WALL = 0.86, 1.92, 0.06
LEVEL = 1.68  # of the wax
LID = 0.82  # its radius
AT = (-0.46, 0.14)
LEAN = 74.0  # degrees of the lid over the floor


def thing() -> Thing:
    maker = Maker(
        vessel="#c9b9a6", wax="#f2e8d2", wick="#4a3b30", label="#f3ece0", print="#7d6550", lid="#b98a58"
    )
    maker.add(_vessel().moved(*AT), "vessel", STONE)
    maker.add(_wax().moved(*AT), "wax", Finish("coat", 0.42))
    maker.add(_pool().moved(*AT), "wax", MELTED)
    wick, ash = _wick()
    maker.blend(wick.moved(*AT), {"wax": 1 - ash, "wick": ash}, PAPER)
    label, on = labels.wrapped(RADIUS, 0.5, 1.3, 35, facing=-15, corner=0.03)
    lines = labels.framed(on, 1.05, 0.8, 0.05, 0.014)
    maker.blend(label.moved(*AT), {"label": 1 - lines, "print": lines}, PAPER, artwork=on)
    lid, grain = _lid()
    maker.blend(lid, {"lid": 1 - grain, "wick": grain}, WOOD)
    return maker.thing(metres=0.1)


def _vessel() -> Mesh:
    """Outside, rim and inside in one, thrown on a wheel."""
    foot = smooth([[RADIUS - 0.12, 0.015], [RADIUS - 0.08, 0], [RADIUS - 0.03, 0.02], [RADIUS, 0.1]], 6)
    rim = [[RADIUS, HEIGHT - 0.05], [RADIUS, HEIGHT], [RADIUS - WALL, HEIGHT], [RADIUS - WALL, HEIGHT - 0.06]]
    inside = [[RADIUS - WALL, LEVEL - 0.1], [RADIUS - WALL, LEVEL - 0.12]]
    line = np.vstack([[[0, 0.03]], foot, rounded(np.vstack([foot[-1:], rim, inside]), 0.028, 6)[1:]])
    return lathe(even(line, 0.03), 280, _thrown)


def _thrown(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
    uneven = noise.of_grid(radius.shape[0], radius.shape[1], 5, 6, octaves=5, seed=3)
    return radius + 0.0028 * uneven * step(radius, 0.2, 0.7), z


def _wax() -> Mesh:
    """A ring of set wax that slopes to the pool and clings to the wall."""
    rows, columns = 60, 220
    share = np.linspace(0, 1, rows)[:, None]
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    uneven = noise.of_grid(rows, columns, 4, 9, octaves=4, seed=8)
    radius = 0.02 + (RADIUS - WALL + 0.004 - 0.02) * share
    shore = 0.52 + 0.035 * noise.of_grid(1, columns, 1, 6, octaves=2, seed=4)
    height = (
        LEVEL - 0.06 * (1 - step(radius, shore - 0.04, shore + 0.12)) + 0.05 * step(radius, 0.7, 0.8) ** 2
    )
    height = height + 0.008 * uneven * step(radius, shore, shore + 0.1)
    return of_rows(
        np.stack([radius * np.cos(angle), radius * np.sin(angle), height], -1)[::-1], ends=(False, True)
    )


def _pool() -> Mesh:
    """What has melted: flat, and meets the wax with a shallow edge."""
    radius = np.linspace(1e-3, 0.62, 24)
    height = LEVEL - 0.032 + 0.004 * step(radius, 0.4, 0.5)
    return lathe(np.c_[radius, height][::-1], 200)


def _wick() -> tuple[Mesh, Floats]:
    """Bent by its flame, burnt at its end."""
    path = smooth(
        [
            [0, 0, LEVEL - 0.08],
            [0, 0, LEVEL + 0.06],
            [0.02, -0.01, LEVEL + 0.16],
            [0.07, -0.02, LEVEL + 0.235],
        ],
        14,
    )
    around = 20
    length = np.repeat(np.linspace(0, 1, len(path)), around)
    turns = np.tile(np.linspace(0, 2 * np.pi, around, endpoint=False), len(path))
    size = 0.024 * (1 - 0.35 * np.linspace(0, 1, len(path)) ** 6)
    made = tube(path, size, around)
    twist = np.r_[0.004 * np.cos(2 * turns - 40 * length), 0, 0]
    return made.displaced(twist), np.r_[step(length, 0.2, 0.45), 0, 1]


def _lid() -> tuple[Mesh, Floats]:
    """A turned disc with a step that sits in the vessel, leant on its edge; and where its grain is dark."""
    line = [[0.0, 0.0], [LID - 0.1, 0.0], [LID - 0.1, 0.06], [LID, 0.06], [LID, 0.19], [0.0, 0.19]]
    made = lathe(even(rounded(line, 0.025, 5), 0.02), 260)
    x, y, z = made.points.T
    warped = noise.of_points(np.c_[0.7 * x, 1.4 * y, z], 1.0, 2, 5)
    rings = 0.5 + 0.5 * np.sin(42 * (y + 0.14 * warped + 0.2 * x * x))
    streaks = noise.of_points(np.c_[1.5 * x, 34 * y, 6 * z], 1.0, 3, 9)
    return _leant(made), np.clip(0.2 * rings**3 + 0.1 * streaks + 0.05, 0, 1)


def _leant(flat: Mesh) -> Mesh:
    """On its edge, its upper side to the camera, and back until it touches the vessel."""
    stood = flat.turned(28).turned(LEAN, "x").turned(30)
    stood = stood.moved(z=-stood.points[:, 2].min())
    near, far = 0.5, 3.0
    for _ in range(20):
        middle = (near + far) / 2
        x, y = _beside(stood, middle).points[:, :2].T - np.array(AT)[:, None]
        near, far = (near, middle) if np.hypot(x, y).min() > RADIUS else (middle, far)
    return _beside(stood, far)


def _beside(lid: Mesh, distance: float) -> Mesh:
    """To the right of the vessel and before it."""
    return lid.moved(AT[0] + 0.88 * distance, AT[1] - 0.475 * distance)
