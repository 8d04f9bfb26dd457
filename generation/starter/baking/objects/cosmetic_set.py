"""A set of cosmetics: a dropper bottle, a tube that stands on its cap, and a jar of cream."""

import numpy as np

from generation.starter.baking import labels
from generation.starter.baking.curves import circle, even, rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import LONGEST, lathe, of_rows
from generation.starter.baking.thing import SATIN, Finish, Maker, Thing

GLASS, METAL, PRINTED = Finish("coat", 0.14), Finish("metal", 0.24), Finish("coat", 0.5)
BOTTLE, TUBE, JAR = (-0.78, -0.1), (0.2, 0.32), (0.82, -0.5)
TUBE_RADIUS, CAP, CRIMP, TUBE_TOP = 0.4, 0.42, 2.16, 2.36


def thing() -> Thing:
    maker = Maker(
        bottle="#7a4a26", metal="#d9b985", tube="#e9dccb", cream="#f3ece1", label="#f3ece1", print="#8a6a48"
    )
    _add_bottle(maker)
    _add_tube(maker)
    _add_jar(maker)
    return maker.thing(metres=0.13)


def _add_bottle(maker: Maker) -> None:
    x, y = BOTTLE
    maker.add(_bottle().moved(x, y), "bottle", GLASS)
    maker.add(_collar().moved(x, y), "metal", METAL)
    maker.add(_bulb().moved(x, y), "cream", SATIN)
    label, at = labels.wrapped(0.5, 0.2, 1.06, 72, facing=8, corner=0.02)
    lines = labels.framed(at, 1.25, 0.86, 0.05, 0.012)
    maker.blend(label.moved(x, y), {"label": 1 - lines, "print": lines}, PRINTED, artwork=at)


def _bottle() -> Mesh:
    foot = smooth([[0.36, 0.012], [0.4, 0], [0.465, 0.014], [0.496, 0.06], [0.5, 0.12]], 6)
    shoulder = smooth(
        [[0.5, 1.12], [0.496, 1.2], [0.46, 1.285], [0.38, 1.335], [0.29, 1.36], [0.235, 1.4]], 10
    )
    return lathe(np.vstack([[[0, 0.03]], foot, shoulder, [[0.225, 1.44], [0.225, 1.5], [0, 1.5]]]), 240)


def _collar() -> Mesh:
    """The ring over the thread: a ribbed wall between two plain lips."""
    line = [
        [0.2, 1.43], [0.262, 1.43], [0.272, 1.44], [0.272, 1.49], [0.262, 1.5], [0.262, 1.515],
        [0.268, 1.525], [0.268, 1.79], [0.26, 1.8], [0.15, 1.805], [0.1, 1.805],
    ]  # fmt: skip
    return lathe(even(rounded(line, 0.008), 0.02), 720, _ribbed)


def _ribbed(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
    on_wall = step(z, 1.54, 1.56) * (1 - step(z, 1.765, 1.785)) * (radius > 0.25)
    return radius - 0.008 * on_wall * (0.5 + 0.5 * np.cos(44 * angle)), z


def _bulb() -> Mesh:
    """Rubber: a lip, a waist and a teat."""
    wall = smooth(
        [
            [0.165, 1.85], [0.15, 1.875], [0.152, 1.92], [0.168, 2.02], [0.17, 2.16], [0.158, 2.3],
            [0.125, 2.395], [0.07, 2.44], [0, 2.452],
        ],
        8,
    )  # fmt: skip
    return lathe(
        np.vstack([rounded([[0.14, 1.8], [0.19, 1.8], [0.19, 1.845], [0.165, 1.85]], 0.012), wall[1:]]), 140
    )


def _add_tube(maker: Maker) -> None:
    x, y = TUBE
    body, at = _tube()
    rings = labels.lined(body.points[:, 2], 0.47, 0.12) + labels.lined(body.points[:, 2], 1.946, 0.02)
    maker.blend(
        body.turned(-9).moved(x, y), {"tube": 1 - rings, "print": rings}, Finish("coat", 0.34), artwork=at
    )
    maker.add(_tube_cap().turned(-9).moved(x, y), "metal", METAL)


def _tube() -> tuple[Mesh, Floats]:
    """Round at its cap, flat and wide at its crimp; and where a print on its front is."""
    z = np.r_[0.4, 0.402, np.linspace(0.42, CRIMP, 110), np.linspace(CRIMP + 0.004, TUBE_TOP, 40), TUBE_TOP]
    flat = step(z, 0.3, CRIMP) ** 1.1
    wide = TUBE_RADIUS * (1 + 0.26 * flat)
    deep = TUBE_RADIUS * (1 - 0.955 * flat) - 0.004 * step(z, CRIMP - 0.01, CRIMP + 0.01)
    deep += 0.004 * step(z, CRIMP, CRIMP + 0.03) * np.cos((z - CRIMP) * 2 * np.pi / 0.045)
    around = circle(1, 260)
    deep[-1] = 0.0005
    x, y = wide[:, None] * around[:, 0], deep[:, None] * around[:, 1]
    mesh = of_rows(np.stack([x, y, z[:, None] + 0 * x], -1), ends=(True, False))
    points = mesh.points
    behind = np.where(points[:, 1] > 0.01, 4.0, 0.0)
    return mesh, np.c_[points[:, 0] / 0.76 + 0.5, (points[:, 2] - 0.55) / (CRIMP - 0.75) + behind]


def _tube_cap() -> Mesh:
    line = [
        [0, 0.0],
        [TUBE_RADIUS - 0.02, 0],
        [TUBE_RADIUS + 0.012, 0.012],
        [TUBE_RADIUS + 0.012, CAP - 0.012],
        [0.38, CAP],
        [0.3, CAP],
    ]
    return lathe(even(rounded(line, 0.02, 5), LONGEST), 240)


def _add_jar(maker: Maker) -> None:
    x, y = JAR
    foot = smooth([[0.4, 0.01], [0.44, 0], [0.51, 0.012], [0.548, 0.06], [0.55, 0.13]], 6)
    wall = np.vstack(
        [[[0, 0.03]], foot, rounded([[0.55, 0.13], [0.55, 0.43], [0.5, 0.455], [0, 0.46]], 0.03)[1:]]
    )
    maker.add(lathe(wall, 240).moved(x, y), "cream", Finish("coat", 0.16))
    lid = rounded([[0.5, 0.462], [0.562, 0.462], [0.562, 0.735], [0.53, 0.752], [0, 0.756]], 0.018, 5)
    maker.add(lathe(lid, 260).moved(x, y), "metal", METAL)
    label, at = labels.wrapped(0.55, 0.12, 0.38, 46, facing=-12, corner=0.02, points=(60, 160))
    lines = labels.framed(at, 0.88, 0.26, 0.03, 0.01)
    maker.blend(label.moved(x, y), {"label": 1 - lines, "print": lines}, PRINTED, artwork=at)
