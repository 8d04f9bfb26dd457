"""Unevenness: of grids, and of points in space. The same for a seed."""

from itertools import product

import numpy as np

from .mesh import Floats

SIDE = 32  # of the lattice of values, which repeats


def of_grid(rows: int, columns: int, across: float, around: float, octaves: int = 4, seed: int = 0) -> Floats:
    """(rows, columns), about -1 to 1: `across` and `around` waves, and finer ones. Its columns are a ring."""
    random = np.random.default_rng(seed)
    total = np.zeros((rows, columns))
    for octave in range(octaves):
        high, wide = (max(2, int(waves * 2**octave)) for waves in (across, around))
        lattice = random.uniform(-1, 1, (high + 2, wide))
        y, x = np.linspace(0, high, rows), np.linspace(0, wide, columns, endpoint=False)
        row, column = y.astype(int), x.astype(int)
        down, right = _eased(y - row)[:, None], _eased(x - column)[None]
        upper, lower = (
            lattice[at][:, column % wide] * (1 - right) + lattice[at][:, (column + 1) % wide] * right
            for at in (row, row + 1)
        )
        total += (upper * (1 - down) + lower * down) / 2**octave
    return total


def of_points(points: Floats, waves: float, octaves: int = 4, seed: int = 0) -> Floats:
    """(n,), about -1 to 1, for points (n, 3): `waves` a unit, and finer ones."""
    lattice = np.random.default_rng(seed).uniform(-1, 1, (SIDE, SIDE, SIDE))
    return sum(
        _of_lattice(lattice, points * waves * 2.0**octave + 7.3 * octave) / 2**octave
        for octave in range(octaves)
    ) + np.zeros(len(points))


def _of_lattice(lattice: Floats, points: Floats) -> Floats:
    corner = np.floor(points).astype(int)
    part = _eased(points - corner)
    total = np.zeros(len(points))
    for offset in product((0, 1), repeat=3):
        weight = np.prod(np.where(offset, part, 1 - part), axis=1)
        x, y, z = ((corner + offset) % SIDE).T
        total += weight * lattice[x, y, z]
    return total


def _eased(t: Floats) -> Floats:
    return t * t * (3 - 2 * t)
