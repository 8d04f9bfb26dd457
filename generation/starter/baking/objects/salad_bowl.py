"""A bowl of salad: curly leaves, tomatoes, cucumber, cheese and onion; the bowl's front is for artwork."""

from collections.abc import Callable

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import box, lathe, of_rows
from generation.starter.baking.thing import CERAMIC, LEAF, PAPER, Finish, Maker, Thing

WALL = [
    [0.55, 0.04], [0.72, 0.075], [0.96, 0.2], [1.15, 0.42], [1.255, 0.66], [1.29, 0.84],
]  # fmt: skip
# Of leaves: how many, from how far out and how high, how steeply they rise, and how long they are.
WREATHS = (
    (12, 0.42, 0.64, 22, 0.86), (9, 0.14, 0.93, 10, 0.80), (5, 0.03, 1.08, 22, 0.54),
)  # fmt: skip
# Where the rest lies: x and y, and how it is tilted, to the camera, and turned.
WHOLE = ((-0.50, -0.42, 20, 0), (0.62, 0.20, 10, 60), (-0.22, 0.52, -10, 20), (0.10, -0.74, 20, 100))
HALVES = ((0.30, -0.46, 50, 20), (-0.74, 0.06, 35, -50), (0.10, 0.14, 30, 15), (0.46, 0.58, 20, 140))
SLICES = (
    (-0.18, -0.62, 48, -12), (-0.28, -0.12, 42, -22), (0.70, -0.32, 50, 48), (-0.62, 0.42, 25, 200),
    (0.16, 0.62, 20, 160),
)  # fmt: skip
CUBES = (
    (0.06, -0.30, 12, 30), (0.50, -0.10, 25, 70), (-0.46, 0.20, 20, 15), (-0.76, -0.24, 25, 50),
    (0.36, 0.30, 15, 5), (0.42, -0.72, 30, 40), (-0.02, 0.40, 10, 60), (-0.44, -0.70, 32, 22),
)  # fmt: skip
RINGS = (
    (0.24, -0.08, 25, 0),
    (-0.60, -0.12, 40, -30),
    (0.56, -0.56, 45, 40),
    (-0.10, 0.28, 15, 70),
    (0.80, 0.06, 35, 80),
)


def thing() -> Thing:
    maker = Maker(
        bowl="#e9e2d4",
        leaves="#68a038",
        tomatoes="#c22d1c",
        cucumber="#cfdc9c",
        cheese="#f1e4c8",
        onion="#8a3560",
    )
    maker.add(_bowl(), "bowl", CERAMIC)
    front, artwork = _front()
    maker.add(front, "bowl", CERAMIC, artwork=artwork)
    tops = _add_leaves(maker)
    finishes = {"wet": Finish("coat", 0.22), "dry": PAPER}
    for places, make, shine, sunk in (
        (WHOLE, _whole, "wet", 0.05),
        (HALVES, _half, "wet", 0.03),
        (SLICES, _slice, "wet", 0.02),
        (CUBES, _cube, "dry", 0.0),
        (RINGS, _ring, "wet", 0.03),
    ):
        _scatter(maker, tops, places, make, finishes[shine], sunk)
    return maker.thing(metres=0.13)


def _bowl() -> Mesh:
    foot = np.maximum(smooth([[0.44, 0.02], [0.47, 0.0], [0.52, 0.0], [0.55, 0.04]], 4), 0)
    rim = [[1.293, 0.858], [1.285, 0.874], [1.268, 0.878], [1.252, 0.868], [1.246, 0.85]]
    within = smooth([[1.21, 0.66], [1.1, 0.44], [0.9, 0.24], [0.6, 0.12], [0.0, 0.1]], 6)
    return lathe(np.vstack([[[0.0, 0.02]], foot, smooth(WALL, 10)[1:], rim, within]), 170)


def _front() -> tuple[Mesh, Floats]:
    """A part of the wall a little before it, and where on it each point is."""
    wall = smooth(WALL[2:], 20)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(wall, axis=0), axis=1))]
    v, u = np.linspace(0, 1, 60), np.linspace(0, 1, 90)
    at = length[-1] * (0.06 + 0.86 * v)
    radius, z = (np.interp(at, length, wall[:, k]) for k in range(2))
    ahead = np.gradient(wall, axis=0)
    slope = np.arctan2(*(np.interp(at, length, ahead[:, k]) for k in (1, 0)))
    to_edge = np.minimum(np.minimum(v, 1 - v)[:, None], np.minimum(u, 1 - u))
    out = 0.0024 * step(to_edge, 0, 0.08) - 0.001
    angle = np.radians(-90 + 34 * (2 * u - 1))
    reach = radius[:, None] + out * np.sin(slope)[:, None]
    high = z[:, None] - out * np.cos(slope)[:, None]
    rows = np.stack([reach * np.cos(angle), reach * np.sin(angle), high], -1)
    across, along = np.meshgrid(u, v)
    return of_rows(rows, is_ring=False), np.c_[across.ravel(), along.ravel()]


