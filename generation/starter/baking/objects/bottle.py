"""Two bottles of wine: a Bordeaux with a capsule and a label, and a slimmer one behind it."""

import numpy as np

from generation.starter.baking import labels
from generation.starter.baking.curves import rounded, smooth
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe
from generation.starter.baking.thing import PAPER, Finish, Maker, Thing

GLASS, FOIL = Finish("coat", 0.09), Finish("metal", 0.34)
FRONT, BEHIND = (-0.34, -0.2), (0.38, 0.28)
NECK = 0.142


def thing() -> Thing:
    maker = Maker(body="#2f3d2c", capsule="#9c3a3c", label="#f2eadb", print="#a9803f", second="#6d7440")
    _add_front(maker)
    _add_behind(maker)
    return maker.thing(metres=0.31)


def _add_front(maker: Maker) -> None:
    x, y = FRONT
    maker.add(lathe(_bordeaux(), 260).moved(x, y), "body", GLASS)
    maker.add(_capsule(2.26, 2.98).moved(x, y), "capsule", FOIL)
    maker.add(_band(2.262).moved(x, y), "print", FOIL)
    label, at = labels.wrapped(0.4, 0.46, 1.46, 70, facing=10, corner=0.03)
    frames = labels.framed(at, 0.98, 1.0, 0.055, 0.016) + labels.framed(at, 0.98, 1.0, 0.082, 0.007)
    maker.blend(label.moved(x, y), {"label": 1 - frames, "print": frames}, PAPER, artwork=at)


def _add_behind(maker: Maker) -> None:
    x, y = BEHIND
    maker.add(lathe(_flute(), 240).moved(x, y), "second", GLASS)
    maker.add(_capsule(2.46, 3.16).moved(x, y), "capsule", FOIL)
    maker.add(_band(2.462).moved(x, y), "print", FOIL)
    label, at = labels.wrapped(0.345, 0.5, 1.22, 74, facing=14, corner=0.02)
    bands = labels.lined(at[:, 1], 0.09, 0.05) + labels.lined(at[:, 1], 0.91, 0.05)
    maker.blend(label.moved(x, y), {"label": 1 - bands, "print": bands}, PAPER, artwork=at)


def _bordeaux() -> Floats:
    """High shoulders, and a straight neck."""
    wall = [[0.4, 0.12], [0.4, 0.7], [0.4, 1.76]]
    shoulder = smooth(
        [[0.4, 1.8], [0.394, 1.9], [0.355, 2.02], [0.27, 2.12], [0.19, 2.2], [0.155, 2.3], [0.147, 2.42]], 12
    )
    return np.vstack([_foot(0.4), wall, shoulder, [[NECK - 0.004, 2.6], [0.13, 2.9], [0, 2.9]]])


def _flute() -> Floats:
    """One long slope from the wall to the mouth."""
    slope = smooth(
        [[0.345, 1.3], [0.34, 1.46], [0.31, 1.68], [0.255, 1.93], [0.2, 2.18], [0.163, 2.38], [0.148, 2.55]],
        12,
    )
    return np.vstack([_foot(0.345), [[0.345, 0.12], [0.345, 0.7]], slope, [[0.13, 3.05], [0, 3.05]]])


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
