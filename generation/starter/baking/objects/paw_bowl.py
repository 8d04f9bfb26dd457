"""A pet's bowl full of kibble, with a biscuit in the shape of a bone on top, and one beside it."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import rounded, smooth, step
from generation.starter.baking.fields import smooth_union, surface
from generation.starter.baking.labels import wrapped
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import ball, lathe
from generation.starter.baking.thing import CERAMIC, CRUST, GLAZE, Finish, Maker, Thing

LEVEL = 0.60  # of the kibble at the wall
OPENING = 0.98
WALL = (1.235, 1.045)  # its radius below and above the place of the artwork
BAND = (0.13, 0.72)


def thing() -> Thing:
    maker = Maker(bowl="#5f94a8", inside="#f2ece0", paw="#f4ede2", kibble="#a0683a", biscuit="#d9a866")
    maker.add(_outside(), "bowl", GLAZE)
    label, artwork = wrapped(WALL, *BAND, 30, thickness=0.0018)
    paw = _paw(artwork)
    maker.blend(label, {"bowl": 1 - paw, "paw": paw}, GLAZE, artwork=artwork)
    maker.add(_inside(), "inside", CERAMIC)
    maker.add(_kibble(), "kibble", Finish("coat", 0.6))
    bone = _bone()
    maker.add(bone.turned(16).turned(36, "x").turned(-6, "y").moved(0.10, -0.12, 1.12), "biscuit", CRUST)
    maker.add(bone.turned(24).moved(1.06, -1.2, 0.135), "biscuit", CRUST)
    return maker.thing(metres=0.075)


def _outside() -> Mesh:
    foot = rounded([[1.22, 0.02], [1.24, 0.0], [1.27, 0.0], [1.29, 0.05]], 0.012)
    wall = [*smooth([[1.285, 0.06], [1.255, 0.092], [WALL[0], BAND[0]]], 8), [WALL[1], BAND[1]]]
    rim = smooth([[1.038, 0.77], [1.055, 0.81], [1.05, 0.835], [1.03, 0.845], [1.01, 0.84]], 5)
    return lathe(np.vstack([[[0, 0.02]], foot, wall, rim]), 240)


def _inside() -> Mesh:
    rim = [[1.01, 0.84], [0.995, 0.83], [OPENING, 0.8]]
    wall = smooth([[0.975, 0.77], [0.95, 0.6], [0.86, 0.3], [0.7, 0.14], [0, 0.1]], 8)
    return lathe(np.vstack([rim, wall]), 240)


def _paw(artwork: Floats) -> Floats:
    """How much of each point is the print of a paw: a pad with three lobes, and four toes."""
    width, height = np.radians(60) * sum(WALL) / 2, BAND[1] - BAND[0]
    x, y = (artwork[:, 0] - 0.5) * width / height, artwork[:, 1] - 0.5

    def oval(at: tuple[float, float], wide: float, high: float, tilt: float = 0) -> Floats:
        cos, sin = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
        across, along = x - at[0], y - at[1]
        turned = np.hypot((across * cos + along * sin) / wide, (along * cos - across * sin) / high)
        return (turned - 1) * min(wide, high)

    lobes = [oval((-0.11, -0.2), 0.11, 0.1), oval((0.11, -0.2), 0.11, 0.1), oval((0, -0.10), 0.15, 0.15)]
    toes = [((-0.29, 0.03), 18), ((-0.105, 0.23), 7), ((0.105, 0.23), -7), ((0.29, 0.03), -18)]
    pad = smooth_union(*lobes, blend=0.03)
    away = np.minimum.reduce([pad, *(oval(at, 0.075, 0.115, tilt) for at, tilt in toes)])
    return 1 - step(away, -0.012, 0.012)


def _kibble() -> Mesh:
    """Pieces heaped in layers, each turned its own way; the lowest show only between the others."""
    random = np.random.default_rng(3)
    under = lathe([[OPENING - 0.03, LEVEL - 0.06], [0.5, LEVEL + 0.08], [0, LEVEL + 0.14]], 80)
    made = [under]
    for layer, (count, out) in enumerate([(125, 0.90), (90, 0.78), (44, 0.55), (13, 0.27)]):
        for x, y in _spread(count, out, random):
            radius = np.hypot(x, y)
            heap = LEVEL + 0.20 * (1 - (radius / OPENING) ** 2) + 0.085 * layer
            piece = _piece(random).turned(random.normal(0, 35), "x").turned(random.normal(0, 35), "y")
            turned = piece.turned(random.uniform(0, 360))
            made.append(turned.moved(x, y, heap - 0.05 + random.normal(0, 0.014)))
    return joined(made)


def _spread(count: int, out: float, random: np.random.Generator) -> list[tuple[float, float]]:
    """Places on a disc, evenly apart (a sunflower's), and a bit off."""
    share = np.sqrt((np.arange(count) + 0.5) / count)
    angle = np.radians(137.508) * np.arange(count) + random.uniform(0, 6)
    x = out * share * np.cos(angle) + random.normal(0, 0.015, count)
    y = out * share * np.sin(angle) + random.normal(0, 0.015, count)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _piece(random: np.random.Generator) -> Mesh:
    """A cushion with a dimple on both sides, or a round one."""
    size = random.uniform(0.092, 0.118)
    mesh = ball(size, 26)
    x, y, z = (mesh.points / size).T
    flat = mesh._replace(points=mesh.points * [1.12, 0.95, random.uniform(0.55, 0.75)])
    dimple = -0.26 * np.exp(-(x**2 + y**2) / 0.14) * np.abs(z)
    angles = 0.07 * np.cos(3 * np.arctan2(y, x) + random.uniform(0, 6)) * (1 - np.abs(z))
    rough = 0.09 * noise.of_points(mesh.points + random.uniform(0, 9, 3), 12, 3, 8)
    return flat.displaced(size * (dimple + angles + rough))


def _bone() -> Mesh:
    """Two knobs at either end, and a shaft; pricked with holes, flat below."""
    knobs = np.array([[0.45, 0.165, 0], [0.45, -0.165, 0], [-0.45, 0.165, 0], [-0.45, -0.165, 0]])

    def field(points: Floats) -> Floats:
        flat = points * [1, 1, 1.25]
        balls = [np.linalg.norm(flat - knob, axis=1) - 0.175 for knob in knobs]
        along = np.clip(points[:, 0], -0.42, 0.42)
        shaft = np.linalg.norm(flat - np.c_[along, 0 * along, 0 * along], axis=1) - 0.135
        body = smooth_union(*balls, shaft, blend=0.025)
        return np.maximum(body, np.abs(points[:, 2]) - 0.125 + 0.25 * np.maximum(body + 0.1, 0))

    mesh = surface(field, (-0.7, -0.42, -0.22), (0.7, 0.42, 0.22), 0.015)
    x, y = mesh.points[:, 0], mesh.points[:, 1]
    holes = sum(np.exp(-((x - at) ** 2 + y**2) / 0.0011) for at in (-0.24, 0, 0.24))
    crumb = 0.006 * noise.of_points(mesh.points, 9, 4, 6)
    return mesh.displaced(crumb - 0.05 * holes * (np.abs(mesh.points[:, 2]) > 0.06))