def _add_leaves(maker: Maker) -> Floats:
    """And a heap below them; the points of all."""
    heap = lathe([[1.14, 0.55], [1.0, 0.7], [0.7, 0.88], [0.35, 0.99], [0.0, 1.02]], 200)
    heap = heap.displaced(0.05 * noise.of_points(heap.points, 5, octaves=3, seed=2))
    maker.add(heap, "leaves", LEAF)
    random = np.random.default_rng(17)
    found = [heap.points]
    for count, out, high, steep, size in WREATHS:
        for number in range(count):
            angle = 360 * (number + random.uniform(-0.12, 0.12)) / count + 15 * count
            leaf, pale = _leaf(int(random.integers(1000)))
            long = size * random.uniform(0.92, 1.08)
            leaf = leaf.scaled(long, long, 0.9 * long).turned(random.uniform(-14, 14), "x")
            leaf = leaf.turned(-steep + random.uniform(-7, 7), "y").moved(x=out).turned(angle)
            leaf = leaf.moved(z=high + random.uniform(-0.03, 0.03))
            leaf = _over_rim(leaf)
            red = 0.85 * (number % 4 == 2) * (1 - pale)
            fresh = np.clip(pale + random.uniform(-0.05, 0.22), 0, 1)
            maker.blend(leaf, {"leaves": np.ones(1), "cucumber": fresh * (1 - red), "onion": red}, LEAF)
            found.append(leaf.points)
    return np.vstack(found)


def _over_rim(leaf: Mesh) -> Mesh:
    """Bent so that it leaves the bowl above the rim."""
    x, y, z = leaf.points.T
    out = np.hypot(x, y)
    least = 0.93 * step(out, 0.98, 1.22) - 0.35 * step(out, 1.34, 1.7)
    high = least + 0.035 * np.logaddexp(0, (z - least) / 0.035)
    return Mesh(np.c_[x, y, np.where(out > 0.98, high, z)], leaf.faces)


def _leaf(seed: int) -> tuple[Mesh, Floats]:
    """1 long, from the origin to the right, curly along its edge; and how pale it is."""
    along = np.linspace(0, 1, 62)[:, None]
    across = np.linspace(-1, 1, 58)[None]
    x = along - 0.22 * across**2 * along**2
    y = across * (0.10 + 0.42 * along**0.8) * np.clip(1 - (along - 0.62) ** 2 * 1.3, 0, 1)
    edge = np.maximum(np.abs(across), step(along, 0.35, 1.0) * along) ** 2.4
    round_ = np.arctan2(y, x - 0.42)
    flat = np.stack([x, y, 0 * x + seed], -1).reshape(-1, 3)
    crumple = noise.of_points(flat, 5, octaves=3, seed=seed).reshape(x.shape)
    shift = noise.of_points(flat, 2, octaves=2, seed=seed + 1).reshape(x.shape)
    frill = np.sin(13 * round_ + 4 * shift) + 0.6 * np.sin(29 * round_ + 6 * shift + seed)
    rib = np.exp(-((y / (0.035 * (1.25 - along))) ** 2))
    z = 0.075 * edge * frill * step(along, 0.05, 0.4) + 0.035 * crumple * (1 - rib) + 0.02 * rib
    z = z + 0.22 * (np.abs(y) ** 1.5) - 0.16 * along**2.2 + 0.05 * along
    rim = 1 + 0.05 * edge * np.sin(31 * round_ + 5 * shift)
    pale = 0.75 * rib * (1 - 0.6 * along) + 0.4 * (1 - step(along, 0.0, 0.35)) - 0.12 * crumple
    return of_rows(np.stack([x * rim, y * rim, z], -1), is_ring=False), np.clip(pale + 0.08, 0, 1)


def _scatter(
    maker: Maker,
    tops: Floats,
    places: tuple[tuple[float, float, float, float], ...],
    make: Callable[[int], tuple[Mesh, dict[str, Floats]]],
    finish: Finish,
    sunk: float,
) -> None:
    """Each lies on the leaves where it is."""
    for number, (x, y, tilt, spin) in enumerate(places):
        mesh, shares = make(number)
        below = tops[np.hypot(tops[:, 0] - x, tops[:, 1] - y) < 0.13, 2]
        high = float(np.quantile(below, 0.93)) - sunk
        maker.blend(mesh.turned(tilt, "x").turned(spin).moved(x, y, high), shares, finish)


