"""A yoga mat, half unrolled, and two hex dumbbells."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, even, rounded, smooth, spiral, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import lathe, raised, shell, sweep
from generation.starter.baking.thing import BRUSHED, Finish, Maker, Thing

WIDTH, THICK = 1.80, 0.062
ROLL, APART = (
    0.40,
    0.074,
)  # the radius of the roll, to the middle of its outermost turn, and between its turns
ROLL_AT, END = 0.52, -1.42  # where the roll lies, and where the mat ends
TURN = -34  # degrees that the mat is turned, so that its roll is seen from its end
TINT = 0.45  # how much paler the lower side is
HEX = 0.235  # from the middle of a head to its sides
FOAM, RUBBER = Finish("coat", 0.6), Finish("coat", 0.42)


def thing() -> Thing:
    maker = Maker(mat="#7d9c92", underside="#efe6d2", heads="#46484c", handles="#c4c6c9", badges="#d9cdb8")
    mesh, below = _mat()
    maker.blend(
        mesh.turned(TURN).moved(0.06, 0.14), {"mat": 1 - TINT * below, "underside": TINT * below}, FOAM
    )
    for degrees, x, y, z in ((-12, -0.36, -0.42, THICK), (38, 1.02, -0.98, 0.0)):
        for part, region, finish in _dumbbell():
            maker.add(part.turned(degrees).moved(x, y, z + HEX), region, finish)
    return maker.thing(metres=0.16)


def _mat() -> tuple[Mesh, Floats]:
    """And how much of each point is its lower side."""
    line = _line()
    edge = np.array([0, 0.004, 0.012, 0.025])
    x = np.r_[-WIDTH / 2 + edge, np.linspace(-WIDTH / 2, WIDTH / 2, 62)[2:-2], (WIDTH / 2 - edge)[::-1]]
    grid = np.stack(np.broadcast_arrays(x[None], line[:, :1], line[:, 1:]), -1)
    round_ = np.sqrt(np.clip(1 - (1 - step(WIDTH / 2 - np.abs(x), -0.02, 0.026)) ** 2, 0.1, 1))
    mesh = shell(grid, THICK * np.broadcast_to(round_, grid.shape[:2]))
    grain = 0.0028 * noise.of_points(mesh.points, 16, 2, 3) + 0.004 * noise.of_points(mesh.points, 1.6, 2, 4)
    mesh = mesh.displaced(grain).moved(z=THICK / 2)
    is_below = np.arange(2 * len(x)) >= len(x)
    below = np.broadcast_to(is_below, (len(line), 2 * len(x))).astype(float)
    return mesh._replace(points=np.maximum(mesh.points, [-np.inf, -np.inf, 0])), below


def _line() -> Floats:
    """Of the mat as seen from its side: flat, up a little at its end, and rolled behind."""
    flat = even([[END, 0], [ROLL_AT, 0]], 0.028)[:-1]
    lift = 0.075 * (1 - step(flat[:, 0], END - 0.25, END + 0.42)) ** 2
    curl = spiral(ROLL, 0.05, APART, 110) + np.array([ROLL_AT, ROLL])
    edge = np.array([[END - 0.010, lift[0] + 0.001]])
    return np.vstack([edge, flat + np.c_[0 * lift, lift], curl])


def _dumbbell() -> list[tuple[Mesh, str, Finish]]:
    """Along x, its middle on the origin."""
    head = _head()
    collar = lathe(rounded([[0.0, 0.0], [0.105, 0], [0.115, 0.03], [0.075, 0.06], [0.0, 0.06]], 0.012), 80)
    collar = collar.turned(-90, "y").moved(x=0.235)
    badge, line = _badge()
    return [
        (joined([head, head.mirrored()]), "heads", RUBBER),
        (joined([_handle(), collar, collar.mirrored()]), "handles", BRUSHED),
        (joined([badge, badge.mirrored(), line, line.mirrored()]), "badges", Finish("coat", 0.4)),
    ]


def _head() -> Mesh:
    angle = np.radians(np.arange(7) * 60 + 30)
    corners = HEX / np.cos(np.radians(30)) * np.c_[np.cos(angle), np.sin(angle)]
    start = (corners[:1] + corners[1:2]) / 2
    outline = even(
        rounded(np.vstack([start, corners[1:], corners[1:2] * 0.5 + corners[:1] * 0.5]), 0.04), 0.03
    )
    return raised(outline[:-1], 0.38, 0.045, 6).turned(90, "y").moved(x=0.225)


def _badge() -> tuple[Mesh, Mesh]:
    """A ring and a disc on the outer face of a head."""
    disc = lathe(rounded([[0.09, -0.01], [0.09, 0.006], [0, 0.006]], 0.004), 80)
    ring = lathe(rounded([[0.15, -0.01], [0.15, 0.005], [0.135, 0.005], [0.135, -0.01]], 0.003), 80)
    return disc.turned(90, "y").moved(x=0.605), ring.turned(90, "y").moved(x=0.605)


def _handle() -> Mesh:
    """Thicker in its middle, with knurls."""
    path = np.c_[np.linspace(-0.26, 0.26, 130), np.zeros((130, 2))]
    x = path[:, :1]
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)[None]
    wide = np.interp(
        x[:, 0], *smooth([[-0.26, 0.058], [-0.12, 0.068], [0, 0.076], [0.12, 0.068], [0.26, 0.058]]).T
    )
    mesh = sweep(path, circle(1, 96), sizes=wide)
    crossed = np.maximum(np.cos(16 * angle + 130 * x), np.cos(16 * angle - 130 * x))
    knurl = 0.0035 * step(crossed, 0.2, 0.9) * step(0.2 - np.abs(x), 0, 0.02)
    return mesh.displaced(np.r_[-knurl.ravel(), 0, 0])
