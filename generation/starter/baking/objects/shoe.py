"""A sneaker: an upper with sewn panels over a thick sole, a tongue, and laces in a bow."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import of_rows, sweep, tube
from generation.starter.baking.thing import FABRIC, SATIN, Finish, Maker, Thing

TURN = -24  # degrees: the toe comes nearer
STEPS, ROWS = 44, 150  # points from one to the next of those below, and from the sole to the opening
LEATHER = Finish("coat", 0.45)

# The sole from above, from the heel counterclockwise, and the edge of the opening beside each of its points.
SOLE = [
    (-1.40, 0.0), (-1.24, -0.31), (-0.70, -0.37), (-0.10, -0.37), (0.50, -0.47), (0.98, -0.46), (1.30, -0.27),
    (1.42, 0.05), (1.29, 0.32), (0.95, 0.44), (0.40, 0.42), (-0.20, 0.33), (-0.80, 0.35), (-1.26, 0.29),
]  # fmt: skip
OPENING = [
    (-1.25, 0.0, 1.16), (-1.10, -0.19, 1.09), (-0.78, -0.25, 0.88), (-0.38, -0.235, 1.00),
    (-0.06, -0.17, 0.845), (0.24, -0.125, 0.705), (0.42, -0.075, 0.625), (0.47, 0.0, 0.605),
    (0.42, 0.075, 0.625), (0.24, 0.125, 0.705), (-0.06, 0.17, 0.845), (-0.38, 0.235, 1.00),
    (-0.78, 0.25, 0.88), (-1.10, 0.19, 1.09),
]  # fmt: skip
EYELETS = [3.12, 3.6, 4.1, 4.6, 5.1, 5.65]  # along the opening, in its points


def thing() -> Thing:
    maker = Maker(
        upper="#5f8fa0", panels="#e4d0ac", sole="#e8dfcf", laces="#f2ede2", lining="#c98f5c", tread="#b9814f"
    )
    grid = _surface()
    upper, panel = _upper(grid)
    maker.blend(upper.turned(TURN), {"upper": 1 - panel, "panels": panel}, LEATHER)
    maker.add(joined([_inside(grid), _collar(), _tongue()]).turned(TURN), "lining", FABRIC)
    maker.add(_midsole().turned(TURN), "sole", Finish("coat", 0.5))
    maker.add(_tread().turned(TURN), "tread", SATIN)
    maker.add(joined([_laces(grid), _bow()]).turned(TURN), "laces", FABRIC)
    return maker.thing(metres=0.12)


def _closed(points: list) -> Floats:
    """A smooth ring through points."""
    given = np.array(points)
    return smooth(np.vstack([given[-2:], given, given[:2]]), STEPS)[2 * STEPS : -STEPS - 1]


def _outline(out: float = 0.0) -> Floats:
    """The sole's, (n, 2), that much larger all round."""
    ring = _closed(SOLE)
    return ring + out * _outward(ring)


def _outward(ring: Floats) -> Floats:
    ahead = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    normal = np.c_[ahead[:, 1], -ahead[:, 0]]
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)


def _floor(x: Floats) -> Floats:
    """The height of the sole's lower side: its toe springs up."""
    return 0.13 * step(x, 0.55, 1.75) ** 1.3 + 0.03 * (1 - step(x, -1.7, -1.1))


def _deck(x: Floats) -> Floats:
    """The height of its upper side."""
    return np.interp(
        x, *smooth([[-1.5, 0.36], [-0.8, 0.32], [0, 0.26], [0.7, 0.225], [1.2, 0.25], [1.5, 0.29]]).T
    )


def _surface() -> Floats:
    """The upper (rows, columns, 3): each column a curve from the sole to the edge of the opening."""
    ring = _outline(-0.02)
    low = np.c_[ring, _deck(ring[:, 0])]
    high = _closed(OPENING)
    toe = step(low[:, 0], 0.1, 1.1)[:, None]
    rise = high[:, 2:] - low[:, 2:]
    out = np.c_[_outward(ring), np.zeros(len(ring))]
    up, flat = np.array([0, 0, 1]), np.array([1, 1, 0])
    first = low + 0.05 * out + up * (0.42 * rise * (1 - toe) + 0.30 * toe)
    last = high + flat * (low - high) * (0.32 + 0.22 * toe) - up * (0.30 * rise * (1 - toe) - 0.02 * toe)
    t = np.linspace(0, 1, ROWS)[:, None, None]
    return (1 - t) ** 3 * low + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * last + t**3 * high


