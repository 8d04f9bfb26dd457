"""A jar of honey with a cloth tied over its lid, and a dipper beside it."""

import numpy as np

from generation.starter.baking import labels, noise
from generation.starter.baking.curves import even, rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import lathe, of_rows, tube
from generation.starter.baking.thing import FABRIC, PAPER, WOOD, Finish, Maker, Thing

GLASS = Finish("coat", 0.07)
RADIUS, NECK, TOP = 0.8, 0.66, 1.98
TIED = 1.72  # how high the string is
AT = (-0.34, 0.16)


def thing() -> Thing:
    maker = Maker(
        honey="#c9801d", cloth="#f1e8d8", pattern="#b4503c", label="#f4ecdd", string="#b99a6b", wood="#c2935f"
    )
    maker.add(_jar().moved(*AT), "honey", GLASS)
    cloth, check = _cloth()
    maker.blend(cloth.moved(*AT), {"cloth": 1 - check, "pattern": check}, FABRIC)
    maker.add(_string().moved(*AT), "string", FABRIC)
    label, at = labels.wrapped(RADIUS + 0.004, 0.36, 1.16, 50, facing=-2, corner=0.09)
    lines = labels.framed(at, 1.4, 0.8, 0.05, 0.02) + labels.framed(at, 1.4, 0.8, 0.078, 0.007)
    maker.blend(label.moved(*AT), {"label": 1 - lines, "pattern": lines}, PAPER, artwork=at)
    maker.add(_dipper(), "wood", WOOD)
    return maker.thing(metres=0.12)


def _jar() -> Mesh:
    foot = smooth([[0.6, 0.02], [0.66, 0], [0.73, 0.012], [0.785, 0.06], [RADIUS, 0.14]], 8)
    return lathe(np.vstack([[[0, 0.05]], foot, [[RADIUS, 0.7]], _shoulder(), [[0.64, 1.9], [0, 1.9]]]), 260)


def _shoulder() -> Floats:
    return smooth(
        [[RADIUS, 1.26], [0.796, 1.36], [0.765, 1.46], [0.705, 1.53], [0.655, 1.57], [0.64, 1.62]], 10
    )


def _cloth() -> tuple[Mesh, Floats]:
    """A round cloth, smooth over the lid, drawn in by the string, and in folds below it; and its checks."""
    rows, columns = 200, 540
    length = np.linspace(1e-3, 1.36, rows)[:, None]
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    line = smooth(
        [
            [0, TOP], [0.45, TOP - 0.004], [0.64, TOP - 0.025], [0.695, TOP - 0.075], [0.69, TOP - 0.16],
            [NECK + 0.01, TIED], [0.71, TIED - 0.07], [0.79, TIED - 0.2], [0.84, TIED - 0.33],
        ],
        14,
    )  # fmt: skip
    walked = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    radius, z = (np.interp(length, walked * 1.36 / walked[-1], line[:, k]) for k in range(2))
    skirt, gathered = step(length, 0.92, 1.3), step(length, 0.66, 0.9) * (1 - 0.6 * step(length, 0.9, 1.0))
    folds = _folds(angle)
    radius = radius + 0.075 * skirt * folds + 0.016 * gathered * folds
    z = z + 0.05 * skirt * np.sin(4 * angle + 0.6) + 0.02 * skirt * folds
    shoulder = _shoulder()
    jar = np.interp(z, shoulder[:, 1], shoulder[:, 0], right=-1)
    radius = np.maximum(radius, jar + 0.014 + 0.006 * folds)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), z + 0 * angle], -1)
    mesh = of_rows(points[::-1], ends=(False, True))
    return mesh, _checks(length, angle, rows, columns)


def _folds(angle: Floats) -> Floats:
    """About -1 to 1: some narrow, some wide."""
    drift = 0.5 * np.sin(2 * angle + 1) + 0.35 * np.sin(3 * angle + 0.4) + 0.2 * np.sin(5 * angle)
    return np.sin(17 * angle + 2 * drift) + 0.35 * np.sin(29 * angle + 3 * drift + 1)


