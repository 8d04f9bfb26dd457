"""A monstera in a ceramic pot: split leaves with pale veins, on long stalks."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import rounded, smooth, step
from generation.starter.baking.labels import wrapped
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import lathe, shell, tube
from generation.starter.baking.thing import CERAMIC, SATIN, Finish, Maker, Thing

GLOSS = Finish("coat", 0.28)
SOIL = 0.80  # how high it lies
FAN = 0.16  # the share of a leaf's rows that all start where its stalk ends
THICK = 0.014

# Of each leaf: where its stalk ends (azimuth, how far from the middle, how high), the azimuth that its tip
# looks to, how far its tip hangs, how it rolls to a side, and its size.
LEAVES = [
    (-125, 0.42, 1.52, -118, 48, -8, 0.80),
    (-52, 0.40, 1.66, -56, 52, 10, 0.86),
    (-92, 0.30, 2.10, -100, 56, 4, 0.84),
    (-165, 0.58, 1.98, -160, 40, -16, 0.78),
    (-8, 0.62, 1.92, -14, 34, 16, 0.80),
    (20, 0.42, 1.46, 10, 40, 12, 0.62),
    (170, 0.48, 1.42, 172, 42, -10, 0.62),
    (112, 0.36, 2.28, -150, 44, -6, 0.66),
    (50, 0.36, 2.44, -40, 46, 8, 0.62),
    (135, 0.42, 1.72, 130, 40, 0, 0.7),
]


def thing() -> Thing:
    maker = Maker(pot="#d8b49a", leaves="#4f8445", veins="#c0d394", stalks="#7ea35c", soil="#5a4334")
    maker.add(_pot(), "pot", CERAMIC)
    maker.add(_saucer(), "pot", CERAMIC)
    label, artwork = wrapped((0.515, 0.575), 0.28, 0.66, 32, thickness=0.0018)
    maker.add(label, "pot", CERAMIC, artwork=artwork)
    for seed, place in enumerate(LEAVES):
        _add_leaf(maker, place, seed)
    maker.add(joined([_stalk(place) for place in LEAVES]), "stalks", SATIN)
    maker.add(_soil(), "soil", Finish("matte"))
    return maker.thing(metres=0.7)


def _end(place: tuple[float, ...]) -> Floats:
    """Where a stalk ends."""
    azimuth, reach, height = place[:3]
    turn = np.radians(azimuth)
    return np.array([reach * np.cos(turn), reach * np.sin(turn), height])


def _stalk(place: tuple[float, ...]) -> Mesh:
    """From the soil up and outwards, thinner to its end."""
    end = _end(place)
    root = np.array([0.16, 0.16, 0]) * np.sign(end) * [abs(end[0]), abs(end[1]), 0] / 0.6
    side = np.array([-end[1], end[0], 0]) / np.hypot(end[0], end[1])
    rise = np.array([0, 0, 1])
    path = smooth([root + rise * (SOIL - 0.06), (root + end) / 2 + rise * 0.28, end - rise * 0.09, end], 14)
    return tube(path, np.linspace(0.034, 0.017, len(path)), 14, up=side)


def _add_leaf(maker: Maker, place: tuple[float, ...], seed: int) -> None:
    tip, hang, roll, size = place[3:]
    grid, vein = _leaf(seed)
    mesh = shell(grid * size, THICK).turned(roll, "x").turned(hang, "y").turned(tip)
    x, y, z = _end(place)
    both = np.concatenate([vein, 0.35 * vein[:, ::-1]], axis=1)
    maker.blend(mesh.moved(x, y, z), {"leaves": 1 - both, "veins": both}, GLOSS)


def _leaf(seed: int) -> tuple[Floats, Floats]:
    """A sheet along x, its middle vein first, and how much of each point is vein."""
    v = np.linspace(0, 1, 190)[:, None]
    u = np.linspace(-1, 1, 31)[None]
    side, out = np.sign(u), np.abs(u) ** 0.9
    lobes = (5.6 + 0.5 * np.sin(seed)) * v + 0.10 * side + 0.37 + 0.06 * seed % 0.3
    within = np.abs(lobes % 1 - 0.5) * 2  # 0 in the middle of a lobe, 1 in a slit
    split = step(within, 0.62, 0.93) * step(v, 0.16, 0.3) * (1 - step(v, 0.9, 0.97))
    depth = 0.56 + 0.1 * np.sin(7 * lobes.round() + seed)
    edge = _reach(v) * (1 - depth * split) * (1 - 0.06 * within**2)
    middle = np.maximum(v - FAN, 0) / (1 - FAN)
    way = np.radians(np.interp(v, [0, FAN, 0.5, 0.85, 1], [158, 104, 66, 40, 8]) - 12 * out)
    x = middle + out * edge * np.cos(way)
    y = side * out * edge * np.sin(way)
    vein = _veins(v, out, within)
    wave = 0.035 * np.sin(5.2 * x + 2 * seed + 1.5 * side) * out**2
    quilt = 0.022 * (1 - within**2) * out * (1 - out) * 2
    z = 0.26 * np.abs(y) - 0.34 * y**2 - 0.22 * np.maximum(x, 0) ** 2 + wave + quilt - 0.012 * vein
    return np.stack([x, y + 0 * x, z], -1), vein


def _reach(v: Floats) -> Floats:
    """From the middle vein to the edge, along the leaf: a heart."""
    return np.interp(
        v, np.linspace(0, 1, 11), [0.10, 0.36, 0.50, 0.57, 0.58, 0.55, 0.49, 0.41, 0.31, 0.18, 0.01]
    )


def _veins(v: Floats, out: Floats, within: Floats) -> Floats:
    """The middle one, and one in every lobe, thinner outwards."""
    main = 1 - step(out, 0.03, 0.09 + 0 * v)
    lobe = (1 - step(within, 0.03, 0.13 - 0.06 * out)) * (1 - step(out, 0.55, 0.95)) * step(v, 0.1, 0.2)
    return np.maximum(main * (1 - 0.6 * v), 0.8 * lobe)


def _pot() -> Mesh:
    foot = rounded([[0.38, 0.05], [0.44, 0.05], [0.465, 0.1]], 0.02)
    wall = [*smooth([[0.47, 0.12], [0.497, 0.20], [0.515, 0.28]], 8), [0.575, 0.66], [0.592, 0.80]]
    rim = rounded([[0.594, 0.81], [0.635, 0.82], [0.645, 0.93], [0.585, 0.935], [0.565, 0.88]], 0.018)
    return lathe(np.vstack([[[0, 0.05]], foot, wall, rim, [[0.55, 0.7]]]), 200)


def _saucer() -> Mesh:
    under = rounded(
        [[0, 0.01], [0.44, 0.0], [0.58, 0.02], [0.635, 0.1], [0.605, 0.1], [0.55, 0.05], [0, 0.05]], 0.012
    )
    return lathe(under, 200)


def _soil() -> Mesh:
    """Crumbs, in a heap that is a bit higher in the middle."""
    radius = np.linspace(1e-3, 0.568, 60)[::-1, None]
    mesh = lathe(np.c_[radius, SOIL + 0.05 * (1 - (radius / 0.568) ** 2)], 180)
    crumbs = noise.of_points(mesh.points, 9, 3, 4)
    return mesh._replace(points=mesh.points + np.c_[0 * crumbs, 0 * crumbs, 0.03 * crumbs])
