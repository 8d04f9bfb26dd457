"""Roses and ranunculus with leaves and gypsophila, in a fluted vase."""

import numpy as np

from generation.starter.baking.curves import rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import ball, lathe, of_rows, tube
from generation.starter.baking.thing import LEAF, SATIN, Finish, Maker, Thing

GOLDEN = 137.5  # degrees from one petal to the next
SIZE = 1.14  # of it all
HEART = 1.42  # how high the point is that all flowers point away from
PETAL = Finish("leaf", 0.6)

# Where each flower looks: its azimuth (-90 is the front), its elevation, how far out it is, and its size.
ROSES = [
    (-78, 10, 0.70, 1.06),
    (-8, 40, 0.68, 1.0),
    (-175, 42, 0.68, 1.0),
    (-89, 82, 0.70, 1.05),
    (50, 8, 0.66, 1.0),
    (102, 6, 0.64, 1.0),
    (154, 8, 0.68, 0.95),
]
OTHERS = [
    (-126, 5, 0.72, 0.84),
    (-30, 3, 0.72, 0.86),
    (-117, 42, 0.74, 0.9),
    (-62, 47, 0.74, 0.86),
    (57, 48, 0.70, 0.95),
    (120, 46, 0.70, 0.95),
    (8, 2, 0.70, 0.78),
    (-164, 2, 0.72, 0.82),
]


def thing() -> Thing:
    maker = Maker(petals="#d9636d", second="#f5ead6", filler="#f2eee4", leaves="#6f8a5b", vase="#8fa6a8")
    random = np.random.default_rng(11)
    for place in ROSES:
        _add_flower(maker, place, 25, 0.82, ("petals", "second"), random)
    for place in OTHERS:
        _add_flower(maker, place, 32, 0.5, ("second", "petals"), random)
    maker.add(_greens(random), "leaves", LEAF)
    maker.add(_stems().scaled(SIZE), "leaves", SATIN)
    sprigs, flowers = _filler(random)
    maker.add(sprigs, "leaves", SATIN)
    maker.add(flowers, "filler", Finish("matte"))
    maker.add(_vase().scaled(SIZE), "vase", SATIN)
    return maker.thing(metres=0.42)


def _towards(mesh: Mesh, azimuth: float, elevation: float, reach: float) -> Mesh:
    """What stands on the origin, moved out from the heart of the bouquet and turned to look outwards."""
    return mesh.moved(z=reach).turned(90 - elevation, "y").turned(azimuth).moved(z=HEART).scaled(SIZE)


def _add_flower(
    maker: Maker,
    place: tuple[float, float, float, float],
    count: int,
    openness: float,
    regions: tuple[str, str],
    random: np.random.Generator,
) -> None:
    """Of petals each turned on from the last, and further open; the second region tints their edges."""
    azimuth, elevation, reach, size = place
    start = random.uniform(0, 360)
    for number in range(count):
        age = number / (count - 1)
        petal, tint = _petal(age, openness, random)
        placed = petal.turned(start + number * GOLDEN + random.normal(0, 6)).scaled(0.94 * size)
        out = _towards(placed.moved(z=-0.15), azimuth, elevation, reach)
        maker.blend(out, {regions[0]: 1 - tint, regions[1]: tint}, PETAL)


def _petal(age: float, openness: float, random: np.random.Generator) -> tuple[Mesh, Floats]:
    """From the heart (age 0), where it wraps the others, to the outermost, which lies open and curls back."""
    across = np.linspace(-1, 1, 17)[None]
    along = np.linspace(0, 1, 18)[:, None]
    radius, height = _rise(age, openness, along)
    share = along * (1 - 0.16 * np.abs(across) ** 4 + 0.03 * np.exp(-((across / 0.2) ** 2)) * age)
    out = np.interp(share, along[:, 0], radius)
    up = np.interp(share, along[:, 0], height)
    width = (0.13 + 0.20 * age**0.8) * np.sin(np.pi * (0.13 + 0.6 * along))
    angle = across * np.minimum(width / np.maximum(out, 0.03), 2.2)
    wave = random.uniform(0, 2 * np.pi)
    ruffle = along**3 * (0.010 + 0.016 * age) * np.sin(4.2 * across + wave)
    lip = along**4 * np.abs(across) ** 3 * (0.03 + 0.05 * age)
    out = out + 0.012 * across + ruffle + lip
    up = up + 0.5 * ruffle - 0.5 * lip
    points = np.stack([out * np.cos(angle), out * np.sin(angle), up], -1)
    tint = 0.4 * step(share, 0.78, 1.02) * age + 0.16 * (1 - age) ** 2
    return of_rows(points, is_ring=False), tint


def _rise(age: float, openness: float, along: Floats) -> tuple[Floats, Floats]:
    """The middle line of a petal, from its base on: how far from the axis, and how high."""
    v = along[:, 0]
    open_ = openness * age
    lean = np.radians((62 + 22 * open_) * (1 - v) ** 1.6 + (-16 + 78 * open_) * v + (18 + 62 * open_) * v**6)
    length = (0.24 + 0.20 * age) / (len(v) - 1)
    return (
        0.012 + 0.035 * age + np.r_[0, np.cumsum(np.sin(lean[1:]) * length)],
        0.06 * (1 - age) + np.r_[0, np.cumsum(np.cos(lean[1:]) * length)],
    )


