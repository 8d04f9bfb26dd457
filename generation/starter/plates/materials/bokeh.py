"""Lights far behind, out of focus: soft discs over a dusk of the colour."""

from functools import lru_cache

import numpy as np

from .noise import Floats, noise

SIDE, PERIOD = 768, 9.0  # of the tile of lights: points, and units
COUNT, SMALLEST, LARGEST = 110, 0.16, 0.52  # of the discs, their radius in units
SOFT = 0.045  # units of their edge
DUSK = 0.62  # of the colour, between the lights
WARM = np.array([1.0, 0.78, 0.48], np.float32)


def bokeh(x: Floats, y: Floats, colour: Floats) -> Floats:
    column, row = (np.asarray(values * (SIDE / PERIOD)).astype(np.int32) % SIDE for values in (x, y))
    warm, own = np.moveaxis(_lights()[row, column], -1, 0)
    dusk = colour * (DUSK * (1 + 0.10 * noise(x * 0.03, y * 0.03, 23)))[..., None]
    pale = 0.35 + 0.65 * colour / max(float(colour.max()), 0.05)
    return np.clip(dusk + 0.80 * warm[..., None] * WARM + 0.55 * own[..., None] * pale, 0, 1.3)


@lru_cache(1)
def _lights() -> Floats:
    """(SIDE, SIDE, 2): a tile of those that are warm and those that are of the colour."""
    random = np.random.default_rng(24)
    total = np.zeros((SIDE, SIDE, 2), np.float32)
    steps = np.arange(SIDE) * (PERIOD / SIDE)
    for number in range(COUNT):
        x, y = random.uniform(0, PERIOD, 2)
        radius = random.uniform(SMALLEST, LARGEST)
        across, along = (np.abs((steps - at + PERIOD / 2) % PERIOD - PERIOD / 2) for at in (x, y))
        here = np.ix_(
            *(np.flatnonzero(axis < radius + SOFT) for axis in (along, across)), np.array([number % 2])
        )
        away = np.hypot(along[here[0]], across[here[1]])
        disc = np.clip((radius - away) / SOFT + 0.5, 0, 1) * (0.75 + 0.25 * np.clip(away / radius, 0, 1) ** 4)
        total[here] += disc * random.uniform(0.2, 0.9) ** 1.4
    return total
