"""A pizza on a wooden board: a blistered crust, tomato, molten cheese and basil."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import even, smooth, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import lathe, of_rows
from generation.starter.baking.thing import LEAF, WOOD, Finish, Maker, Thing

ON_BOARD = 0.13
ON_SAUCE = ON_BOARD + 0.075
INNER, RADIUS = 0.98, 1.24  # where the rim begins, and ends
BOARD, HANDLE = 1.40, 2.0  # how far it reaches


def thing() -> Thing:
    maker = Maker(
        crust="#c98f4c",
        toasted="#5a2f17",
        tomato="#ae300d",
        cheese="#f4deaa",
        basil="#467f2c",
        board="#b07c4a",
    )
    _add_pizza(maker)
    _add_tomatoes(maker)
    _add_basil(maker)
    maker.add(_board().turned(24), "board", WOOD)
    return maker.thing(metres=0.04)


def _add_pizza(maker: Maker) -> None:
    flat = _flat()
    out = np.hypot(flat.points[:, 0], flat.points[:, 1])
    is_upper = step(flat.points[:, 2], 0.03, 0.06)
    rim = step(out, INNER - 0.03, INNER + 0.05)
    blisters = noise.of_points(flat.points, 3.4, octaves=2, seed=6)
    spots = noise.of_points(flat.points, 7, octaves=2, seed=9)
    fine = noise.of_points(flat.points, 26, octaves=2, seed=7)
    molten = _molten(flat.points) * (1 - rim)
    puffed = 0.055 * np.clip(blisters + 0.2, -0.4, 1) + 0.05 * step(spots, 0.25, 0.9) + 0.004 * fine
    sauce = 0.018 * spots + 0.010 * fine * (1 - molten)
    by = (rim * puffed + (1 - rim) * (sauce + 0.034 * molten**0.7)) * is_upper
    shares = {
        "crust": np.ones(1),
        "tomato": (1 - rim) * (1 - molten) * (0.9 + 0.25 * spots),
        "cheese": molten * (1 - 0.75 * step(spots + 0.3 * fine, 0.25, 0.8)) + 0.10 * rim * (1 - is_upper),
        "toasted": _charred(blisters, spots, fine, rim, molten, is_upper),
    }
    maker.blend(flat.displaced(by).moved(z=ON_BOARD), shares, Finish("coat", 0.34))


def _flat() -> Mesh:
    """Its rim is uneven, and what is within is plain."""
    under = [[0, 0.004], [1.05, 0.004], [1.15, 0.02]]
    rim = smooth(
        [
            [1.15, 0.02],
            [1.225, 0.06],
            [RADIUS, 0.115],
            [1.19, 0.18],
            [1.11, 0.195],
            [1.04, 0.155],
            [INNER, 0.085],
        ],
        11,
    )
    within = np.c_[np.linspace(INNER, 0, 105), np.full(105, 0.072)][1:]
    flat = lathe(np.vstack([under, rim[1:], within]), 540)
    around = flat.points * [1, 1, 0] / np.maximum(np.hypot(*flat.points[:, :2].T), 0.3)[:, None]
    uneven = 0.022 * noise.of_points(around, 1.3, octaves=3, seed=3)
    return Mesh(flat.points * np.c_[1 + uneven, 1 + uneven, 1 + 3 * uneven], flat.faces)


def _molten(points: Floats) -> Floats:
    """How much of each point is cheese: pools that ran, and a thin veil between them."""
    random = np.random.default_rng(21)
    ragged = noise.of_points(points * [1, 1, 0], 4.5, octaves=3, seed=13)
    pools = np.zeros(len(points))
    for number in range(20):
        out = 0.88 * np.sqrt((number + 0.4) / 20)
        angle = number * 2.4 + random.uniform(-0.3, 0.3)
        radius = random.uniform(0.17, 0.27)
        away = np.hypot(points[:, 0] - out * np.cos(angle), points[:, 1] - out * np.sin(angle))
        pools = np.maximum(pools, step(1 - away / radius + 0.34 * ragged, 0.0, 0.42))
    veil = 0.2 * step(noise.of_points(points * [1, 1, 0], 5, octaves=3, seed=14), 0.1, 0.6)
    return np.maximum(pools, veil)


def _charred(
    blisters: Floats, spots: Floats, fine: Floats, rim: Floats, molten: Floats, is_upper: Floats
) -> Floats:
    """Blisters of the rim that burnt, and brown spots on the cheese."""
    brown = 0.30 * step(blisters + 0.3 * fine, -0.1, 0.8)
    burnt = 0.9 * step(spots + 0.25 * fine + 0.25 * blisters, 0.42, 0.75)
    kissed = 0.16 * step(spots + 0.3 * fine, 0.35, 0.8) * (molten > 0.5)
    return rim * np.maximum(brown, burnt) * (0.25 + 0.75 * is_upper) + (1 - rim) * kissed


def _add_tomatoes(maker: Maker) -> None:
    random = np.random.default_rng(3)
    for number in range(9):
        out, angle = (0.72, 0.44)[number % 2] + random.uniform(-0.06, 0.06), number * 0.71 + 0.3
        slice_, pale = _tomato(number)
        tilted = (
            slice_.scaled(random.uniform(0.85, 1.1)).turned(random.uniform(-6, 6), "x").turned(number * 77)
        )
        shares = {"tomato": np.ones(1), "cheese": pale, "crust": np.full(1, 0.02)}
        placed = tilted.moved(out * np.cos(angle), out * np.sin(angle), ON_SAUCE + 0.022)
        maker.blend(placed, shares, Finish("coat", 0.2))


def _tomato(seed: int) -> tuple[Mesh, Floats]:
    """A slice, and how pale it is: walls between three chambers with seeds."""
    profile = smooth(
        [
            [0.0, 0.0],
            [0.13, 0.0],
            [0.165, 0.02],
            [0.168, 0.045],
            [0.155, 0.06],
            [0.13, 0.058],
            [0.07, 0.052],
            [0, 0.055],
        ],
        9,
    )
    slice_ = lathe(profile, 84)
    x, y, z = slice_.points.T
    out, angle = np.hypot(x, y), np.arctan2(y, x)
    wall = np.exp(-(((np.cos(1.5 * angle + seed)) * out / 0.022) ** 2))
    chamber = step(out, 0.025, 0.05) * (1 - step(out, 0.105, 0.125)) * (1 - wall) * (z > 0.045)
    seeds = chamber * step(np.cos(17 * angle) * np.cos(out * 130), 0.35, 0.8)
    rough = noise.of_points(slice_.points, 9, octaves=2, seed=seed)
    mesh = slice_.displaced(-0.016 * chamber + 0.008 * seeds + 0.008 * rough)
    ring = step(out, 0.12, 0.135) * (1 - step(out, 0.15, 0.16)) * (z > 0.045)
    return mesh, 0.5 * seeds + 0.12 * ring + 0.15 * wall * (out < 0.11) * (z > 0.045)


def _add_basil(maker: Maker) -> None:
    """A sprig in the middle, and leaves about."""
    for x, y, size, spin, rise in (
        (0.04, -0.02, 0.46, 200, 10), (0.0, 0.03, 0.44, 320, 12), (0.0, 0.05, 0.40, 80, 14),
        (0.02, 0.02, 0.26, 140, 26), (-0.62, -0.36, 0.36, 60, 5), (0.52, -0.62, 0.34, 150, 5),
        (0.74, 0.18, 0.33, 250, 5), (-0.40, 0.55, 0.36, 330, 5), (0.22, 0.72, 0.31, 10, 5),
        (-0.80, 0.12, 0.26, 100, 6),
    ):  # fmt: skip
        leaf = _leaf(int(spin)).scaled(size).turned(-rise, "y").turned(spin)
        maker.add(leaf.moved(x, y, ON_SAUCE + 0.045), "basil", LEAF)


def _leaf(seed: int) -> Mesh:
    """1 long, from the origin to the right: folded along its middle, and swollen between its veins."""
    along = np.linspace(0, 1, 56)[:, None]
    across = np.linspace(-1, 1, 41)[None]
    wide = 0.34 * np.sin(np.pi * along**0.78) ** 0.8 * (1 - 0.25 * along) + 0.006
    fold = 0.16 * np.abs(across) ** 1.3 * wide / 0.34 - 0.06 * np.abs(across) ** 3
    bow = 0.16 * np.sin(np.pi * along) - 0.22 * along**2
    vein = np.abs(np.sin(np.pi * (5 * along - 1.6 * np.abs(across)))) ** 0.7 * np.minimum(
        1, 5 * np.abs(across)
    )
    ruffle = 0.02 * np.sin(9 * along + seed) * across**2
    z = fold + bow + 0.03 * vein * np.sin(np.pi * along) * (1 - 0.5 * across**2) + ruffle
    x = along + 0.05 * np.abs(across) * np.sin(np.pi * along)
    return of_rows(np.stack([x + 0 * across, wide * across, z], -1), is_ring=False).flipped()


def _board() -> Mesh:
    """Round, with a handle that has a rounded end."""
    outline = _board_outline()
    ahead = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    outward = np.c_[ahead[:, 1], -ahead[:, 0]] / np.linalg.norm(ahead, axis=1, keepdims=True)
    turn = np.linspace(0, np.pi / 2, 6)
    bevel, high = 0.035, ON_BOARD - 0.004

    def row(inset: float, z: float, share: float = 1.0) -> Floats:
        return np.c_[(outline - outward * inset) * share, np.full(len(outline), z)]

    shares = np.r_[np.linspace(0.001, 0.5, 8), np.linspace(0.5, 1, 40)[1:-1]]
    lower = [row(bevel * (1 - np.sin(t)), bevel * (1 - np.cos(t))) for t in turn]
    upper = [row(bevel * (1 - np.cos(t)), high - bevel * (1 - np.sin(t))) for t in turn]
    board = of_rows(
        [*(row(bevel, 0, share) for share in shares[::4]), *lower, *upper]
        + [row(bevel, high, share) for share in shares[::-1]]
    )
    x, y, z = board.points.T
    grain = noise.of_points(np.c_[0.5 * x, 9 * y + 0.6 * np.sin(1.7 * x), 0 * x], 1.6, octaves=3, seed=17)
    return Mesh(np.c_[x, y, z + 0.009 * grain * step(z, 0.08, high)], board.faces)


def _board_outline() -> Floats:
    neck = np.arcsin(0.30 / BOARD)
    angle = np.linspace(neck, 2 * np.pi - neck, 400)
    disc = BOARD * np.c_[np.cos(angle), np.sin(angle)]
    side = smooth([[BOARD * np.cos(neck), -0.30], [1.5, -0.21], [1.66, -0.165], [1.84, -0.15]], 10)
    turn = np.linspace(-np.pi / 2, np.pi / 2, 40)
    end = np.c_[HANDLE - 0.16 + 0.16 * np.cos(turn), 0.15 * np.sin(turn)]
    whole = np.vstack([disc, side[1:], end[1:], side[::-1][1:] * [1, -1]])
    return even(whole, 0.022)[:-1]
