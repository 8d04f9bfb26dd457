"""Three folded towels in a stack, and bars of soap on it and leant against it, one in a paper band."""

import numpy as np

from generation.starter.baking import labels, noise
from generation.starter.baking.curves import circle, even, step
from generation.starter.baking.mesh import Floats, Mesh
from generation.starter.baking.surfaces import of_rows, raised
from generation.starter.baking.thing import FABRIC, PAPER, Finish, Maker, Thing

BAR = Finish("coat", 0.36)
CELL = 0.0165  # between two points of a towel
THICK = 0.245  # of a layer of cloth; a folded towel shows two
STACK_AT = (-0.16, 0.34)
STACK = (  # of each towel the region, width, depth, and degrees
    ("towel", 2.16, 1.34, 1.4),
    ("waffle", 2.1, 1.3, -1.8),
    ("towel", 2.04, 1.26, 0.9),
)
LONG, DEEP, HIGH, BEVEL = 0.92, 0.58, 0.27, 0.09  # of a bar
LEAN, LEANT_AT = 68.0, (0.66, -0.562, -0.0265)
BAND = 0.42  # its width


def thing() -> Thing:
    maker = Maker(
        towel="#aebba9", waffle="#f0e8db", soap="#e6cda2", herb="#cd9a84", band="#f3ede2", print="#6f7f6a"
    )
    top = _add_stack(maker)
    x, y = STACK_AT
    maker.add(_bar().turned(12).moved(x + 0.05, y - 0.1, top), "herb", BAR)
    lying = _bar().turned(-20).moved(x + 0.02, y - 0.06, top + HIGH - 0.002)
    maker.add(lying, "soap", BAR)
    maker.add(_leant(_bar()), "soap", BAR)
    band, at = _band()
    lines = labels.lined(np.abs(at[:, 0] - 0.5), 0.4, 0.04)
    maker.blend(_leant(band), {"band": 1 - lines, "print": lines}, PAPER, artwork=at)
    return maker.thing(metres=0.26)


def _add_stack(maker: Maker) -> float:
    """Returns how high it is."""
    low = 0.0
    for number, (region, width, depth, degrees) in enumerate(STACK):
        for layer in range(2):
            cloth = _layer(width - 0.03 * layer, depth - 0.02 * layer, 2 * number + layer, region == "waffle")
            cloth = cloth.turned(degrees + 0.5 * layer).moved(*STACK_AT)
            under = cloth.points[:, 2].min() if low == 0 else 0.0
            maker.add(cloth.moved(z=low - under), region, FABRIC)
            low += THICK * (0.93 if layer else 0.97)
    return low + 0.02


def _layer(width: float, depth: float, seed: int, is_waffle: bool) -> Mesh:
    """A soft slab, round at all its edges: an outline (y, z) led along x."""
    half = THICK / 2
    line = _outline(depth, half)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    x = np.linspace(-width / 2, width / 2, int(width / CELL))
    x[:3], x[-3:] = (
        -width / 2 + half * np.array([0, 0.03, 0.08]),
        width / 2 - half * np.array([0.08, 0.03, 0]),
    )
    into = np.clip((np.abs(x) - width / 2 + half) / half, 0, 1)
    size = np.sqrt(1 - into**2)[:, None]
    y = line[:, 0] * (1 - (1 - size) * THICK / depth)
    z = half + line[:, 1] * size
    y = y + 0.014 * noise.of_points(np.c_[x, 0 * x + seed, 0 * x], 1.4, 2, 3)[:, None] * np.sign(line[:, 0])
    z = z + 0.012 * noise.of_points(np.c_[x, 0 * x + 1.7 * seed, 0 * x], 1.1, 2, 4)[:, None]
    made = of_rows(np.stack([x[:, None] + 0 * y, y, z], -1), ends=(False, False))
    texture = _waffle(x, along) if is_waffle else _terry(x, len(along), width, seed)
    return made.displaced(np.r_[(texture * size).ravel(), 0, 0])


