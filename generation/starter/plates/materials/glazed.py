"""Glazed tiles: each of its own tone and a little askew, in joints."""

import numpy as np

from .noise import Floats, chance, noise

SIDE, JOINT, EDGE = 0.66, 0.020, 0.045  # of a tile; half of what is between two; of its rounded edge
TONE, SLOPE = 0.12, 0.20  # how much one differs from another, and from one side of it to the other
MORTAR = np.array([0.62, 0.60, 0.57], np.float32)


def tiles(x: Floats, y: Floats, colour: Floats) -> Floats:
    column, row = np.floor(x / SIDE), np.floor(y / SIDE)
    own = chance(column * 7.13 + row * 1.71)
    across, along = x / SIDE - column - 0.5, y / SIDE - row - 0.5  # from the middle of each
    askew = (chance(own * 97) - 0.5) * across + (chance(own * 53) - 0.2) * along
    waves = 0.022 * noise(x * 0.23 + own, y * 0.23, 21)
    edge = (0.5 - np.maximum(np.abs(across), np.abs(along))) * SIDE
    # Where its edge bends up it mirrors light, and where it bends down none.
    bends = np.clip(1 - (edge - JOINT) / EDGE, 0, 1)
    is_upper = along - across * 0.6
    light = 1 + TONE * (own - 0.5) + SLOPE * askew + waves + 0.30 * bends**2 * np.clip(is_upper, -0.5, 0.6)
    glazed = np.clip(colour * light[..., None], 0, 0.94)
    joint = np.clip(1.5 - edge / JOINT, 0, 1)[..., None]
    return glazed + (0.36 * colour + 0.32 * MORTAR - glazed) * joint
