"""A cup of coffee on its saucer, with a leaf of milk foam."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe, of_rows, sweep
from generation.starter.baking.thing import CERAMIC, GLAZE, Finish, Maker, Thing

ON_SAUCER = 0.058
LEVEL, INNER = 1.12, 0.782  # of the coffee: how high, and its radius


def thing() -> Thing:
    maker = Maker(body="#b5452c", inside="#f4ede2", saucer="#f4ede2", coffee="#5c2a0c", milk="#f3dcb6")
    maker.add(_outside().moved(z=ON_SAUCER), "body", GLAZE)
    maker.add(_handle().turned(-28).moved(z=ON_SAUCER), "body", GLAZE)
    maker.add(_inside().moved(z=ON_SAUCER), "inside", CERAMIC)
    foam, milk = _coffee()
    maker.blend(foam.turned(29).moved(z=ON_SAUCER), {"coffee": 1 - milk, "milk": milk}, Finish("coat", 0.1))
    maker.add(_saucer(), "saucer", CERAMIC)
    return maker.thing(metres=0.085)


def _outside() -> Mesh:
    foot = rounded([[0.40, 0.03], [0.42, 0], [0.47, 0], [0.5, 0.05]], 0.012)
    wall = smooth([[0.5, 0.05], [0.62, 0.13], [0.74, 0.38], [0.80, 0.75], [0.825, 1.1], [0.835, 1.26]], 14)
    rim = [[0.834, 1.285], [0.825, 1.302], [0.81, 1.308]]
    return lathe(np.vstack([[[0, 0.03]], foot, wall[1:], rim]), 200)


def _inside() -> Mesh:
    rim = [[0.81, 1.308], [0.796, 1.302], [0.787, 1.285]]
    wall = smooth([[0.785, 1.26], [0.775, 1.1], [0.75, 0.75], [0.68, 0.4], [0.5, 0.16], [0, 0.12]], 12)
    return lathe(np.vstack([rim, wall]), 200)


def _handle() -> Mesh:
    """Leaves the wall and comes back to it square to it, and ends inside of it."""
    path = smooth(
        [
            [0.79, 0, 1.08], [0.93, 0, 1.10], [1.10, 0, 1.06], [1.24, 0, 0.93], [1.28, 0, 0.76],
            [1.20, 0, 0.58], [1.03, 0, 0.45], [0.88, 0, 0.41], [0.74, 0, 0.42],
        ],
        10,
    )  # fmt: skip
    thick = 1 + 0.35 * np.abs(np.linspace(-1, 1, len(path))) ** 6
    return sweep(path, circle(1, 40), sizes=np.c_[0.058 * thick, 0.098 * thick])


def _coffee() -> tuple[Mesh, Floats]:
    """Its surface, and how much of each point is milk."""
    rows, columns = 220, 240
    radius = np.linspace(1e-3, 1, rows)[:, None]
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    milk = np.maximum(_leaf(x * 1.25, (y + 0.05) * 1.25), _edge(np.hypot(x, y)))
    height = LEVEL + 0.008 * step(np.hypot(x, y), 0.93, 1)
    return of_rows(np.stack([INNER * x, INNER * y, height], -1)[::-1], ends=(False, True)), np.clip(
        milk, 0, 1
    )[::-1]


def _leaf(x: Floats, y: Floats) -> Floats:
    width = 0.62 * np.sqrt(np.clip(1 - ((y - 0.05) / 0.85) ** 2, 0, 1)) + 1e-3
    inside = np.clip(1 - np.abs(x) / width, 0, 1) * (np.abs(y - 0.05) < 0.85)
    rings = 0.5 + 0.5 * np.cos(2 * np.pi * 4.6 * (0.8 * y - np.abs(x) ** 1.5) + 1.2)
    spine = np.exp(-((x / 0.035) ** 2)) * (np.abs(y) < 0.85)
    return 0.92 * np.maximum(step(inside, 0.06, 0.2) * step(rings, 0.42, 0.6), spine)


def _edge(radius: Floats) -> Floats:
    """Paler foam where the coffee meets the cup."""
    uneven = noise.of_grid(len(radius), radius.shape[1], 12, 24, octaves=3, seed=5)
    return 0.20 + 0.12 * step(radius, 0.86, 0.98) + 0.05 * uneven


def _saucer() -> Mesh:
    under = smooth([[0.45, 0.02], [0.5, 0], [0.56, 0.02], [0.9, 0.075], [1.2, 0.15], [1.315, 0.195]], 8)
    rim = [[1.33, 0.205], [1.335, 0.214], [1.328, 0.222], [1.31, 0.222]]
    upper = smooth([[1.29, 0.217], [1.15, 0.175], [0.9, 0.115], [0.68, 0.075], [0.6, 0.07]], 8)
    well = [[0.58, 0.062], [0.54, 0.058], [0, 0.058]]
    return lathe(np.vstack([[[0, 0.02]], under, rim, upper, well]), 220)
