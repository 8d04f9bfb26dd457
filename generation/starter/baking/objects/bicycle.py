"""A city bicycle with a basket, seen from its right side, on its stand."""

import numpy as np

from generation.starter.baking.curves import circle, even, rounded, smooth
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import lathe, raised, sweep, tube
from generation.starter.baking.thing import FABRIC, GLAZE, SATIN, WOOD, Finish, Maker, Thing

TURN = 14  # degrees that its front is turned away
WHEEL, TYRE = 0.60, 0.034  # the radius of a wheel with its tyre, and that of the tyre
REAR, FRONT = (-0.93, 0.60), (0.93, 0.60)  # the hubs, as x and z
CRANK = (-0.16, 0.50)
ALONG = (0, 1, 0)  # a direction that nothing in the plane of the frame takes
STEEL = Finish("metal", 0.28)


def thing() -> Thing:
    maker = Maker(frame="#4f9a94", metal="#cfd1d3", tyres="#57534f", leather="#9a6238", basket="#c99d62")
    for mesh, region, finish in (
        (_frame(), "frame", GLAZE),
        (_guards(), "frame", GLAZE),
        (_chain_case(), "frame", GLAZE),
        (
            joined(
                [_rim(REAR), _rim(FRONT), _drive(), _bars(), _stand(), _rack(), _lamp(), _springs(), _badge()]
            ),
            "metal",
            STEEL,
        ),
        (joined([_tyre(REAR), _tyre(FRONT), _pedals()]), "tyres", SATIN),
        (joined([_saddle(), _grips()]), "leather", WOOD),
        (_basket(), "basket", FABRIC),
    ):
        maker.add(mesh.turned(TURN), region, finish)
    return maker.thing(metres=1.08)


def _flat(points: list[tuple[float, float]], y: float = 0.0) -> Floats:
    """A smooth line in the plane of the frame, or beside it."""
    line = smooth(points, 16)
    return np.c_[line[:, 0], np.full(len(line), y), line[:, 1]]


def _straight(start: tuple[float, ...], end: tuple[float, ...], radius: float, steps: int = 20) -> Mesh:
    """A tube between two points (x, y, z)."""
    line = even([start, end], 0.035)
    way = np.subtract(end, start)
    up = (0, 1, 0) if abs(way[1]) < 0.7 * np.linalg.norm(way) else (1, 0, 0)
    return tube(line if len(line) > 2 else np.linspace(start, end, 4), radius, steps, up=up)


def _frame() -> Mesh:
    """With a low step, and a fork that bends to the front."""
    made = [
        tube(_flat([(0.615, 1.20), (0.40, 0.92), (0.12, 0.66), CRANK]), 0.042, 24),
        tube(_flat([(0.595, 1.29), (0.34, 1.04), (0.02, 0.83), (-0.26, 0.79)]), 0.034, 24),
        _straight((*_xy(CRANK),), (-0.40, 0, 1.27), 0.036),
        _straight((0.575, 0, 1.36), (0.655, 0, 1.10), 0.05),
        lathe(rounded([[0.02, -0.1], [0.06, -0.1], [0.06, 0.1], [0.02, 0.1]], 0.01), 40)
        .turned(90, "x")
        .moved(CRANK[0], 0, CRANK[1]),
    ]
    for side in (-1, 1):
        made += [
            _straight((CRANK[0] - 0.02, side * 0.05, CRANK[1]), (REAR[0], side * 0.085, REAR[1]), 0.02, 16),
            _straight((-0.365, side * 0.035, 1.16), (REAR[0], side * 0.085, REAR[1]), 0.016, 16),
            _fork(side),
        ]
    return joined(made)


def _xy(point: tuple[float, float], y: float = 0.0) -> tuple[float, float, float]:
    return point[0], y, point[1]


def _fork(side: int) -> Mesh:
    path = smooth(
        [
            [0.648, side * 0.01, 1.12], [0.665, side * 0.06, 1.07], [0.70, side * 0.075, 0.95],
            [0.77, side * 0.08, 0.76], [0.84, side * 0.082, 0.655], [0.93, side * 0.082, 0.60],
        ],
        12,
    )  # fmt: skip
    return tube(path, np.linspace(0.03, 0.018, len(path)), 16, up=(0.6, 0.8, 0.0))


