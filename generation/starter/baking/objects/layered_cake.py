"""A naked cake of three layers on its stand, with a glaze that drips, cream and berries."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import ball, lathe, of_rows
from generation.starter.baking.thing import CERAMIC, GLAZE, LEAF, SATIN, SKIN, Finish, Maker, Thing

STAND, HIGH = 0.52, 1.0  # the height of the stand, and of the cake alone
RADIUS = 0.94
TOP = STAND + HIGH + 0.025  # of the glaze
SPONGES = ((0.03, 0.29), (0.37, 0.62), (0.70, 0.95))


def thing() -> Thing:
    maker = Maker(
        frosting="#f3e6d0",
        sponge="#c08545",
        drip="#5a2c17",
        berries="#b5202c",
        leaves="#5f8a3a",
        stand="#efe6d8",
    )
    side, sponge = _side()
    maker.blend(side.moved(z=STAND), {"frosting": 1.0, "sponge": sponge}, SATIN)
    maker.add(_glaze().moved(z=STAND), "drip", GLAZE)
    _decorate(maker)
    maker.add(_stand(), "stand", CERAMIC)
    return maker.thing(metres=0.26)


def _side() -> tuple[Mesh, Floats]:
    """The cake under its glaze, and how much of it is sponge that shows through scraped frosting."""
    rows, columns = 112, 430
    z = np.linspace(0, HIGH, rows)[:, None]
    layers = sum(
        step(z, low - 0.02, low + 0.02) * (1 - step(z, high - 0.02, high + 0.02)) for low, high in SPONGES
    )
    uneven = noise.of_grid(rows, columns, 6, 20, seed=3)
    scraped = noise.of_grid(rows, columns, 3, 6, octaves=3, seed=9) + 0.4 * noise.of_grid(
        rows, columns, 30, 9, octaves=2, seed=10
    )
    crumb = noise.of_grid(rows, columns, 45, 260, octaves=2, seed=4)
    sponge = layers * step(scraped, -0.75, 0.05)
    filling = 0.014 * (1 - layers) * (1 + 0.4 * uneven)
    foot = 0.03 * (1 - step(z, 0, 0.05))
    radius = RADIUS + 0.008 * uneven - 0.022 * sponge + 0.009 * np.clip(crumb, -1.2, 0.6) * (sponge + 0.1)
    radius = radius + filling - foot
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    side = np.stack([radius * np.cos(angle), radius * np.sin(angle), z + 0 * angle], -1)
    lid = [side[-1] * [share, share, 1] for share in np.linspace(0.95, 0.001, 14)]
    shade = np.concatenate([sponge * (0.8 + 0.2 * np.clip(crumb, -1, 1)), np.zeros((14, columns))])
    return of_rows([*side, *lid], ends=(False, True)), shade


def _glaze() -> Mesh:
    """A cap whose rim runs down in drops."""
    columns = 660
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    depth = _drips(angle)
    rows = [
        np.c_[s * np.cos(angle), s * np.sin(angle), TOP - STAND + 0.004 * np.sin(3 * angle + 5 * s)]
        for s in np.linspace(0.001, RADIUS - 0.07, 16)
    ]
    for share in np.linspace(0, 1, 42) ** 0.9:
        down = depth * share
        drop = step(depth, 0.12, 0.4) * np.exp(-(((down - depth + 0.055) / 0.055) ** 2))
        thick = (0.034 + 0.034 * drop) * np.sqrt(np.clip(1 - share**8, 0, 1))
        edge = np.clip(1 - down / 0.07, 0, 1)
        radius = RADIUS + thick - 0.07 * (1 - np.sqrt(np.clip(1 - edge**2, 0, 1)))
        rows.append(np.c_[radius * np.cos(angle), radius * np.sin(angle), TOP - STAND - down])
    return of_rows(rows, ends=(True, False)).flipped()


def _drips(angle: Floats) -> Floats:
    """How far down the glaze reaches."""
    random = np.random.default_rng(11)
    depth = 0.10 + 0.02 * np.sin(5 * angle + 1)
    count = 19
    for number in range(count):
        middle = 2 * np.pi * (number + random.uniform(-0.22, 0.22)) / count
        wide, long = random.uniform(0.055, 0.085), random.uniform(0.08, 0.46)
        away = np.abs((angle - middle + np.pi) % (2 * np.pi) - np.pi)
        drop = long * np.clip(1 - (away / wide) ** 2, 0, 1) ** 0.4
        depth = np.maximum(depth, 0.09 + 0.09 * np.exp(-((away / (1.5 * wide)) ** 2)) + drop)
    return depth


def _decorate(maker: Maker) -> None:
    """Cream round the rim, a berry on every other, and a heap of fruit in the middle."""
    random = np.random.default_rng(5)
    for number in range(10):
        angle = 2 * np.pi * (number + 0.35) / 10
        at = {"x": 0.70 * np.cos(angle), "y": 0.70 * np.sin(angle)}
        maker.add(_dollop(number * 1.7).scaled(1.0).moved(**at, z=TOP - 0.006), "frosting", SATIN)
        if number % 2:
            berry = _raspberry(number).scaled(0.115).turned(random.uniform(-16, 16), "x")
            maker.add(berry.moved(**at, z=TOP + 0.36), "berries", SKIN)
    for x, y, z, tilt, spin in (
        (-0.24, -0.2, 0.2, 62, 150), (0.2, -0.25, 0.2, 66, 215), (0.33, 0.12, 0.2, 70, 290),
        (-0.02, 0.28, 0.2, 64, 20), (-0.33, 0.12, 0.2, 68, 75), (0.0, 0.0, 0.43, 8, 30),
    ):  # fmt: skip
        fruit = _strawberry().scaled(0.26)
        green = _calyx().scaled(0.26)
        for mesh, region, finish in ((fruit, "berries", Finish("coat", 0.2)), (green, "leaves", LEAF)):
            maker.add(mesh.turned(180 - tilt * 1.2, "x").turned(spin).moved(x, y, TOP + z), region, finish)


def _dollop(phase: float) -> Mesh:
    """Cream from a star: its lobes wind upwards to a tip."""
    profile = smooth(
        [
            [0.0, 0.0],
            [0.17, 0.0],
            [0.215, 0.05],
            [0.2, 0.12],
            [0.155, 0.2],
            [0.11, 0.27],
            [0.06, 0.335],
            [0, 0.39],
        ],
        6,
    )

    def wound(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
        lobe = np.abs(np.cos(3.5 * angle + 16 * z + phase)) ** 0.7
        deep = 0.2 * step(share, 0.12, 0.3) * step(1 - share, 0, 0.15)
        return radius * (1 - deep + 1.6 * deep * lobe), z + 0.02 * np.sin(angle + phase) * share

    return lathe(profile, 98, wound)


def _raspberry(seed: int) -> Mesh:
    """About 1 in radius: a cone of small round fruits."""
    body = ball(1, 66)
    high = body.points[:, 2]
    random = np.random.default_rng(seed)
    number = np.arange(46)
    z = 1 - 2 * (number + 0.5) / 46
    around = number * np.pi * (3 - 5**0.5) + random.uniform(0, 0.2, 46)
    seeds = np.c_[np.sqrt(1 - z**2) * np.cos(around), np.sqrt(1 - z**2) * np.sin(around), z]
    near = np.sort(np.linalg.norm(body.points[:, None] - seeds[None], axis=2), axis=1)[:, 0]
    bumps = 0.86 + 0.2 * np.sqrt(np.clip(1 - (near / 0.33) ** 2, 0, 1))
    narrow = 1 - 0.18 * high
    return Mesh(body.points * bumps[:, None] * np.c_[narrow, narrow, np.full(len(high), 1.1)], body.faces)


def _strawberry() -> Mesh:
    """About 1 in radius, its tip up, with pits for its seeds."""
    profile = smooth(
        [
            [0, -0.86],
            [0.35, -0.9],
            [0.74, -0.72],
            [0.9, -0.3],
            [0.8, 0.25],
            [0.52, 0.8],
            [0.2, 1.14],
            [0, 1.2],
        ],
        5,
    )
    body = lathe(profile, 96)
    x, y, z = body.points.T
    row = np.round(z / 0.2)
    across = (np.arctan2(y, x) / (2 * np.pi) * 15 + 0.5 * (row % 2)) % 1 - 0.5
    pit = np.exp(-((across * 6.28 * np.hypot(x, y) / 15 / 0.055) ** 2) - ((z - 0.2 * row) / 0.075) ** 2)
    return body.displaced(-0.06 * pit)


def _calyx() -> Mesh:
    """The green leaves at its foot, a star of nine."""
    angle = np.linspace(0, 2 * np.pi, 108, endpoint=False)
    point = np.abs(np.cos(4.5 * angle)) ** 1.5
    rows = []
    for share in np.linspace(0.001, 1, 14):
        reach = share * (0.28 + 0.5 * point)
        rows.append(
            np.c_[reach * np.cos(angle), reach * np.sin(angle), -0.93 - 0.16 * share**2 * point + 0 * angle]
        )
    return of_rows(rows, ends=(True, False)).flipped()


def _stand() -> Mesh:
    foot = [[0.0, 0.0], [0.60, 0.0], [0.62, 0.03], [0.57, 0.055]]
    stem = smooth(
        [[0.57, 0.055], [0.3, 0.11], [0.14, 0.2], [0.125, 0.27], [0.2, 0.37], [0.5, 0.425], [1.2, 0.45]], 8
    )
    plate = rounded(
        [[1.2, 0.45], [1.29, 0.44], [1.31, STAND + 0.005], [1.27, STAND + 0.012], [1.23, STAND]], 0.015
    )
    return lathe(np.vstack([foot, stem[1:], plate[1:], [[0.0, STAND]]]), 160)