def _outline(depth: float, half: float) -> Floats:
    """A stadium, closed, counterclockwise about x."""
    turns = np.linspace(-np.pi / 2, np.pi / 2, 16)
    bow = np.c_[np.cos(turns), np.sin(turns)] * half
    end = np.array([depth / 2 - half, 0])
    line = np.vstack([bow + end, -bow - end])
    return even(np.vstack([line, line[:1]]), CELL)[:-1]


def _waffle(x: Floats, along: Floats) -> Floats:
    """Square cells between raised ribs."""
    ribs = [np.abs(np.cos(np.pi * way / 0.105)) ** 5 for way in (x[:, None], along[None])]
    return 0.02 * np.maximum(*ribs) - 0.012


def _terry(x: Floats, columns: int, width: float, seed: int) -> Floats:
    """Loops, and near the right side a woven border without any."""
    row, column = np.meshgrid(np.arange(len(x)), np.arange(columns), indexing="ij")
    drift = 1.3 * noise.of_grid(len(x), columns, 9, 12, octaves=2, seed=seed)
    loops = np.cos(np.pi / 2 * (row + 0.4 * drift)) * np.cos(np.pi / 2 * (column + (row // 4 % 2) + drift))
    jitter = np.random.default_rng(seed).uniform(-1, 1, loops.shape)
    pile = 0.008 * loops + 0.003 * jitter + 0.004 * drift
    from_side = width / 2 - x[:, None]
    border = step(from_side, 0.26, 0.28) * (1 - step(from_side, 0.52, 0.54))
    ribs = 0.006 * np.cos(2 * np.pi * from_side / 0.065) - 0.014
    return pile * (1 - border) + ribs * border


def _bar() -> Mesh:
    """With soft edges, worn a little, and a rim round a shallow field on its upper side."""
    outline = circle(1, 200, 4.5) * [LONG / 2, DEEP / 2]
    made = raised(even(np.vstack([outline, outline[:1]]), 0.02)[:-1], HIGH, BEVEL, 9)
    x, y, z = made.points.T
    # Triangles of the innermost ring would be too small for a ray to meet.
    x, y = np.where(np.hypot(x, y) < 0.005, 25, 1) * (x, y)
    reach = ((np.abs(x) / (LONG / 2)) ** 4.5 + (np.abs(y) / (DEEP / 2)) ** 4.5) ** (1 / 4.5)
    worn = 0.004 * noise.of_points(made.points, 3, 2, 5) * step(z, 0.02, 0.1)
    field = 0.014 * (z > HIGH - 0.001) * (1 - step(reach, 0.52, 0.58))
    return made._replace(points=np.c_[x, y, z + worn - field])


def _band() -> tuple[Mesh, Floats]:
    """Paper round the middle of a bar, and where its upper side is."""
    half, turns = DEEP / 2 + 0.006, np.linspace(0, np.pi / 2, 8)
    bow = np.c_[np.cos(turns), np.sin(turns)] * BEVEL - BEVEL
    quarter = bow + np.array([half, HIGH + 0.004])
    line = even(np.vstack([[[half, BEVEL]], quarter, quarter[::-1] * [-1, 1], [[-half, BEVEL]]]), 0.008)
    x = np.r_[-1, np.linspace(-1, 1, 120), 1] * BAND / 2
    inset = np.zeros((len(x), 1))
    inset[[0, -1]] = 0.012
    y = line[:, 0] * (1 - inset / half)
    z = line[:, 1] - inset
    points = np.stack([x[:, None] + 0 * y, y, z], -1)
    at = np.c_[points[..., 0].ravel() / BAND + 0.5, points[..., 1].ravel() / DEEP + 0.5]
    return of_rows(points, is_ring=False), at


def _leant(lying: Mesh) -> Mesh:
    """On its long side in front of the stack, its upper side to the camera."""
    return lying.moved(y=DEEP / 2).turned(LEAN, "x").turned(-7).moved(*LEANT_AT)
