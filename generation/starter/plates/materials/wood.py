"""Boards along x: oak, and walnut."""

from dataclasses import dataclass

import numpy as np

from .noise import Floats, chance, noise

GAP = 0.012  # between boards


@dataclass(frozen=True, slots=True)
class Grain:
    """wide: of a board; rings: how close; dark, bright: by what its colour is multiplied in late and in early
    wood; contrast: of rings and fibres; own: how much one board differs from another.
    """

    wide: float
    rings: float
    dark: tuple[float, float, float]
    bright: tuple[float, float, float]
    contrast: float
    own: float


OAK = Grain(0.62, 14.0, (0.52, 0.46, 0.40), (1.22, 1.20, 1.16), 1.0, 0.22)
WALNUT = Grain(0.94, 9.0, (0.44, 0.38, 0.34), (1.30, 1.24, 1.16), 1.15, 0.16)


def wood(x: Floats, y: Floats, colour: Floats) -> Floats:
    return _boards(x, y, colour, OAK)


def walnut(x: Floats, y: Floats, colour: Floats) -> Floats:
    return _boards(x, y, colour, WALNUT)


def _boards(x: Floats, y: Floats, colour: Floats, grain: Grain) -> Floats:
    board = np.floor(y / grain.wide)
    across = y / grain.wide - board
    own = chance(board)
    warp = noise(x * 0.045 + own, y * 0.12 + own * 3, 4)
    rings = 0.5 + 0.5 * np.sin(y * grain.rings + warp * 5.5 + own * 40)
    fine = 0.5 * noise(x * 0.10 + own, y * 1.9, 5) + 0.5 * noise(x * 0.4 + own, y * 5, 6)
    dark = 0.43 + grain.contrast * (0.26 * (rings - 0.5) + 0.16 * fine) + grain.own * (own - 0.5)
    dark = np.clip(dark, 0, 1)[..., None]
    low = colour * np.array(grain.dark, np.float32)
    high = np.clip(colour * np.array(grain.bright, np.float32), 0, 0.9)
    gap = np.minimum(across, 1 - across) * grain.wide
    return (high * (1 - dark) + low * dark) * (1 - 0.62 * np.exp(-((gap / GAP) ** 2)))[..., None]
