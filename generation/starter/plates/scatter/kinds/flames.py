"""Small lamps of clay that burn."""

import numpy as np

from ..finish import Sheen
from ..grain import grain, slopes
from ..lump import Lump
from ..piece import Body, Piece, Skin
from ..pose import Floats, Pose, turned
from ..surface import Ball
from .kind import Sort, varied

RIM, INSIDE = 0.42, 0.80  # of a bowl: where it is cut, and how far the oil in it reaches
DEEP = 0.62
FIRE = 0.36  # half a flame's height, by the bowl's radius


def lamp(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    seed = int(random.integers(30))
    yaw = random.uniform(0, 2 * np.pi)
    half = size * np.array([1, 1, DEEP])
    bowl = Pose(np.array([0, 0, 0.93 * half[2]]), turned(yaw), half)
    clay = Body(
        bowl, Ball((((0, 0, 1), RIM), ((0, 0, -1), 0.93))), _clay(varied(random, colour, 0.08), seed), CLAY
    )
    top = bowl.origin[2] + RIM * half[2]
    tall = size * FIRE * random.uniform(0.9, 1.15)
    at = np.array([0, 0, top + tall * 0.96])
    fire = Pose(at, turned(0, random.normal(0, 0.05)), np.array([1, 1, 1]) * tall)
    flame = Body(fire, Lump(_pointed), _burning, Sheen(glow=1.0, through=0.9))
    return Piece([clay, flame], flame=(float(at[2]), tall))


def _pointed(ways: Floats) -> Floats:
    """A drop that stands on its round end."""
    z = ways[:, 2]
    wide = 0.36 * (1 - 0.42 * z)
    return 1 / np.sqrt(z * z + (1 - z * z) / (wide * wide))


def _burning(spot: Floats) -> tuple[Floats, Floats]:
    z = np.clip(spot[:, 2:] * 0.5 + 0.5, 0, 1)
    core = np.exp(-(((z - 0.42) / 0.30) ** 2))
    light = np.array([1.9, 0.80, 0.20], np.float32) + core * np.array([2.2, 2.2, 1.4], np.float32)
    return (light * np.clip(z * 3.2 + 0.25, 0, 1)).astype(np.float32), np.zeros((1, 3), np.float32)


def _clay(colour: Floats, seed: int) -> Skin:
    oil = np.array([0.95, 0.52, 0.14])

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        out = np.hypot(spot[:, 0], spot[:, 1])
        rim = (1 - RIM**2) ** 0.5
        is_oil = np.clip((INSIDE - out) * 40, 0, 1)[:, None] * (spot[:, 2:] > RIM - 0.01)
        lit = np.exp(-((out / 0.42) ** 2))[:, None]
        band = np.abs(((np.arctan2(spot[:, 1], spot[:, 0]) * 9 / np.pi) % 1) - 0.5)[:, None]
        tone = 1 + 0.10 * grain(spot, 3, seed)[:, None] + 0.10 * (band < 0.2) * (np.abs(spot[:, 2:]) < 0.2)
        shown = colour * tone * (1 - is_oil) + oil * (0.45 + 1.9 * lit) * is_oil
        lean = 0.015 * slopes(spot, 4, seed) - is_oil * spot * [0.3, 0.3, 0] * (out < rim)[:, None]
        return shown.astype(np.float32), lean.astype(np.float32)

    return skin


CLAY = Sheen(gloss=0.4, rough=0.4)
LAMPS = Sort(lamp, 0.055, 7, ["#a5532f"], (0.8, 1.1), 0.4, 1.3, 0.2)
