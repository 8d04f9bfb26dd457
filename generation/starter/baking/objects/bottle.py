"""A bottle of wine, as in Bordeaux, with a capsule and a label."""

import numpy as np

from generation.starter.baking import labels
from generation.starter.baking.curves import rounded, smooth
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe
from generation.starter.baking.thing import PAPER, Finish, Maker, Thing

GLASS, FOIL = Finish("coat", 0.09), Finish("metal", 0.34)
NECK = 0.142


def thing() -> Thing:
    maker = Maker(body="#2f3d2c", capsule="#9c3a3c", label="#f2eadb", print="#a9803f")
    maker.add(lathe(_bordeaux(), 260), "body", GLASS)
    maker.add(_capsule(2.26, 2.98), "capsule", FOIL)
    maker.add(_band(2.262), "print", FOIL)
    label, at = labels.wrapped(0.4, 0.46, 1.46, 70, facing=10, corner=0.03)
    frames = labels.framed(at, 0.98, 1.0, 0.055, 0.016) + labels.framed(at, 0.98, 1.0, 0.082, 0.007)
    maker.blend(label, {"label": 1 - frames, "print": frames}, PAPER, artwork=at)
    return maker.thing(metres=0.31)


def _bordeaux() -> Floats:
    """High shoulders, and a straight neck."""
    wall = [[0.4, 0.12], [0.4, 0.7], [0.4, 1.76]]
    shoulder = smooth(
        [[0.4, 1.8], [0.394, 1.9], [0.355, 2.02], [0.27, 2.12], [0.19, 2.2], [0.155, 2.3], [0.147, 2.42]], 12
    )
    return np.vstack([_foot(0.4), wall, shoulder, [[NECK - 0.004, 2.6], [0.13, 2.9], [0, 2.9]]])


def _foot(radius: float) -> Floats:
    under = [[0, 0.05], [radius - 0.12, 0.02]]
    return np.vstack([under, smooth([[radius - 0.08, 0], [radius - 0.03, 0.012], [radius, 0.06]], 6)])


def _capsule(low: float, high: float) -> Mesh:
    """Foil drawn over the neck and the ring below the mouth."""
    start = 0.167
    line = [
        [start - 0.012, low], [start + 0.004, low], [start, low + 0.05], [NECK + 0.002, high - 0.3],
        [NECK + 0.001, high - 0.155], [NECK + 0.022, high - 0.14], [NECK + 0.024, high - 0.055],
        [NECK + 0.008, high - 0.04], [NECK + 0.006, high], [0.1, high + 0.004],
        [0.09, high - 0.004], [0, high - 0.004],
    ]  # fmt: skip
    return lathe(rounded(line, 0.016, 5), 160)


def _band(low: float) -> Mesh:
    """A ring printed round the lower end of the capsule."""
    return lathe(
        rounded(
            [[0.15, low + 0.03], [0.1745, low + 0.03], [0.1725, low + 0.075], [0.15, low + 0.075]], 0.004
        ),
        160,
    )
