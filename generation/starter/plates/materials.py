"""What tables and walls are made of: a colour for each point of a plane, in the units of `rig`."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

Floats = np.ndarray
Material = Callable[
    [Floats, Floats, Floats], Floats
]  # of x, y (broadcast to (h, w)) and a colour (3,): (h, w, 3)

TILE, FIRST, OCTAVES = 512, 4, 6  # of noise: points a side, the widest waves, and how many finer ones
CHIPS, CHIPS_SIDE = 620, 1024


def plain(x: Floats, y: Floats, colour: Floats) -> Floats:
    return colour * (1 + 0.012 * _noise(x * 0.21, y * 0.21, 1))[..., None]


def plaster(x: Floats, y: Floats, colour: Floats) -> Floats:
    uneven = 0.6 * _noise(x * 0.09, y * 0.09, 2) + 0.4 * _noise(x * 0.37, y * 0.5, 3)
    return colour * (1 + 0.055 * uneven)[..., None]


def concrete(x: Floats, y: Floats, colour: Floats) -> Floats:
    cloud = 0.7 * _noise(x * 0.06, y * 0.06, 11) + 0.3 * _noise(x * 0.9, y * 0.9, 12)
    pores = np.clip(_noise(x * 1.7, y * 1.7, 13) - 2.1, 0, 1)
    return colour * (1 + 0.07 * cloud - 0.35 * pores)[..., None]


def slate(x: Floats, y: Floats, colour: Floats) -> Floats:
    layers = _noise(x * 0.07, y * 0.3, 14) + 0.5 * _noise(x * 0.5, y * 1.4, 15)
    return colour * (1 + 0.16 * np.tanh(1.4 * layers))[..., None]


def wood(x: Floats, y: Floats, colour: Floats) -> Floats:
    """Boards along x."""
    wide = 0.62
    board = np.floor(y / wide)
    across = y / wide - board
    own = np.sin(board * 12.9898) * 43758.5453
    own = own - np.floor(own)  # of each board another number
    warp = _noise(x * 0.045 + own, y * 0.12 + own * 3, 4)
    rings = 0.5 + 0.5 * np.sin(y * 14 + warp * 5.5 + own * 40)
    fine = 0.5 * _noise(x * 0.10 + own, y * 1.9, 5) + 0.5 * _noise(x * 0.4 + own, y * 5, 6)
    dark = np.clip(0.30 + 0.26 * rings + 0.16 * fine + 0.22 * (own - 0.5), 0, 1)[..., None]
    low = colour * np.array([0.52, 0.46, 0.40], np.float32)
    high = np.clip(colour * np.array([1.22, 1.20, 1.16], np.float32), 0, 0.9)
    gap = np.minimum(across, 1 - across) * wide
    return (high * (1 - dark) + low * dark) * (1 - 0.62 * np.exp(-((gap / 0.012) ** 2)))[..., None]


def marble(x: Floats, y: Floats, colour: Floats) -> Floats:
    one, two = _noise(x * 0.07, y * 0.07, 7), _noise(x * 0.07 + 0.4, y * 0.07 + 0.2, 8)
    broad = np.abs(_noise(x * 0.055 + one * 0.05, y * 0.055 + two * 0.05, 9))
    thin = np.abs(_noise(x * 0.11 + two * 0.05 + 0.3, y * 0.11 + one * 0.04, 10))
    veins = 0.75 * np.exp(-((broad / 0.075) ** 1.1)) * np.clip(0.75 + 0.5 * two, 0, 1)
    veins += 0.30 * np.exp(-((thin / 0.06) ** 1.2)) * np.clip(0.4 + 0.6 * one, 0, 1)
    veins = np.clip(veins, 0, 0.85)[..., None]
    body = colour * (1 - 0.05 * np.clip(one + 0.3, 0, 2))[..., None]
    return body * (1 - veins) + (colour * 0.30 + np.array([0.03, 0.035, 0.045], np.float32)) * veins


def terrazzo(x: Floats, y: Floats, colour: Floats) -> Floats:
    kinds = _chips(3)[(y * 230).astype(np.int32) % CHIPS_SIDE, (x * 230).astype(np.int32) % CHIPS_SIDE]
    others = np.array([[0.48, 0.13, 0.08], [0.25, 0.32, 0.26]])
    table = np.array([colour, colour * 0.45, *others], np.float32)
    return table[kinds] * (1 + 0.03 * _noise(x * 0.5, y * 0.5, 3))[..., None]


def linen(x: Floats, y: Floats, colour: Floats) -> Floats:
    threads = _noise(x * 3, y * 0.4, 5) + _noise(x * 0.4, y * 3, 6) + _noise(x * 0.2, y * 0.2, 2)
    return colour * (1 + 0.05 * threads)[..., None]


def gingham(x: Floats, y: Floats, colour: Floats) -> Floats:
    count = (np.floor(x / 0.42).astype(np.int32) & 1) + (np.floor(y / 0.42).astype(np.int32) & 1)
    table = np.array([[0.86, 0.85, 0.82], colour * 0.5 + 0.42, colour], np.float32)
    return table[count] * (1 + 0.04 * _noise(x * 3, y * 0.5, 5) + 0.04 * _noise(x * 0.5, y * 3, 6))[..., None]


MATERIALS: dict[str, Material] = {
    "plain": plain,
    "plaster": plaster,
    "concrete": concrete,
    "slate": slate,
    "wood": wood,
    "marble": marble,
    "terrazzo": terrazzo,
    "linen": linen,
    "gingham": gingham,
}


def _noise(x: Floats, y: Floats, seed: int) -> Floats:
    """Of a tile that repeats after 1, its mean 0 and its spread 1."""
    tile = _tile(seed)
    column, row = (np.asarray(values * TILE, np.float32) for values in (x, y))
    left, upper = np.floor(column).astype(np.int32), np.floor(row).astype(np.int32)
    right, down = column - left, row - upper
    left, upper = left % TILE, upper % TILE
    after, below = (left + 1) % TILE, (upper + 1) % TILE
    above = tile[upper, left] * (1 - right) + tile[upper, after] * right
    return above * (1 - down) + (tile[below, left] * (1 - right) + tile[below, after] * right) * down


@lru_cache(16)
def _tile(seed: int) -> Floats:
    random = np.random.default_rng(seed)
    total = np.zeros((TILE, TILE), np.float32)
    for octave in range(OCTAVES):
        count = FIRST * 2**octave
        each = TILE // count
        lattice = np.pad(random.standard_normal((count, count)).astype(np.float32), 3, mode="wrap")
        side = (count + 6) * each
        large = np.asarray(Image.fromarray(lattice).resize((side, side), Image.Resampling.BICUBIC))
        total += large[3 * each : 3 * each + TILE, 3 * each : 3 * each + TILE] / 1.9**octave
    return total / total.std()


@lru_cache(4)
def _chips(kinds: int) -> Floats:
    """A tile that repeats: 0, and the numbers of chips of stone in it."""
    random = np.random.default_rng(4)
    image = Image.new("L", (CHIPS_SIDE, CHIPS_SIDE), 0)
    pen = ImageDraw.Draw(image)
    for _ in range(CHIPS):
        x, y = random.uniform(0, CHIPS_SIDE, 2)
        size, kind = random.uniform(6, 30) * random.uniform(0.4, 1), int(random.integers(1, kinds + 1))
        turns = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(5, 8))))
        reach = size * random.uniform(0.6, 1, len(turns))
        for along in (-CHIPS_SIDE, 0, CHIPS_SIDE):
            for down in (-CHIPS_SIDE, 0, CHIPS_SIDE):
                corners = np.c_[x + along + reach * np.cos(turns), y + down + reach * np.sin(turns)]
                pen.polygon([tuple(corner) for corner in corners], fill=kind)
    return np.asarray(image)
