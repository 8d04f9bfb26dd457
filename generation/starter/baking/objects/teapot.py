"""A round teapot with its spout to the left and its handle to the right."""

import numpy as np
from numpy.typing import ArrayLike

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, even, rounded, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import ball, lathe, of_rows, sweep
from generation.starter.baking.thing import CERAMIC, GLAZE, Finish, Maker, Thing

SIZE = 0.92
RIM, MOUTH = 1.66, 0.5  # how high the opening is, and its radius
LOGO = (0.95, 0.62, 1.42)  # of the artwork: its width, its lower and its upper side


def thing() -> Thing:
    maker = Maker(body="#3f6f78", lid="#3f6f78", knob="#d9b985", band="#f0e7d8", inside="#f0e7d8")
    body, lid = _body(), _lid()
    bands, line = _bands(body), _line(lid)
    _add(maker, body, {"body": 1 - bands, "band": bands}, GLAZE, _logo(body))
    spout, tip = _spout()
    _add(maker, spout, {"body": 1 - tip, "band": tip}, GLAZE)
    _add(maker, _handle(), {"body": 1}, GLAZE)
    _add(maker, _hollow(), {"inside": 1}, CERAMIC)
    _add(maker, lid, {"lid": 1 - line, "inside": line}, GLAZE)
    _add(maker, _knob(), {"knob": 1}, Finish("metal", 0.36))
    return maker.thing(metres=0.15)


def _add(
    maker: Maker, mesh: Mesh, shares: dict[str, ArrayLike], finish: Finish, artwork: Floats | None = None
) -> None:
    """Moved so that spout and handle reach as far to both sides."""
    maker.blend(mesh.moved(x=0.03).scaled(SIZE), shares, finish, artwork=artwork)


def _body() -> Mesh:
    """A full belly on a low foot, to the seat of the lid."""
    foot = rounded([[0.5, 0.03], [0.53, 0], [0.6, 0], [0.6, 0.05], [0.64, 0.075]], 0.014)
    belly = smooth(
        [
            [0.64, 0.08], [0.86, 0.2], [1.04, 0.46], [1.1, 0.78], [1.03, 1.12], [0.86, 1.4], [0.68, 1.56],
            [0.58, 1.62],
        ],
        16,
    )  # fmt: skip
    collar = rounded(
        [belly[-1], [0.565, 1.635], [0.56, RIM], [MOUTH + 0.01, RIM], [MOUTH, RIM - 0.06]], 0.014, 5
    )
    return lathe(np.vstack([[[0, 0.05]], foot, belly[1:], collar[1:]]), 280, _thrown)


def _thrown(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Faint rings and dents of the hand that turned it."""
    uneven = noise.of_grid(radius.shape[0], radius.shape[1], 7, 5, octaves=2, seed=6)
    return radius + 0.003 * uneven * step(radius, 0.65, 0.9), z


def _bands(body: Mesh) -> Floats:
    """Two fine lines over the belly."""
    z = body.points[:, 2]
    wide, fine = (
        1 - step(np.abs(z - at), half, half + 0.006) for at, half in ((1.485, 0.014), (1.44, 0.005))
    )
    return wide + fine


def _line(lid: Mesh) -> Floats:
    """A fine line on the dome of the lid."""
    x, y, z = lid.points.T
    return (1 - step(np.abs(np.hypot(x, y) - 0.5), 0.008, 0.014)) * (z > RIM + 0.02)


def _logo(body: Mesh) -> Floats:
    """Where on the artwork the front of the belly is; the back is far off it."""
    width, low, high = LOGO
    x, y, z = body.points.T
    behind = np.where(y > 0.2, 5.0, 0.0)
    return np.c_[x / width + 0.5, (z - low) / (high - low) + behind]


def _spout() -> tuple[Mesh, Floats]:
    """An S that leaves the belly wide and ends in a lip cut level; and how much of it is the lip."""
    path = smooth(
        [
            [-0.72, 0, 0.5], [-0.94, 0, 0.58], [-1.16, 0, 0.74], [-1.3, 0, 0.98], [-1.38, 0, 1.24],
            [-1.47, 0, 1.46], [-1.6, 0, 1.62],
        ],
        16,
    )  # fmt: skip
    share = np.linspace(0, 1, len(path))
    size = 0.115 + 0.235 * (1 - step(share, 0.02, 0.72)) + 0.03 * step(share, 0.85, 1)
    around = circle(1, 90)
    outer = sweep(path, around, sizes=np.c_[size, size * (1 + 0.14 * (1 - share))]).points[:-2]
    rows = outer.reshape(len(path), 90, 3)
    bent = _cut_level(rows)
    middles = bent.mean(1, keepdims=True)
    lip = middles[-1] + (bent[-1] - middles[-1]) * 0.91 + np.array([0, 0, 0.012])
    inside = (middles + (bent - middles) * 0.8)[:40:-1]
    amount = np.repeat(np.r_[0 * share, np.ones(1 + len(inside))], 90)
    return of_rows([*bent, lip, *inside], ends=(False, True)), np.r_[amount, 0, 1]


def _cut_level(rows: Floats) -> Floats:
    """The last rings turned by and by until the lip lies nearly level."""
    share = np.linspace(0, 1, len(rows))
    bent = rows.copy()
    for number, amount in enumerate(step(share, 0.8, 1)):
        middle = rows[number].mean(0)
        bent[number, :, 2] = middle[2] + (rows[number, :, 2] - middle[2]) * (1 - 0.75 * amount)
    return bent


def _handle() -> Mesh:
    """An ear: leaves the shoulder, swings out and comes back to the belly, with a thumb's rest on it."""
    path = smooth(
        [
            [0.74, 0, 1.36], [0.9, 0, 1.43], [1.14, 0, 1.5], [1.4, 0, 1.42], [1.55, 0, 1.18], [1.53, 0, 0.88],
            [1.38, 0, 0.62], [1.16, 0, 0.47], [0.96, 0, 0.44], [0.84, 0, 0.45],
        ],
        14,
    )  # fmt: skip
    ends = np.abs(np.linspace(-1, 1, len(path)))
    size = 0.08 + 0.07 * step(ends, 0.7, 1)
    return sweep(path, circle(1, 48), sizes=np.c_[size * 0.86, size * 1.18])


def _hollow() -> Mesh:
    """What shows between rim and lid."""
    return lathe([[MOUTH - 0.01, RIM - 0.02], [MOUTH - 0.02, RIM - 0.1], [0, RIM - 0.1]], 120)


def _lid() -> Mesh:
    line = [[MOUTH - 0.04, RIM - 0.05], [MOUTH - 0.04, RIM + 0.01], [0.545, RIM + 0.01], [0.555, RIM + 0.03]]
    dome = smooth(
        [[0.54, RIM + 0.045], [0.44, RIM + 0.1], [0.28, RIM + 0.16], [0.12, RIM + 0.19], [0.085, RIM + 0.2]],
        14,
    )
    stem = smooth([[0.085, RIM + 0.2], [0.065, RIM + 0.235], [0.075, RIM + 0.27], [0, RIM + 0.28]], 6)
    top = np.vstack([rounded([*line, dome[0]], 0.012, 5), dome[1:], stem[1:]])
    return lathe(even(top, 0.012), 220)


def _knob() -> Mesh:
    return ball(0.125, 110).scaled(1, 1, 0.86).moved(z=RIM + 0.355)