def _upper(grid: Floats) -> tuple[Mesh, Floats]:
    """And how much of each point is a panel; panels lie on it, sewn along their edges."""
    inside = _panels(grid)
    panel = step(inside, -0.008, 0.010)
    angle = np.cumsum(np.linalg.norm(np.diff(grid[ROWS // 2], axis=0, prepend=grid[ROWS // 2][:1]), axis=1))
    seam = np.exp(-(((inside - 0.042) / 0.012) ** 2)) * (0.5 + 0.5 * np.sin(angle * np.pi / 0.07) ** 2)
    mesh = of_rows(grid, ends=(False, False))
    grain = 0.0022 * noise.of_points(mesh.points, 26, 2, 2)
    creases = 0.010 * np.sin(34 * grid[..., 0] + 5 * np.abs(grid[..., 1])) * _vamp(grid) * (1 - panel)
    by = 0.016 * panel - 0.011 * seam - 0.012 * _holes(grid) + creases
    return mesh.displaced(grain + np.r_[by.ravel(), 0, 0]), panel


def _vamp(grid: Floats) -> Floats:
    """Where the foot bends it."""
    return (
        step(grid[..., 0], 0.42, 0.6) * (1 - step(grid[..., 0], 0.72, 0.95)) * step(grid[..., 2], 0.4, 0.55)
    )


def _panels(grid: Floats) -> Floats:
    """How far each point is inside of a panel (below 0: outside): of toe, heel, eyelets, and two bars."""
    x, _, z = np.moveaxis(grid, -1, 0)
    share = np.linspace(0, 1, len(grid))[:, None] + 0 * x
    toe = 0.23 + 0.17 * step(x, -0.15, 0.75) - z + 0.12 * step(x, 0.8, 1.25) + 0.25 * step(x, 1.0, 1.35)
    heel = -0.92 - x - 0.55 * (z - 0.62) ** 2 + 0.16 * step(z, 0.75, 1.1)
    eyelets = np.minimum(0.62 * (share - 0.80), grid[-1][None, :, 0] + 0.47)
    slope = (x + 0.30) + 0.62 * (z - 0.55)
    bars = np.maximum(0.07 - np.abs(slope + 0.16), 0.07 - np.abs(slope - 0.08))
    return np.maximum.reduce([toe, heel, eyelets, np.minimum(bars, 0.79 - share)])


def _holes(grid: Floats) -> Floats:
    """Small ones for air, in rows over the toes."""
    x, y, z = np.moveaxis(grid, -1, 0)
    place = np.stack([(x - 0.62) / 0.085, y / 0.085], -1)
    away = np.linalg.norm((place - np.round(place)) * 0.085, axis=-1)
    there = (np.abs(y) < 0.20) & (np.round(place[..., 0]) >= 0) & (np.round(place[..., 0]) <= 4) & (z > 0.4)
    return np.exp(-((away / 0.015) ** 2)) * there


def _inside(grid: Floats) -> Mesh:
    """What is seen of it through the opening."""
    middle = np.array([0, 0, 0.45])
    shrunk = grid + (middle - grid) * [0.05, 0.09, 0.06]
    rows = list(shrunk[::-3])
    centre = rows[-1].mean(0)
    rows += [centre + (rows[-1] - centre) * share for share in (0.7, 0.4, 0.1)]
    return of_rows(rows, ends=(False, True))


def _collar() -> Mesh:
    """A padded roll round the opening, thin beside the eyelets."""
    line = _closed(OPENING)
    out = np.c_[_outward(line[:, :2]), np.zeros(len(line))]
    thick = 0.016 + 0.036 * (1 - step(line[:, 0], -0.62, -0.36))
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    across = np.cos(turn)[None, :, None] * out[:, None] * 0.9 + np.sin(turn)[None, :, None] * [0, 0, 1.0]
    rows = line[:, None] - 0.5 * thick[:, None, None] * out[:, None] + thick[:, None, None] * across
    return of_rows(np.concatenate([rows, rows[:1]]), ends=(False, False)).flipped()


def _tongue() -> Mesh:
    """From under the edge of the opening up and out behind the laces."""
    middle = smooth(
        [[0.56, 0.555], [0.25, 0.675], [-0.06, 0.815], [-0.36, 0.975], [-0.52, 1.13], [-0.585, 1.235]], 24
    )
    share = np.linspace(0, 1, len(middle))
    end = np.sqrt(1 - 0.98 * (np.maximum(share - 0.86, 0) / 0.14) ** 2.2)
    half = np.interp(share, [0, 0.3, 0.7, 1], [0.07, 0.14, 0.215, 0.245]) * (0.55 + 0.45 * end)
    thick = (0.014 + 0.030 * share) * end
    path = np.c_[middle[:, 0], 0 * share, middle[:, 1]]
    mesh = sweep(path, circle(1, 56, 2.8), sizes=np.c_[thick, half])
    u = mesh.points[:, 1] / np.r_[np.repeat(half, 56), half[0], half[-1]]
    rise = np.r_[np.repeat(share, 56), 0, 1]
    bent = mesh.points + np.c_[0.05 * rise * u**2, 0 * u, -(0.03 + 0.06 * rise) * u**2]
    rough = 0.003 * noise.of_points(bent, 30, 2, 9)
    return mesh._replace(points=bent).displaced(rough)


def _ring_rows(levels: list[tuple[float, float, float]]) -> list[Floats]:
    """Rings round the sole. levels: how far out, the share of the way from its lower to its upper side, and
    what is added to the height.
    """
    rows = []
    for out, share, add in levels:
        ring = _outline(out)
        low, high = _floor(ring[:, 0]), _deck(ring[:, 0])
        rows.append(np.c_[ring, low + (high - low) * share + add])
    return rows


def _midsole() -> Mesh:
    """Its wall bulges, with a groove all round it and a rim at the upper."""
    wall = [(0.02, 0, 0.075), (0.045, 0, 0.085), (0.062, 0.25, 0.06), (0.068, 0.5, 0.03), (0.066, 0.68, 0.02)]
    groove = [(0.060, 0.69, 0.02), (0.040, 0.71, 0.02), (0.040, 0.74, 0.02), (0.060, 0.76, 0.02)]
    rim = [(0.064, 0.78, 0.02), (0.058, 1, 0.03), (0.052, 1, 0.045), (0.040, 1, 0.055), (0.020, 1, 0.055)]
    levels = [*wall, *groove, *rim, (-0.06, 1, 0.03)]
    mesh = of_rows(_ring_rows(levels))
    return mesh.displaced(0.0022 * noise.of_points(mesh.points, 30, 2, 5))


def _tread() -> Mesh:
    """The rubber below, with notches along its edge."""
    inner = _ring_rows([(-0.02, 0, 0.004)])[0]
    middle = inner.mean(0) * [1, 1, 0]
    lid = [middle + (inner - middle) * [share, share, 1] for share in (0.1, 0.4, 0.7)]
    edge = [(0.045, 0.0), (0.062, 0.012), (0.066, 0.03), (0.066, 0.065), (0.062, 0.078), (0.03, 0.085)]
    wall = _ring_rows([(out, 0, high) for out, high in edge])
    ring = _outline(0.05)
    along = np.cumsum(np.linalg.norm(np.diff(ring, axis=0, prepend=ring[:1]), axis=1))
    notch = 0.014 * step(np.cos(2 * np.pi * along / along[-1] * 64), 0.35, 0.75)
    out = np.c_[_outward(ring), np.zeros(len(ring))] * notch[:, None]
    cut = [row - out * (1 if 0 < number < 4 else 0) for number, row in enumerate(wall)]
    mesh = of_rows([*lid, inner, *cut], ends=(True, False))
    return mesh._replace(points=np.maximum(mesh.points, [-np.inf, -np.inf, 0]))


def _eyelet(grid: Floats, at: float, side: int) -> Floats:
    column = round(at * STEPS)
    return grid[round(0.9 * ROWS), column if side < 0 else -column]


def _laces(grid: Floats) -> Mesh:
    """They cross from eyelet to eyelet, one over the other."""
    made = [_lace(_eyelet(grid, EYELETS[-1], -1), _eyelet(grid, EYELETS[-1], 1), 0.035)]
    for lower, upper in zip(EYELETS[:0:-1], EYELETS[-2::-1], strict=True):
        made.append(_lace(_eyelet(grid, lower, -1), _eyelet(grid, upper, 1), 0.038))
        made.append(_lace(_eyelet(grid, lower, 1), _eyelet(grid, upper, -1), 0.070))
    return joined(made)


def _lace(start: Floats, end: Floats, arch: float) -> Mesh:
    """A flat band, whose ends go into the eyelets."""
    t = np.linspace(0, 1, 40)[:, None]
    lift = arch * (4 * t * (1 - t)) ** 0.6 + 0.016 - 0.05 * ((2 * t - 1) ** 8)
    path = start + (end - start) * t + lift * [0.45, 0, 0.9]
    return sweep(path, circle(1, 20, 3), sizes=np.array([0.042, 0.014]) + 0 * t, up=(0.45, 0, 0.9))


def _bow() -> Mesh:
    """A knot on the tongue, two loops and two ends that hang to both sides."""
    made = []
    knot = np.array([-0.35, 0.0, 1.085])
    for side in (-1, 1):
        loop = [[0, 0, 0], [0.03, 0.12, 0.06], [0.05, 0.28, 0.03], [0.06, 0.41, -0.12], [0.05, 0.40, -0.25],
                [0.01, 0.30, -0.17], [-0.02, 0.14, -0.005], [0, 0.0, 0.0]]  # fmt: skip
        tail = [
            [0, 0, 0],
            [0.08, 0.10, 0.025],
            [0.16, 0.22, -0.04],
            [0.20, 0.33, -0.18],
            [0.21, 0.385, -0.33],
        ]
        for line in (loop, tail):
            path = smooth(np.array(line) * [1, side * (1.0 if line is loop else 0.95), 1] + knot, 14)
            made.append(tube(path, 0.025, 16, up=(1, 0.05, 0.12)))
    over = np.array([[-0.05, -0.035, 0.0], [-0.02, 0, 0.035], [0.03, 0.02, 0.03], [0.06, 0.03, -0.02]])
    lump = tube(smooth(knot + over, 8), 0.040, 18, up=(0, 0.3, 1))
    return joined([*made, lump])
