"""A cupcake in its pleated paper, with a piped swirl, sprinkles and a cherry."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined, normals
from generation.starter.baking.surfaces import ball, lathe, sweep, tube
from generation.starter.baking.thing import GLAZE, PAPER, SATIN, Finish, Maker, Thing

PLEATS, PAPER_HIGH = 44, 0.86
TURNS = 3.35  # of the swirl


def thing() -> Thing:
    maker = Maker(
        frosting="#eda3b0",
        wrapper="#efe4d2",
        cake="#aa6b38",
        sprinkles="#3f9aa8",
        pearls="#f3e3b8",
        cherry="#a8131f",
    )
    swirl = _swirl()
    maker.add(joined([swirl, _filling()]), "frosting", SATIN)
    maker.add(_wrapper(), "wrapper", PAPER)
    maker.add(_cake(), "cake", Finish("coat", 0.6))
    _sprinkle(maker, swirl)
    cherry, stem = (
        mesh.turned(9, "y").turned(-7, "x").moved(0.02, -0.02, 2.0) for mesh in (_cherry(), _stem())
    )
    maker.add(cherry, "cherry", GLAZE)
    maker.add(stem, "cake", SATIN)
    return maker.thing(metres=0.1)


def _wrapper() -> Mesh:
    """Paper folded into pleats that open upwards; its inner side ends in the cake."""
    wall = [[0.56, 0.0], [0.585, 0.012], [0.60, 0.04], [0.85, PAPER_HIGH], [0.838, PAPER_HIGH], [0.72, 0.62]]

    def pleated(angle: Floats, share: Floats, radius: Floats, z: Floats) -> tuple[Floats, Floats]:
        wave = PLEATS * angle + 0.5 * np.sin(3 * angle + 1)
        fold = 2 / np.pi * np.arcsin(0.96 * np.sin(wave))
        deep = 0.012 + 0.028 * z / PAPER_HIGH
        edge = 0.012 * np.sin(5 * angle + 2) + 0.006 * np.sin(wave)
        return radius + deep * fold * step(z, 0, 0.05), z + edge * step(z, 0.5, PAPER_HIGH)

    return lathe([[0, 0.0], *wall], PLEATS * 14, pleated)


def _cake() -> Mesh:
    """Its crown swells over the edge of the paper."""
    profile = smooth(
        [
            [0.72, 0.62],
            [0.76, 0.78],
            [0.80, 0.865],
            [0.875, 0.915],
            [0.895, 0.97],
            [0.84, 1.05],
            [0.6, 1.09],
            [0, 1.1],
        ],
        12,
    )
    crown = lathe(profile, 260)
    coarse = noise.of_points(crown.points, 3, octaves=3, seed=3)
    pores = noise.of_points(crown.points, 16, octaves=2, seed=4)
    return crown.displaced(0.018 * coarse + 0.012 * np.minimum(pores, 0.2))


def _swirl() -> Mesh:
    """A rope from a star, led round and up, ever narrower."""
    along = np.linspace(0, 1, 680)
    angle = 2 * np.pi * (TURNS * along**0.93) + 1.3
    away = 0.62 * (1 - along**1.2) + 0.012
    high = 1.17 + 0.78 * along**1.12
    path = np.c_[away * np.cos(angle), away * np.sin(angle), high]
    size = (0.285 - 0.15 * along) * step(along, -0.02, 0.035) * (1 - 0.75 * step(along, 0.93, 1.0))
    size = size * (1 + 0.02 * np.sin(61 * along) + 0.015 * np.sin(143 * along + 1))
    rope = sweep(path, _star(), sizes=np.c_[size, 0.88 * size], up=(0, 0, 1))
    return rope.displaced(0.004 * noise.of_points(rope.points, 9, octaves=3, seed=2))


def _star() -> Floats:
    """The outline of what comes out of the tube: six round lobes."""
    angle = np.linspace(0, 2 * np.pi, 112, endpoint=False)
    reach = 0.70 + 0.33 * np.abs(np.cos(3 * angle)) ** 0.7
    return reach[:, None] * np.c_[np.cos(angle), np.sin(angle)]


def _filling() -> Mesh:
    """What closes the middle of the swirl."""
    return lathe([[0.62, 1.0], [0.62, 1.18], [0.42, 1.45], [0.2, 1.75], [0.06, 1.9], [0, 1.9]], 64)


def _sprinkle(maker: Maker, swirl: Mesh) -> None:
    """On what of the swirl faces up and out."""
    random = np.random.default_rng(12)
    facing = normals(swirl)
    outward = (facing[:, :2] * swirl.points[:, :2]).sum(1) > -0.05
    free = np.flatnonzero((facing[:, 2] > 0.2) & outward & (swirl.points[:, 2] < 1.9))
    chosen: list[int] = []
    for place in random.permutation(free)[:4000]:
        apart = np.linalg.norm(swirl.points[chosen] - swirl.points[place], axis=1)
        if not chosen or apart.min() > 0.15:
            chosen.append(int(place))
    for number, place in enumerate(chosen):
        at = swirl.points[place] + 0.008 * facing[place]
        if number % 3:
            maker.add(_rod(at, facing[place], random), "sprinkles", GLAZE)
        else:
            maker.add(ball(random.uniform(0.022, 0.032), 22).moved(*at), "pearls", Finish("coat", 0.15))


def _rod(at: Floats, facing: Floats, random: np.random.Generator) -> Mesh:
    """A sprinkle that lies on a surface."""
    way = np.cross(facing, random.normal(size=3))
    way /= np.linalg.norm(way)
    share = np.linspace(-1, 1, 13)
    radius = 0.017 * np.sqrt(np.clip(1 - np.abs(share) ** 7, 0, 1)) + 0.001
    return tube(at + 0.058 * share[:, None] * way, radius, 12, up=facing)


def _cherry() -> Mesh:
    profile = smooth(
        [
            [0, -0.2],
            [0.09, -0.185],
            [0.175, -0.1],
            [0.2, 0.03],
            [0.155, 0.14],
            [0.07, 0.165],
            [0.025, 0.145],
            [0, 0.14],
        ],
        12,
    )
    return lathe(profile, 96)


def _stem() -> Mesh:
    path = smooth([[0, 0, 0.12], [0.015, 0.01, 0.24], [0.06, 0.02, 0.38], [0.15, 0.03, 0.5]], 10)
    thick = 0.012 + 0.012 * step(np.linspace(0, 1, len(path)), 0.85, 1)
    return tube(path, thick, 14)
