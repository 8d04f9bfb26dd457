"""A croissant on a plate, with the flakes that fell from it."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import ball, lathe, of_rows
from generation.starter.baking.thing import CERAMIC, CRUST, Finish, Maker, Thing

ON_PLATE = 0.075
ROWS, COLUMNS = 660, 240
LAYERS = 3.75  # from the middle to a tip
LIP = 0.88  # where in a layer its edge is


def thing() -> Thing:
    maker = Maker(crust="#b2672a", dough="#e6bb7a", toasted="#6b300c", plate="#f4ede2")
    pastry, dough, toasted = _pastry()
    shares = {"crust": np.ones(1), "dough": dough, "toasted": toasted}
    maker.blend(pastry.turned(-17).moved(0.02, -0.2), shares, Finish("coat", 0.34))
    for flake, pale in _flakes():
        maker.blend(flake, {"crust": 1 - pale, "dough": pale}, CRUST)
    maker.add(_plate(), "plate", CERAMIC)
    return maker.thing(metres=0.075)


def _pastry() -> tuple[Mesh, Floats, Floats]:
    """And how much of it is pale dough, and how much darker than the crust."""
    along = np.linspace(-1, 1, ROWS)
    angle = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False)[None]
    layer = _layers(along, angle)
    place = layer % 1
    streaks = _streaks(along, angle, layer)
    coarse = noise.of_grid(ROWS, COLUMNS, 12, 5, octaves=3, seed=2)
    size = 0.52 * np.clip(1 - np.abs(along) ** 1.85, 0, 1)[:, None] ** 0.86 + 0.03
    leaves = _leaves(place, streaks)
    skin = noise.of_grid(ROWS, COLUMNS, 110, 40, octaves=2, seed=16)
    rise = _rise(place) + (0.15 * streaks + 0.16 * leaves + 0.035 * skin) * step(size, 0, 0.3)
    radius = size * (0.93 + 0.165 * rise + 0.035 * coarse)
    mesh = _bent(along, angle, radius, size)
    upward = np.sin(angle) + 0 * size
    dough = (
        _pale(place, streaks) * (1 - 0.45 * step(np.abs(along), 0.4, 0.9)[:, None])
        + 0.5 * step(-upward, 0.0, 0.9)
        + 0.12 * coarse
        + 0.07 * skin
    )
    toasted = (
        0.42 * step(place, 0.4, LIP) * step(1 - place, 0.1, 0.16)
        + 0.32 * np.exp(-(((place - LIP + 0.03) / 0.06) ** 2))
        + 0.45 * streaks
        + 0.25 * coarse
    ) * step(upward, -0.2, 0.6)
    return (
        mesh,
        np.clip(dough, 0, 0.95),
        np.clip(toasted + 0.25 * step(np.abs(along), 0.8, 1)[:, None], 0, 0.85),
    )


def _layers(along: Floats, angle: Floats) -> Floats:
    """Which layer of the roll is outermost, counted from the middle one; the edges wind round the roll."""
    away = np.abs(along + 0.02)[:, None]
    uneven = noise.of_grid(len(along), angle.shape[1], 5, 4, octaves=3, seed=11)
    winding = 0.46 * np.cos(angle - 0.9) * (1 - 0.3 * away) + 0.07 * np.sin(
        3 * angle + 5 * np.sign(along)[:, None]
    )
    return (
        0.5
        + LAYERS * away ** (0.92 + 0.1 * np.sign(along)[:, None])
        + winding * step(away, 0, 0.25)
        + 0.05 * uneven
    )


def _streaks(along: Floats, angle: Floats, layer: Floats) -> Floats:
    """Fine folds, along the edges of the layers."""
    side = np.sign(along)[:, None] * 9
    points = np.stack(
        [5 * layer + side, 1.3 * np.cos(angle) + 0 * layer, 1.3 * np.sin(angle) + 0 * layer], -1
    )
    return noise.of_points(points.reshape(-1, 3), 2.1, octaves=3, seed=6).reshape(layer.shape)


def _leaves(place: Floats, streaks: Floats) -> Floats:
    """The lines of the folded dough, where it rose out from under an edge: -1 to 1."""
    within = step(place, 0.0, 0.05) * (1 - step(place, 0.26, 0.40))
    return within * np.sin(2 * np.pi * (11 * place + 0.5 * streaks))


def _rise(place: Floats) -> Floats:
    """A layer comes out from under the last, swells, and ends in an edge with the leaves of the dough."""
    swelling = 1 - (1 - np.clip(place / 0.62, 0, 1)) ** 2.2
    leaves = 0.10 * np.sin(2 * np.pi * 2.5 * (place - LIP) / (1 - LIP)) * step(place, LIP, LIP + 0.03)
    return 2 * (swelling + leaves) * np.sqrt(np.clip((1 - place) / (1 - LIP), 0, 1)) - 1


def _pale(place: Floats, streaks: Floats) -> Floats:
    """Dough that rose out from under an edge as it baked, and the leaves of the edge."""
    stretched = (1 - step(place, 0.02, 0.20 + 0.16 * np.clip(streaks, -1, 1))) * (0.7 + 0.5 * streaks)
    return np.maximum(stretched, 0.8 * step(place, LIP + 0.015, LIP + 0.06))


def _bent(along: Floats, angle: Floats, radius: Floats, size: Floats) -> Mesh:
    """The roll as a crescent whose tips point at the camera; it lies flat."""
    turn = along * np.radians(116)
    path = np.c_[0.92 * np.sin(turn), 0.74 * np.cos(turn), 0 * turn]
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    outward = np.c_[-ahead[:, 1], ahead[:, 0]]
    rows = np.empty((*radius.shape, 3))
    rows[..., :2] = path[:, None, :2] + (radius * np.cos(angle))[..., None] * outward[:, None]
    rows[..., 2] = 0.88 * radius * np.sin(angle) + 0.74 * size
    uneven = noise.of_grid(ROWS, COLUMNS, 30, 8, octaves=2, seed=4)
    rows[..., 2] = np.maximum(rows[..., 2], 0.006 + 0.005 * uneven) + ON_PLATE
    return of_rows(rows)


def _flakes() -> list[tuple[Mesh, Floats]]:
    """Each, and how pale it is."""
    random = np.random.default_rng(8)
    flakes = []
    for _ in range(26):
        angle, away = random.uniform(-2.9, 0.1), random.uniform(0.75, 1.0)
        wide, deep = random.uniform(0.012, 0.05, 2)
        flake = ball(0.1, 20).scaled(10)
        bumps = 1 + 0.35 * noise.of_points(flake.points, 1.5, octaves=2, seed=int(random.integers(99)))
        flake = Mesh(flake.points * bumps[:, None], flake.faces).scaled(wide, deep, 0.008)
        flake = flake.turned(random.uniform(0, 360)).moved(away * np.cos(angle), away * np.sin(angle) - 0.05)
        flakes.append((flake.moved(z=ON_PLATE + 0.006), np.full(len(flake.points), random.uniform(0, 0.8))))
    return flakes


def _plate() -> Mesh:
    under = smooth([[0.7, 0.02], [0.78, 0], [0.86, 0.02], [1.2, 0.06], [1.46, 0.125]], 8)
    rim = [[1.476, 0.134], [1.478, 0.143], [1.468, 0.15]]
    upper = smooth([[1.44, 0.147], [1.24, 0.105], [1.08, 0.084]], 8)
    return lathe(np.vstack([[[0, 0.02]], under, rim, upper, [[1.03, 0.077], [0, ON_PLATE]]]), 240)