def _wheel_ring(hub: tuple[float, float], radius: float, outline: Floats) -> Mesh:
    """An outline (n, 2) of a radius and a side, led round a hub."""
    ring = np.vstack([outline, outline[:1]]) + np.array([radius, 0])
    return lathe(ring, 160).turned(90, "x").moved(hub[0], 0, hub[1])


def _tyre(hub: tuple[float, float]) -> Mesh:
    return _wheel_ring(hub, WHEEL - TYRE, circle(TYRE, 24)[::-1] * [1, -1])


def _rim(hub: tuple[float, float]) -> Mesh:
    """With its hub, and spokes that cross."""
    made = [_wheel_ring(hub, WHEEL - 2 * TYRE - 0.012, circle(1, 20, 3)[::-1] * [0.022, -0.026])]
    flange = [[0.022, 0.06], [0.05, 0.055], [0.05, 0.045], [0.024, 0.04]]
    half = [[0, 0.1], [0.022, 0.1], *flange]
    middle = lathe(rounded([[x, -z] for x, z in half] + half[::-1], 0.006), 40)
    made.append(middle.turned(90, "x").moved(hub[0], 0, hub[1]))
    for number in range(28):
        side, lean = (-1) ** number, (1 if number // 2 % 2 else -1) * 50
        out, in_ = (np.radians(number * 360 / 28 + add) for add in (0, lean))
        start = (hub[0] + 0.045 * np.cos(in_), side * 0.05, hub[1] + 0.045 * np.sin(in_))
        reach = WHEEL - 2 * TYRE - 0.02
        end = (hub[0] + reach * np.cos(out), side * 0.006, hub[1] + reach * np.sin(out))
        made.append(_straight(start, end, 0.0062, 8))
    return joined(made)


def _guards() -> Mesh:
    """Over both wheels, with a stay each."""
    made = []
    for hub, start, end in ((REAR, 12, 196), (FRONT, 16, 168)):
        angle = np.radians(np.linspace(start, end, 90))
        reach = WHEEL + 0.035
        path = np.c_[hub[0] + reach * np.cos(angle), 0 * angle, hub[1] + reach * np.sin(angle)]
        made.append(sweep(path, _bowed(), up=ALONG))
        last = angle[-12 if hub is REAR else 12]
        for side in (-1, 1):
            tip = (hub[0] + reach * np.cos(last), side * 0.05, hub[1] + reach * np.sin(last))
            made.append(_straight(_xy(hub, side * 0.1), tip, 0.008, 10))
    return joined(made)


def _bowed() -> Floats:
    """The outline of a guard across: thin, and bent round the tyre."""
    turn = np.linspace(-1.15, 1.15, 15)
    outer = 0.064 * np.c_[np.cos(turn) - 0.75, np.sin(turn)]
    inner = 0.056 * np.c_[np.cos(turn) - 0.75 * 0.064 / 0.056, np.sin(turn)]
    return np.vstack([outer, inner[::-1]]) * [-1, 1]


def _chain_case() -> Mesh:
    """On the right side."""
    return raised(_case_outline(), 0.05, 0.018).turned(90, "x").moved(y=-0.085)


def _case_outline() -> Floats:
    """From the crank to the rear hub."""
    big, small = 0.155, 0.085
    ahead, behind = np.radians(np.linspace(-96, 96, 40)), np.radians(np.linspace(96, 264, 30))
    outline = np.vstack(
        [
            np.c_[CRANK[0] + big * np.cos(ahead), CRANK[1] + big * np.sin(ahead)],
            np.c_[REAR[0] + small * np.cos(behind), REAR[1] + small * np.sin(behind)],
        ]
    )
    return even(np.vstack([outline, outline[:1]]), 0.03)[:-1]


def _badge() -> Mesh:
    """A round one, on the chain case."""
    x, z = _case_outline().mean(0)
    face = rounded([[0.056, 0.0], [0.056, 0.012], [0.045, 0.014], [0.042, 0.009], [0, 0.011]], 0.003)
    return lathe(face, 64).turned(90, "x").moved(x, -0.132, z)


def _drive() -> Mesh:
    """Cranks, and the boss that they turn about."""
    made = [lathe(rounded([[0, -0.17], [0.036, -0.17], [0.036, 0.17], [0, 0.17]], 0.012), 32)
            .turned(90, "x").moved(*_xy(CRANK))]  # fmt: skip
    for side, degrees in ((-1, -25), (1, 155)):
        turn = np.radians(degrees)
        tip = (CRANK[0] + 0.27 * np.cos(turn), side * 0.165, CRANK[1] + 0.27 * np.sin(turn))
        made.append(_straight(_xy(CRANK, side * 0.15), tip, 0.019, 14))
        made.append(_straight((tip[0], side * 0.15, tip[2]), (tip[0], side * 0.30, tip[2]), 0.013, 12))
    return joined(made)


def _pedals() -> Mesh:
    corners = [[0.085, 0], [0.085, 0.055], [-0.085, 0.055], [-0.085, -0.055], [0.085, -0.055], [0.085, 0]]
    block = raised(even(rounded(corners, 0.015), 0.03)[:-1], 0.05, 0.012)
    made = []
    for side, degrees in ((-1, -25), (1, 155)):
        turn = np.radians(degrees)
        x, z = CRANK[0] + 0.27 * np.cos(turn), CRANK[1] + 0.27 * np.sin(turn)
        made.append(block.moved(x, side * 0.25, z - 0.025))
    return joined(made)


def _bars() -> Mesh:
    """The stem, the handlebar that comes back on both sides, and the post of the saddle."""
    half = [
        [0.545, 0, 1.57],
        [0.57, 0.10, 1.585],
        [0.56, 0.22, 1.62],
        [0.46, 0.31, 1.635],
        [0.26, 0.345, 1.60],
    ]
    right = [[x, -y, z] for x, y, z in half[:0:-1]]
    return joined(
        [
            tube(smooth([*right, *half], 10), 0.021, 18, up=(0.2, 0, 1)),
            _straight((0.578, 0, 1.35), (0.54, 0, 1.575), 0.026),
            _straight((-0.395, 0, 1.25), (-0.452, 0, 1.45), 0.023),
        ]
    )


def _grips() -> Mesh:
    made = []
    for side in (-1, 1):
        path = smooth(
            [[0.42, side * 0.322, 1.632], [0.34, side * 0.335, 1.62], [0.245, side * 0.348, 1.597]], 12
        )
        made.append(tube(path, np.r_[0.026, np.full(len(path) - 3, 0.032), 0.03, 0.022], 20, up=(0, 0, 1)))
    return joined(made)


def _saddle() -> Mesh:
    """Wide behind, with a nose."""
    x = np.linspace(-0.27, 0.24, 60)
    share = (x + 0.27) / 0.51
    half = np.interp(
        share, *smooth([[0, 0.07], [0.08, 0.135], [0.3, 0.145], [0.6, 0.06], [0.9, 0.04], [1, 0.012]]).T
    )
    thick = np.interp(share, [0, 0.06, 0.3, 0.9, 1], [0.02, 0.05, 0.058, 0.042, 0.012])
    path = np.c_[x - 0.46, 0 * x, 1.50 - 0.05 * (share - 0.35) + 0.04 * (share - 0.5) ** 2]
    return sweep(path, circle(1, 40, 2.6), sizes=np.c_[half, thick], up=(0, 0, 1))


def _springs() -> Mesh:
    """Under the saddle, on the frame that its post holds."""
    turns = np.linspace(0, 2 * np.pi * 4.5, 130)
    coil = tube(
        np.c_[0.03 * np.cos(turns), 0.03 * np.sin(turns), 0.1 * turns / turns[-1]], 0.008, 10, up=(0, 0, 1)
    )
    made = [coil.moved(-0.64, side * 0.085, 1.385) for side in (-1, 1)]
    for side in (-1, 1):
        path = smooth([[-0.64, side * 0.085, 1.385], [-0.52, side * 0.06, 1.40], [-0.40, side * 0.03, 1.435],
                       [-0.30, side * 0.015, 1.475]], 8)  # fmt: skip
        made.append(tube(path, 0.011, 12, up=(0, 0, 1)))
    return joined([*made, _straight((-0.45, -0.06, 1.425), (-0.45, 0.06, 1.425), 0.026)])


def _stand() -> Mesh:
    """It reaches the floor on the left side."""
    return joined(
        [
            _straight((-0.40, 0.06, 0.50), (-0.50, 0.24, 0.018), 0.016),
            _straight((-0.53, 0.25, 0.015), (-0.45, 0.24, 0.015), 0.015),
            _straight((-0.38, 0.075, 0.52), (-0.38, -0.075, 0.52), 0.018),
        ]
    )


def _rack() -> Mesh:
    """Over the rear wheel."""
    made = [_straight((-0.42, y, 1.30), (-1.32, y, 1.30), 0.013) for y in (-0.09, -0.03, 0.03, 0.09)]
    made += [_straight((x, -0.1, 1.30), (x, 0.1, 1.30), 0.013) for x in (-0.55, -0.93, -1.30)]
    for side in (-1, 1):
        made.append(_straight((-1.22, side * 0.09, 1.30), (REAR[0], side * 0.105, REAR[1]), 0.012))
        made.append(_straight((-0.72, side * 0.09, 1.30), (REAR[0], side * 0.105, REAR[1]), 0.012))
    return joined(made)


def _lamp() -> Mesh:
    """On the front guard."""
    dome = lathe(
        smooth([[0, -0.1], [0.04, -0.09], [0.07, -0.03], [0.078, 0.03], [0.07, 0.04], [0.0, 0.045]], 6), 48
    )
    return joined(
        [dome.turned(85, "y").moved(1.29, 0, 1.235), _straight((1.25, 0, 1.14), (1.28, 0, 1.20), 0.014)]
    )


def _basket() -> Mesh:
    """Woven round stakes: the strands pass each before it and behind it by turns."""
    made = [_strand(level, number) for number, level in enumerate(np.linspace(0.03, 0.37, 12))]
    made += [_strand(level, 0, 0.019, 0.0) for level in (0.0, 0.40)]
    for angle in np.linspace(0, 2 * np.pi, 28, endpoint=False):
        low, high = (_basket_point(np.array([angle]), level)[0] for level in (0.0, 0.4))
        made.append(_straight(tuple(low), tuple(high), 0.010, 8))
    floor = raised(
        _basket_point(np.linspace(0, 2 * np.pi, 60, endpoint=False), 0.0)[:, :2] - [0.95, 0], 0.03, 0.01
    )
    made.append(floor.moved(0.95, 0, 1.335))
    made += [_straight((0.60, y, 1.36), (0.96, y, 1.335), 0.014) for y in (-0.04, 0.04)]
    return joined(made)


def _basket_point(angle: Floats, level: float) -> Floats:
    """Of its wall: (n, 3)."""
    shape = circle(1, 720, 3.2)
    at = (np.degrees(angle) * 2).astype(int) % 720
    grow = 1 + 0.55 * level
    return np.c_[
        0.95 + 0.20 * grow * shape[at, 0], 0.25 * grow * shape[at, 1], np.full(len(at), 1.34 + level)
    ]


def _strand(level: float, number: int, thick: float = 0.0155, weave: float = 0.012) -> Mesh:
    angle = np.linspace(0, 2 * np.pi, 168, endpoint=False)
    middle = _basket_point(angle, level)
    out = middle - [0.95, 0, 0]
    out[:, 2] = 0
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    line = middle + weave * (-1) ** number * np.cos(14 * angle)[:, None] * out
    return tube(np.vstack([line, line[:1]]), thick, 8, up=(0, 0, 1))