def _checks(length: Floats, angle: Floats, rows: int, columns: int) -> Floats:
    """Of gingham, woven square: how much of each point its coloured threads cover."""
    turned = angle + 0.5
    x, y = length * np.cos(turned), length * np.sin(turned)
    bands = [0.5 * step(np.cos(2 * np.pi * (along + 0.06) / 0.2), -0.12, 0.12) for along in (x, y)]
    return np.clip(bands[0] + bands[1], 0, 1)[::-1]


def _string() -> Mesh:
    """Twice round, and a small bow in front."""
    angle = np.linspace(0, 2 * np.pi, 220)
    rounds = []
    for low, seed in ((TIED - 0.022, 1), (TIED + 0.02, 2)):
        reach = NECK + 0.036 + 0.006 * np.sin(5 * angle + seed)
        path = np.c_[reach * np.cos(angle), reach * np.sin(angle), low + 0.008 * np.sin(2 * angle + seed)]
        rounds.append(_twisted(path, 0.024, (0, 0, 1)))
    return joined([*rounds, *_bow()])


def _bow() -> list[Mesh]:
    front = -(NECK + 0.065)
    loops = [
        [[0, front, TIED], [side * 0.16, front - 0.05, TIED + 0.1], [side * 0.3, front - 0.06, TIED + 0.05],
         [side * 0.27, front - 0.075, TIED - 0.06], [side * 0.12, front - 0.06, TIED - 0.04],
         [0, front - 0.03, TIED]]
        for side in (-1, 1)
    ]  # fmt: skip
    ends = [
        [[0, front - 0.02, TIED], [side * 0.09, front - 0.09, TIED - 0.12],
         [side * 0.16, front - 0.17, TIED - 0.3], [side * (0.17 + 0.03 * side), front - 0.19, TIED - 0.46]]
        for side in (-1, 1)
    ]  # fmt: skip
    knot = lathe([[0, -0.05], [0.035, -0.035], [0.052, 0], [0.035, 0.035], [0, 0.05]], 40)
    return [
        *(_twisted(smooth(path, 16), 0.021, (0, 1, 0.13)) for path in [*loops, *ends]),
        knot.scaled(1.2, 1, 1.1).moved(0, front - 0.02, TIED),
    ]


def _twisted(path: Floats, radius: float, up: tuple[float, float, float]) -> Mesh:
    """Two strands laid round each other."""
    line, around = even(path, 0.02), 16
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    strands = 0.18 * radius * np.cos(3 * angle[None] + 40 * length[:, None])
    return tube(line, radius, around, up).displaced(np.r_[strands.ravel(), 0, 0])


def _dipper() -> Mesh:
    """Turned of wood, with grooves; it lies on the widest of its ribs and on its handle's end."""
    ribs = []
    for number, widest in enumerate((0.15, 0.2, 0.225, 0.225, 0.2, 0.15)):
        low = 0.1 * number
        ribs += [
            [widest - 0.06, low - 0.012],
            [widest, low + 0.012],
            [widest, low + 0.06],
            [widest - 0.06, low + 0.084],
        ]
    head = rounded([[0, -0.04], [0.06, -0.04], *ribs, [0.07, 0.62]], 0.018, 4)
    handle = smooth(
        [[0.06, 0.66], [0.048, 0.9], [0.046, 1.4], [0.056, 1.72], [0.068, 1.8], [0.05, 1.85], [0, 1.862]], 10
    )
    made = lathe(np.vstack([head, handle]), 100, _grained)
    lain = made.turned(90, "y").turned(4.7, "y")
    lain = lain.moved(z=-lain.points[:, 2].min()).moved(-0.9)
    return lain.turned(-157).moved(0.62, -0.72)


def _grained(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
    uneven = noise.of_grid(radius.shape[0], radius.shape[1], 6, 30, octaves=3, seed=2)
    return radius + 0.0015 * uneven * step(radius, 0.01, 0.04), z
