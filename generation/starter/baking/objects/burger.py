"""A burger: a bun with sesame, and between its halves a patty, melted cheese, tomato and lettuce."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined, normals
from generation.starter.baking.surfaces import ball, lathe, of_rows, raised
from generation.starter.baking.thing import LEAF, SATIN, Finish, Maker, Thing

ON_BUN, ON_PATTY, ON_CHEESE, ON_TOMATO, UPPER = 0.33, 0.675, 0.71, 0.84, 0.90  # heights
PATTY = 1.08  # its radius


def thing() -> Thing:
    maker = Maker(
        bun="#bd762f",
        sesame="#f0dcb0",
        patty="#6a3c22",
        cheese="#f0ab2c",
        tomato="#c3311f",
        lettuce="#6fa332",
    )
    _add_buns(maker)
    maker.add(_patty(), "patty", Finish("coat", 0.38))
    maker.add(_cheese(), "cheese", Finish("coat", 0.28))
    for number, angle in enumerate((-64, 58, 176)):
        slice_ = _tomato(number).turned(3, "x").turned(angle + 90)
        way = np.radians(angle)
        maker.add(
            slice_.moved(0.64 * np.cos(way), 0.64 * np.sin(way), ON_CHEESE + 0.014),
            "tomato",
            Finish("coat", 0.15),
        )
    for seed, size, high in ((1, 1.0, ON_TOMATO), (2, 0.95, ON_TOMATO + 0.035)):
        leaf, pale = _lettuce(seed)
        maker.blend(leaf.scaled(size, size, 1).moved(z=high), {"lettuce": 1.0, "cheese": pale}, LEAF)
    return maker.thing(metres=0.09)


def _add_buns(maker: Maker) -> None:
    shine = Finish("coat", 0.3)
    under = lathe(
        smooth(
            [
                [0.0, 0.0],
                [0.8, 0.0],
                [0.93, 0.03],
                [1.03, 0.14],
                [1.04, 0.25],
                [1.0, 0.315],
                [0.94, 0.33],
                [0, 0.33],
            ],
            10,
        ),
        220,
    )
    under = under.displaced(0.012 * noise.of_points(under.points, 2, octaves=3, seed=1))
    under = Mesh(np.maximum(under.points, [-9, -9, 0]), under.faces)
    maker.blend(under, {"bun": 1.0, "sesame": _crumb(under, 0.27)}, shine)
    crown = _crown()
    pale = np.maximum(0.75 * (1 - step(crown.points[:, 2], UPPER + 0.03, UPPER + 0.26)), 0)
    maker.blend(crown, {"bun": 1.0, "sesame": pale + 0.06 * noise.of_points(crown.points, 3, seed=8)}, shine)
    seeds, toasted = _seeds(crown)
    maker.blend(seeds, {"sesame": 1.0, "bun": toasted}, SATIN)


def _crumb(mesh: Mesh, over: float) -> Floats:
    """Where the cut face is."""
    return 0.85 * step(mesh.points[:, 2], over, over + 0.05)


def _crown() -> Mesh:
    profile = smooth(
        [
            [0, 0.02], [0.9, 0.02], [1.05, 0.03], [1.14, 0.1], [1.165, 0.22], [1.1, 0.42],
            [0.93, 0.6], [0.65, 0.73], [0.33, 0.79], [0, 0.805],
        ],
        14,
    )  # fmt: skip
    crown = lathe(profile, 260).moved(z=UPPER)
    coarse = noise.of_points(crown.points, 0.9, octaves=2, seed=5)
    dimples = noise.of_points(crown.points, 7, octaves=3, seed=6)
    return crown.displaced(0.022 * coarse + 0.0045 * dimples)


def _seeds(crown: Mesh) -> tuple[Mesh, Floats]:
    """Flat drops on what of the bun faces up, and how toasted each is."""
    random = np.random.default_rng(4)
    facing = normals(crown)
    free = np.flatnonzero(facing[:, 2] > 0.42)
    free = random.permutation(
        free[random.uniform(size=len(free)) < np.hypot(*crown.points[free, :2].T) / 1.1]
    )
    chosen: list[int] = []
    for place in free:
        apart = np.linalg.norm(crown.points[chosen] - crown.points[place], axis=1)
        if not chosen or apart.min() > random.uniform(0.075, 0.17):
            chosen.append(int(place))
    drops, toasted = [], []
    for spot in chosen[:210]:
        drop = _drop()
        up = facing[spot]
        across = np.cross(up, random.normal(size=3))
        across /= np.linalg.norm(across)
        frame = np.stack([across, np.cross(up, across), up])
        drops.append(Mesh(drop.points @ frame + crown.points[spot] + 0.006 * up, drop.faces))
        toasted.append(np.full(len(drop.points), random.uniform(0.02, 0.3)))
    return joined(drops), np.concatenate(toasted)


def _drop() -> Mesh:
    seed = ball(0.1, 18).scaled(10).turned(90, "y")
    narrow = 1 - 0.42 * seed.points[:, :1]
    return Mesh(seed.points * np.c_[np.ones_like(narrow), narrow, narrow] * [0.05, 0.027, 0.019], seed.faces)


def _patty() -> Mesh:
    profile = smooth(
        [
            [0, 0.0],
            [0.85, 0],
            [1.0, 0.02],
            [PATTY, 0.11],
            [PATTY, 0.22],
            [1.0, 0.31],
            [0.85, 0.33],
            [0, 0.335],
        ],
        12,
    )
    patty = lathe(profile, 420).moved(z=ON_BUN)
    lumps = noise.of_points(patty.points, 4.5, octaves=2, seed=11)
    ground = np.abs(noise.of_points(patty.points, 11, octaves=3, seed=12))
    side = step(np.hypot(*patty.points[:, :2].T), 0.75, 0.98)
    return patty.displaced((0.028 * lumps - 0.045 * ground + 0.01) * side)


def _cheese() -> Mesh:
    """A square slice whose corners melt over the patty."""
    flat = raised(circle(2.08, 280, squareness=7), 0.073, 0.033).scaled(1 / 2).turned(38)
    x, y, height = flat.points.T
    out, angle = np.hypot(x, y) + 1e-9, np.arctan2(y, x)
    edge = PATTY - 0.03 + 0.012 * np.sin(3 * angle + 1)
    bend, past = 0.075, np.clip(out - edge, 0, None)
    turn = np.minimum(past / bend, 1.42)
    further = past - turn * bend
    away = np.minimum(out, edge) + (bend + height) * np.sin(turn) + further * np.cos(turn)
    sag = 0.012 * noise.of_points(np.c_[x, y, 0 * x], 2.5, octaves=2, seed=3)
    z = ON_PATTY - bend * (1 - np.cos(turn)) + height * np.cos(turn) - further * np.sin(turn)
    hang = 1 + 0.25 * np.sin(5 * angle) * step(past, 0, 0.2)
    z = np.where(past > 0, ON_PATTY + (z - ON_PATTY) * hang, z)
    return Mesh(np.c_[away * np.cos(angle), away * np.sin(angle), z + sag * (past <= 0)], flat.faces)


def _tomato(seed: int) -> Mesh:
    profile = smooth(
        [[0.0, 0.0], [0.44, 0.0], [0.51, 0.02], [0.535, 0.055], [0.51, 0.095], [0.44, 0.11], [0, 0.11]], 8
    )
    slice_ = lathe(profile, 110)
    return slice_.displaced(0.016 * noise.of_points(slice_.points + 3 * seed, 1.4, octaves=2, seed=seed))


def _lettuce(seed: int) -> tuple[Mesh, Floats]:
    """A frilled leaf that looks out all round, and how pale it is."""
    rows, columns = 42, 620
    share = np.linspace(0, 1, rows)[:, None]
    angle = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    wave, ripple = (
        noise.of_grid(rows, columns, 2, around, octaves=octaves, seed=10 * seed + octaves)
        for around, octaves in ((19, 1), (60, 2))
    )
    lobes = noise.of_grid(2, columns, 2, 7, octaves=2, seed=seed + 70)[:1]
    free = step(share, 0.62, 1.0)
    radius = 0.4 + (0.83 + 0.07 * lobes) * share + 0.035 * ripple * free
    z = 0.03 * wave * step(share, 0.1, 0.5) + free * (0.12 * wave + 0.05 * ripple - 0.06 + 0.03 * lobes)
    veins = noise.of_grid(rows, columns, 2, 70, octaves=2, seed=seed + 30)
    pale = 0.55 * (1 - step(share, 0.5, 0.95)) + 0.3 * np.clip(veins, 0, 1) + 0 * angle
    around = angle + 0.05 * wave * free
    leaf = of_rows(np.stack([radius * np.cos(around), radius * np.sin(around), z], -1), ends=(False, False))
    return leaf.flipped(), pale
