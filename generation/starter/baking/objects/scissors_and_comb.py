"""A barber's scissors, a little open, and a comb: they lean on a rolled towel."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, smooth, spiral, step
from generation.starter.baking.mesh import Mesh, joined
from generation.starter.baking.surfaces import lathe, shell, sweep, tube
from generation.starter.baking.thing import FABRIC, SATIN, Finish, Maker, Thing

LEAN = 30  # degrees to the floor
ROLL, PILE = (
    0.40,
    0.085,
)  # the radius of the roll, to the middle of its outermost turn, and the towel's thickness
ROLL_AT = 0.72  # how far behind the middle it lies
FRONT = -1.02  # where the tools touch the floor
OPEN = 11  # degrees that a blade stands off the middle
TURN = 8  # degrees of it all, so that the end of the roll shows
BRASS, STEEL = Finish("metal", 0.25), Finish("metal", 0.24)


def thing() -> Thing:
    maker = Maker(
        comb="#b5563c", steel="#c9ccd0", rings="#3d4a55", screw="#c9a35c", towel="#ece4d6", stripe="#7d95a3"
    )
    _add_towel(maker)
    for part, region, finish in _scissors():
        maker.add(_leaned(part.scaled(1.1), 7, -0.46), region, finish)
    maker.add(_leaned(_comb().moved(y=1.28), -12, 0.68), "comb", SATIN)
    return maker.thing(metres=0.09)


def _leaned(mesh: Mesh, degrees: float, x: float) -> Mesh:
    """What lies on the origin and points along y, turned in its plane and laid against the roll."""
    return mesh.turned(degrees).turned(LEAN, "x").moved(x, FRONT).turned(TURN)


def _add_towel(maker: Maker) -> None:
    x = np.r_[-1.42, -1.415, np.linspace(-1.40, 1.40, 150), 1.415, 1.42]
    line = spiral(ROLL, 0.06, PILE * 1.17, 130)
    grid = np.stack(np.broadcast_arrays(x[None], line[:, :1], line[:, 1:]), -1)
    end = step(1.42 - np.abs(x), -0.02, 0.02)[None] * step(np.arange(len(line)), -3, 4)[:, None]
    mesh = shell(grid, PILE * (0.25 + 0.75 * end))
    loops = 0.006 * noise.of_points(mesh.points, 38, 2, 5) + 0.010 * noise.of_points(mesh.points, 2.2, 2, 6)
    mesh = mesh.displaced(loops).moved(y=ROLL_AT, z=ROLL + PILE / 2)
    away = np.abs(np.abs(mesh.points[:, 0]) - 1.13)
    stripe = np.maximum(1 - step(away, 0.045, 0.065), 1 - step(np.abs(away - 0.11), 0.012, 0.028))
    floor = np.maximum(mesh.points, [-np.inf, -np.inf, 0])
    maker.blend(mesh._replace(points=floor).turned(TURN), {"towel": 1 - stripe, "stripe": stripe}, FABRIC)


def _scissors() -> list[tuple[Mesh, str, Finish]]:
    """Its two halves cross at the pivot; its lowest point is on the origin."""
    up, low = 1.22, 0.045
    left = joined([_blade(), _shank(), _ring(), _rest()]).turned(OPEN).moved(y=up, z=low)
    right = joined([_blade(), _shank(), _ring()]).mirrored().turned(-OPEN).moved(y=up, z=low + 0.062)
    cushion = _cushion().turned(OPEN)
    return [
        (joined([left, right]), "steel", STEEL),
        (joined([cushion.moved(y=up, z=low), cushion.mirrored().moved(y=up, z=low + 0.062)]), "rings", SATIN),
        (_screw().moved(y=up, z=low + 0.095), "screw", BRASS),
    ]


def _blade() -> Mesh:
    """Ground to a ridge; its edge is straight, on the right, and its back bends to the tip."""
    y = np.r_[np.linspace(-0.16, 1.22, 70), 1.235, 1.24]
    share = np.clip(y / 1.24, 0, 1)
    half = 0.098 * (1 - share**1.7) + 0.006
    half[y < 0] *= 1 + 1.5 * y[y < 0]
    thick = 0.030 - 0.016 * share
    path = np.c_[0.052 - half - 0.02 * share, y, 0 * y]
    return sweep(path, circle(1, 40, 1.35), sizes=np.c_[half, thick], up=(0, 0, 1))


def _shank() -> Mesh:
    """From the pivot, on to the right, to its ring."""
    path = smooth(
        [[-0.03, 0.1, 0], [0.02, -0.12, 0], [0.075, -0.42, 0], [0.10, -0.66, 0], [0.10, -0.86, 0]], 12
    )
    share = np.linspace(0, 1, len(path))
    return sweep(
        path, circle(1, 32, 2.6), sizes=np.c_[0.085 - 0.035 * share**0.6, 0.030 + 0.014 * share], up=(0, 0, 1)
    )


def _torus(radius: float, thick: float, high: float) -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 33) + np.pi
    return lathe(np.c_[radius + thick * np.cos(turn), -high * np.sin(turn)][::-1], 96)


def _ring() -> Mesh:
    return _torus(0.185, 0.042, 0.045).scaled(1, 1.2, 1).turned(8).moved(0.265, -0.99)


def _cushion() -> Mesh:
    """Of rubber, in the ring."""
    return _torus(0.142, 0.022, 0.052).scaled(1, 1.22, 1).turned(8).moved(0.265, -0.99)


def _rest() -> Mesh:
    """For the little finger, behind one of the rings."""
    path = smooth([[0.29, -1.19, 0], [0.33, -1.28, 0], [0.40, -1.37, 0.005], [0.47, -1.40, 0.02]], 10)
    return tube(
        path, np.r_[np.linspace(0.036, 0.026, len(path) - 4), 0.026, 0.024, 0.019, 0.008], 24, up=(0, 0, 1)
    )


def _screw() -> Mesh:
    """Its slot is a groove across it."""
    mesh = lathe(
        [[0.062, -0.02], [0.066, 0.0], [0.066, 0.018], [0.055, 0.030], [0.03, 0.034], [0.0, 0.035]], 96
    )
    knurl = lathe([[0.085, -0.03], [0.09, -0.02], [0.09, -0.004], [0.082, 0.004], [0.04, 0.006]], 96)
    return joined([mesh, knurl])


def _comb() -> Mesh:
    """Its middle is over the origin, its teeth point to the left: wide ones above, fine ones below."""
    y = np.r_[-1.2, -1.195, np.linspace(-1.18, 1.18, 80), 1.195, 1.2]
    width = 0.092 - 0.03 * (y / 1.2) ** 2
    ends = np.sqrt(np.clip(1 - ((np.abs(y) - 1.14) / 0.065).clip(0) ** 2, 0.02, 1))
    path = np.c_[0.07 + 0.012 - 0.03 * (y / 1.2) ** 2, y, 0 * y + 0.052]
    spine = sweep(path, circle(1, 40, 2.6), sizes=np.c_[width * ends, 0.05 * ends], up=(0, 0, 1))
    fine = [_tooth(at, 0.0105) for at in np.arange(-1.07, -0.02, 0.036)]
    wide = [_tooth(at, 0.0195) for at in np.arange(0.03, 1.08, 0.066)]
    guards = [_tooth(at, 0.045) for at in (-1.14, 1.14)]
    return joined([spine, *fine, *wide, *guards])


def _tooth(y: float, half: float) -> Mesh:
    """A blunt point, thinner outwards."""
    share = np.r_[np.linspace(0, 0.97, 14), 0.99, 1.0]
    reach = 0.42 - 0.06 * (y / 1.2) ** 2
    blunt = np.sqrt(np.clip(1 - ((share - 0.94) / 0.062).clip(0) ** 2, 0.03, 1))
    path = np.c_[0.04 - reach * share, np.full_like(share, y), 0.052 + 0 * share]
    sizes = np.c_[half * (1 - 0.45 * share) * blunt, 0.040 * (1 - 0.6 * share) * blunt]
    return sweep(path, circle(1, 14, 2.6), sizes=sizes, up=(0, 0, 1))
