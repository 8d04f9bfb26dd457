"""A wrapped box with a ribbon round it, a full bow, and a tag."""

import numpy as np
from numpy.typing import ArrayLike

from generation.starter.baking.curves import even, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import ball, box, of_rows, raised, tube
from generation.starter.baking.thing import FABRIC, PAPER, Finish, Maker, Thing

WIDE, HIGH, LID = 1.74, 1.2, 0.36  # the box, and how far its lid comes down
ROOF = HIGH + 0.03
RIBBON = 0.3  # its width
SILK, CARD = Finish("coat", 0.34), Finish("coat", 0.5)
TURN = 24.0  # degrees of the whole


def thing() -> Thing:
    maker = Maker(box="#5f8072", lid="#6d9182", ribbon="#ead9bb", tag="#f4eee2", string="#b99a6b")
    maker.add(_placed(box(WIDE, WIDE, HIGH - 0.02, 0.025)), "box", CARD)
    maker.add(_placed(box(WIDE + 0.07, WIDE + 0.07, LID, 0.022).moved(z=ROOF - LID)), "lid", CARD)
    for degrees in (0, 90):
        maker.add(_placed(_strap().turned(degrees)), "ribbon", SILK)
    maker.add(_placed(_bow().moved(z=ROOF)), "ribbon", SILK)
    tag, at = _tag()
    maker.add(_placed(tag), "tag", PAPER, artwork=at)
    maker.add(_placed(_string()), "string", FABRIC)
    return maker.thing(metres=0.2)


def _placed(mesh: Mesh) -> Mesh:
    return mesh.turned(TURN).moved(y=0.1)


def _strap() -> Mesh:
    """Ribbon up one side, over the lid and down the other."""
    side, edge = WIDE / 2 + 0.006, WIDE / 2 + 0.042
    wall = [[-side, 0.004], [-side, ROOF - LID - 0.05], [-edge, ROOF - LID + 0.02], [-edge, ROOF - 0.03]]
    corner = np.linspace(0, np.pi / 2, 7)
    bend = np.c_[-edge + 0.035 * (1 - np.cos(corner)), ROOF - 0.027 + 0.035 * np.sin(corner)]
    half = np.vstack([wall, bend, [[-0.02, ROOF + 0.008]]])
    path = even(np.vstack([half, half[::-1] * [-1, 1]]), 0.04)
    return _band(np.c_[path[:, 0], 0 * path[:, 0], path[:, 1]], RIBBON, (0, 1, 0))


def _band(path: Floats, width: ArrayLike, across: ArrayLike, cup: ArrayLike = 0.0) -> Mesh:
    """Ribbon along a path. across: one direction, or one a point, from edge to edge. cup: how far its middle
    bulges, to the left of the path.
    """
    count, wide = len(path), 14
    ahead = np.gradient(path, axis=0)
    side = np.broadcast_to(np.asarray(across, float), (count, 3))
    side = side - ahead * ((side * ahead).sum(1) / (ahead**2).sum(1))[:, None]
    side = side / np.linalg.norm(side, axis=1, keepdims=True)
    out = np.cross(ahead / np.linalg.norm(ahead, axis=1, keepdims=True), side)
    t = np.linspace(-1, 1, wide)
    over = np.r_[t, t[::-1]]
    # A hem at both edges is a little thicker.
    thick = 0.005 + 0.004 * (np.abs(over) > 0.9) * (np.abs(over) < 0.99)
    rise = thick * np.r_[np.ones(wide), -np.ones(wide)]
    half = np.broadcast_to(np.asarray(width, float), (count,))[:, None] / 2 * over
    bulge = np.broadcast_to(np.asarray(cup, float), (count,))[:, None] * (1 - over**2) + rise
    return of_rows(path[:, None] + half[..., None] * side[:, None] + bulge[..., None] * out[:, None])


def _bow() -> Mesh:
    """Two tiers of loops, the tails below them and the knot in the middle."""
    lower = [_loop(0.86, 0.34, 0.05).turned(angle) for angle in (-6, 62, 122, 176, 236, 304)]
    upper = [_loop(0.68, 0.34, 0.3).turned(angle).moved(z=0.07) for angle in (28, 98, 150, 208, 272, 334)]
    crown = [_loop(0.46, 0.3, 0.66).turned(angle).moved(z=0.1) for angle in (2, 70, 128, 190, 254, 310)]
    heart = [_loop(0.26, 0.24, 1.5).turned(angle).moved(z=0.1) for angle in (40, 160, 280)]
    tails = [_tail().turned(angle) for angle in (-50, -150)]
    return joined([*lower, *upper, *crown, *heart, *tails, ball(0.09, 40).moved(z=0.16)])