def _whole(seed: int) -> tuple[Mesh, dict[str, Floats]]:
    profile = smooth(
        [[0.0, 0.0], [0.1, 0.015], [0.175, 0.1], [0.18, 0.18], [0.13, 0.29], [0.05, 0.315], [0.0, 0.3]], 8
    )
    tomato = lathe(profile, 96).moved(z=-0.08)
    scar = np.exp(-((np.hypot(*tomato.points[:, :2].T) / 0.025) ** 2)) * (tomato.points[:, 2] > 0)
    return tomato, {"tomatoes": np.ones(1), "leaves": 0.8 * scar}


def _half(seed: int) -> tuple[Mesh, dict[str, Floats]]:
    """A tomato, cut: walls between three chambers with seeds."""
    dome = smooth([[0.0, -0.16], [0.1, -0.135], [0.17, -0.05], [0.18, -0.008], [0.172, 0.0]], 9)
    half = lathe(np.vstack([dome, np.c_[np.linspace(0.172, 0, 34), np.zeros(34)][1:]]), 100).moved(z=0.07)
    x, y, z = half.points.T
    out, angle = np.hypot(x, y), np.arctan2(y, x)
    is_cut = step(z, 0.06, 0.068)
    wall = np.exp(-((np.cos(1.5 * angle + seed) * out / 0.024) ** 2))
    chamber = step(out, 0.03, 0.055) * (1 - step(out, 0.115, 0.14)) * (1 - wall) * is_cut
    seeds = chamber * step(np.cos(16 * angle) * np.cos(out * 115), 0.3, 0.8)
    ring = step(out, 0.13, 0.142) * (1 - step(out, 0.158, 0.168)) * is_cut
    pale = 0.55 * seeds + 0.22 * ring + 0.22 * wall * is_cut * (out < 0.13)
    return half.displaced(-0.014 * chamber + 0.010 * seeds), {"tomatoes": np.ones(1), "cucumber": pale}


def _slice(seed: int) -> tuple[Mesh, dict[str, Floats]]:
    """Of a cucumber."""
    side = smooth([[0.2, 0.0], [0.222, 0.012], [0.225, 0.03], [0.222, 0.044], [0.208, 0.055]], 4)
    upper = np.c_[np.linspace(0.208, 0, 40), np.full(40, 0.055)][1:]
    slice_ = lathe(np.vstack([[[0.0, 0.0]], side, upper]), 110)
    x, y, z = slice_.points.T
    out, angle = np.hypot(x, y), np.arctan2(y, x)
    core = (1 - step(out, 0.10, 0.125 + 0.012 * np.cos(3 * angle))) * (z > 0.03)
    lobes = np.abs(np.cos(1.5 * angle + seed)) ** 0.5
    seeds = (
        core * step(np.cos(21 * angle) * np.cos(out * 105 + 0.6), 0.35, 0.75) * step(out, 0.03, 0.05) * lobes
    )
    skin = step(out, 0.206, 0.217)
    green = 0.92 * skin + 0.22 * core * (1 - seeds) + 0.12 * step(out, 0.16, 0.2)
    bent = 0.05 * (x / 0.22) ** 2
    mesh = slice_.displaced(0.008 * seeds - 0.004 * core)
    return Mesh(mesh.points + np.c_[0 * x, 0 * x, bent], mesh.faces), {
        "cucumber": np.ones(1),
        "leaves": green,
        "cheese": 0.5 * seeds,
    }


def _cube(seed: int) -> tuple[Mesh, dict[str, Floats]]:
    """Of a cheese that crumbles."""
    cube = box(0.72, 0.66, 0.54, 0.07).scaled(0.25).moved(z=-0.02)
    crumbled = noise.of_points(cube.points + seed, 5, octaves=4, seed=seed)
    return cube.displaced(0.026 * crumbled), {"cheese": np.ones(1)}


def _ring(seed: int) -> tuple[Mesh, dict[str, Floats]]:
    """Of an onion: coloured outside, pale inside."""
    turn = np.linspace(0, 2 * np.pi, 29)
    profile = np.c_[0.19 + 0.017 * np.cos(turn), 0.035 + 0.034 * np.sin(turn)]

    def bent(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
        return radius * (1 + 0.14 * np.cos(2 * angle + seed)), z + 0.035 * np.sin(2 * angle + 2 * seed)

    ring = lathe(profile, 84, bent)
    pale = 0.85 * np.r_[np.repeat(step(-np.cos(turn), -0.1, 0.7), 84), 0, 0]
    return ring.scaled(1 - 0.1 * (seed % 3)), {"onion": np.ones(1), "cheese": pale}
