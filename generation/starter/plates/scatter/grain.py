"""Unevenness of a surface in closed form: waves in all directions, and their slopes."""

from functools import lru_cache

import numpy as np

from .pose import Floats

WAVES = 18


def grain(points: Floats, fineness: float, seed: int = 0) -> Floats:
    """(n,): about -1 to 1, from points (n, 3)."""
    ways, starts = _waves(seed)
    phases = (points * np.float32(fineness)) @ ways.T + starts
    return np.sin(phases).sum(-1) * np.float32((2 / WAVES) ** 0.5)


def slopes(points: Floats, fineness: float, seed: int = 0) -> Floats:
    """(n, 3): how steep it is, for waves 1 high at a fineness of 1."""
    ways, starts = _waves(seed)
    phases = (points * np.float32(fineness)) @ ways.T + starts
    return np.cos(phases) @ ways * np.float32((2 / WAVES) ** 0.5)


@lru_cache(32)
def _waves(seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    ways = random.standard_normal((WAVES, 3)) * random.uniform(0.5, 2, (WAVES, 1))
    return ways.astype(np.float32), random.uniform(0, 2 * np.pi, WAVES).astype(np.float32)