def _loop(reach: float, high: float, lift: float) -> Mesh:
    """Out along x and back above itself. lift: by how much its end is higher than its beginning."""
    path = smooth(
        [
            [0.0, 0, 0.03], [0.25 * reach, 0, 0.03 + 0.05 * high + 0.25 * lift * reach],
            [0.62 * reach, 0, 0.04 + 0.1 * high + 0.62 * lift * reach],
            [0.92 * reach, 0, 0.05 + 0.3 * high + 0.9 * lift * reach],
            [0.97 * reach, 0, 0.04 + 0.68 * high + lift * reach],
            [0.78 * reach, 0, 0.04 + 0.98 * high + 0.85 * lift * reach],
            [0.45 * reach, 0, 0.06 + 0.9 * high + 0.5 * lift * reach],
            [0.16 * reach, 0, 0.07 + 0.5 * high + 0.2 * lift * reach], [0.0, 0, 0.12],
        ],
        8,
    )  # fmt: skip
    share = np.linspace(-1, 1, len(path))
    pinch = step(np.abs(share), 0.55, 1)
    width = RIBBON * (1 - 0.66 * pinch)
    return _band(path, width, (0, 1, 0), cup=-0.05 * step(np.abs(share), 0.3, 0.9))


def _tail() -> Mesh:
    """Lies on the lid in waves, cut to a swallow's tail."""
    path = smooth(
        [[0, 0, 0.06], [0.3, 0.01, 0.1], [0.58, 0.03, 0.03], [0.8, 0.06, 0.1], [1.0, 0.1, 0.045],
         [1.12, 0.13, 0.07], [1.21, 0.15, 0.13]],
        12,
    )  # fmt: skip
    share = np.linspace(0, 1, len(path))
    made = _band(path, RIBBON * (0.34 + 0.66 * step(share, 0, 0.3)), (0.12, 1, 0))
    return _notched(made, len(path))


def _notched(ribbon: Mesh, rows: int) -> Mesh:
    """Its last rows drawn back in the middle."""
    points = ribbon.points.copy()
    grid = points[: rows * 28].reshape(rows, 28, 3)
    back = 1 - np.abs(np.r_[np.linspace(-1, 1, 14), np.linspace(1, -1, 14)])
    for number in range(1, 7):
        pull = (7 - number) / 6
        grid[-number] += (grid[-8] - grid[-number]) * (0.9 * pull * back[:, None])
    points[-1] = grid[-1].mean(0)
    return ribbon._replace(points=points)


def _tag() -> tuple[Mesh, Floats]:
    """Card with two corners cut, which hangs before the front of the box on its string."""
    wide, high, cut = 0.42, 0.66, 0.12
    outline = [
        [wide / 2, -high / 2], [wide / 2, high / 2 - cut], [wide / 2 - cut, high / 2],
        [cut - wide / 2, high / 2], [-wide / 2, high / 2 - cut], [-wide / 2, -high / 2],
    ]  # fmt: skip
    line = even([*outline, outline[0]], 0.02)[:-1]
    plate = raised(line, 0.016, 0.005)
    # Triangles of the innermost rings would be too small for a ray to meet.
    from_middle = plate.points[:, :2] - line.mean(0)
    plate.points[:, :2] += 25 * from_middle * (np.hypot(*from_middle.T) < 0.002)[:, None]
    at = plate.points[:, :2] / np.array([wide, high]) + 0.5
    return plate.turned(8).turned(87, "x").moved(*TAG), at


TAG = (-0.46, -WIDE / 2 - 0.052, 0.6)


def _string() -> Mesh:
    """From the bow over the edge of the lid to the hole of the tag."""
    x, y, z = TAG
    path = smooth(
        [
            [-0.02, -0.1, ROOF + 0.06], [-0.2, -0.5, ROOF + 0.03], [-0.36, -WIDE / 2 - 0.02, ROOF + 0.02],
            [-0.4, y - 0.012, ROOF - 0.06], [-0.47, y - 0.012, z + 0.36], [x - 0.036, y - 0.016, z + 0.25],
        ],
        12,
    )  # fmt: skip
    knot = ball(0.026, 30).moved(x - 0.036, y - 0.012, z + 0.25)
    return joined([tube(path, 0.013, 12, up=(1, 0, 0.1)), knot])
