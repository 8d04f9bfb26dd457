"""Unevenness of surfaces: a tile of noise, looked up at any points."""

from functools import lru_cache

import numpy as np
from PIL import Image

Floats = np.ndarray

TILE, FIRST, OCTAVES = 512, 4, 6  # points a side, the widest waves, and how many finer ones


def noise(x: Floats, y: Floats, seed: int) -> Floats:
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


def chance(number: Floats) -> Floats:
    """Of each whole number another one from 0 to 1."""
    found = np.sin(number * 12.9898) * 43758.5453
    return found - np.floor(found)