def _blade(length: float, width: float, droop: float) -> Mesh:
    """A leaf from the origin along z, folded a little, with veins; its upper side looks to -x."""
    v = np.linspace(0, 1, 26)[:, None]
    u = np.linspace(-1, 1, 15)[None]
    half = width * np.sin(np.pi * v**0.8) ** 0.8 * (1 - 0.25 * v) + 0.004
    y = u * half
    veins = 0.006 * np.cos(2 * np.pi * (7 * v - 1.6 * np.abs(u))) * np.abs(u) * (1 - np.abs(u))
    fold = 0.35 * np.abs(y) - 0.012 * np.exp(-((u / 0.12) ** 2))
    bend = np.radians(droop) * v
    x = length * v * np.sin(bend) - fold * np.cos(bend) - veins
    z = length * v * np.cos(bend) - 0.12 * np.abs(u) * half + 0 * u
    return of_rows(np.stack([x, y + 0 * v, z], -1), is_ring=False)


def _greens(random: np.random.Generator) -> Mesh:
    """A collar of leaves under the flowers, and some that look out between them."""
    made = []
    for number in range(22):
        size, droop = random.uniform(0.5, 0.68), random.uniform(-10, 45)
        leaf = _blade(size, size * random.uniform(0.24, 0.34), droop).turned(random.normal(0, 15))
        made.append(_towards(leaf, number * GOLDEN, random.uniform(-36, -16), 0.40))
    for azimuth, elevation in _gaps(16, random):
        leaf = _blade(0.42, 0.13, random.uniform(0, 10)).turned(random.uniform(-60, 60))
        made.append(_towards(leaf, azimuth, elevation, random.uniform(0.42, 0.52)))
    return joined(made)


def _stems() -> Mesh:
    made = []
    for azimuth, elevation, reach, _ in [*ROSES, *OTHERS]:
        turn, way = np.radians(azimuth), _way(azimuth, elevation)
        foot = np.array([0.16 * np.cos(turn), 0.16 * np.sin(turn), 0.75])
        path = smooth(np.stack([foot, [*(foot[:2] * 1.5), 1.2], [0, 0, HEART] + way * (reach - 0.12)]), 8)
        made.append(tube(path, 0.022, 10, up=(-np.sin(turn), np.cos(turn), 0)))
    return joined(made)


def _filler(random: np.random.Generator) -> tuple[Mesh, Mesh]:
    """Stalks, and the small flowers on them."""
    stalks, flowers = [], []
    for azimuth, elevation in _gaps(16, random):
        stalks.append(
            _towards(
                tube([[0.0, 0.0, 0.0], [0.0, 0.0, 0.25], [0.0, 0.0, 0.5]], 0.008, 8), azimuth, elevation, 0.45
            )
        )
        for _ in range(8):
            x, y, z = random.normal(0, 0.075), random.normal(0, 0.075), random.uniform(0.36, 0.54)
            path = smooth([[0, 0, 0.25], [x * 0.5, y * 0.5, 0.36], [x, y, z]], 4)
            stalks.append(_towards(tube(path, 0.005, 6, up=(0.31, 0.95, 0)), azimuth, elevation, 0.45))
            bud = _bud(random.uniform(0.028, 0.042)).turned(random.uniform(0, 360)).moved(x, y, z)
            flowers.append(_towards(bud, azimuth, elevation, 0.45))
    return joined(stalks), joined(flowers)


def _gaps(count: int, random: np.random.Generator) -> list[tuple[float, float]]:
    """Directions between the flowers, and away from each other."""
    taken = [_way(azimuth, elevation) for azimuth, elevation, _, _ in [*ROSES, *OTHERS]]
    found: list[tuple[float, float]] = []
    while len(found) < count:
        azimuth, elevation = random.uniform(-180, 180), random.uniform(2, 80)
        way = _way(azimuth, elevation)
        if max(way @ other for other in taken) < np.cos(np.radians(19)):
            found.append((azimuth, elevation))
            taken.append(_way(azimuth, elevation + 4))
    return found


def _way(azimuth: float, elevation: float) -> Floats:
    tilt, turn = np.radians(elevation), np.radians(azimuth)
    return np.array([np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)])


def _bud(radius: float) -> Mesh:
    """A small round flower of crumpled petals."""
    mesh = ball(radius, 16)
    angle = np.arctan2(mesh.points[:, 1], mesh.points[:, 0])
    high = mesh.points[:, 2] / radius
    crumpled = 0.16 * np.sin(5 * angle + 3 * high) + 0.1 * np.sin(9 * high + 2 * angle)
    return mesh.displaced(radius * crumpled * (1 - high**4))


def _vase() -> Mesh:
    foot = rounded([[0.28, 0.0], [0.335, 0.0], [0.35, 0.05]], 0.02)
    wall = smooth([[0.36, 0.07], [0.46, 0.28], [0.485, 0.5], [0.42, 0.78], [0.31, 0.96], [0.295, 1.04]], 12)
    rim = smooth([[0.335, 1.125], [0.342, 1.14], [0.333, 1.15], [0.315, 1.14]], 3)
    inner = smooth([[0.275, 1.04], [0.285, 0.96], [0.32, 0.84], [0.0, 0.8]], 6)

    def flutes(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
        amount = 0.011 * step(z, 0.06, 0.2) * (1 - step(z, 0.85, 1.02))
        return radius + amount * (np.abs(np.cos(12 * angle)) * 2 - 1.2), z

    return lathe(np.vstack([[[0, 0.02]], foot, wall, rim, inner]), 288, flutes)
