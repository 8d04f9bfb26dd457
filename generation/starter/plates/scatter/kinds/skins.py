"""How a surface looks from spot to spot: its colour, and how its normals lean."""

import numpy as np

from ..grain import grain, slopes
from ..piece import Skin
from ..pose import Floats


def plain(colour: Floats, rough: float = 0.0, fineness: float = 6.0, seed: int = 0) -> Skin:
    """rough: how much it is uneven."""

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        colours = np.broadcast_to(np.asarray(colour, np.float32), spot.shape)
        bump = rough * slopes(spot, fineness, seed) if rough else np.zeros((1, 3), np.float32)
        return colours, bump

    return skin


def paper(colour: Floats, seed: int) -> Skin:
    """A sheet, its fibres barely seen."""

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        flat = spot * np.array([1, 1, 0], np.float32)
        shown = np.asarray(colour, np.float32) * (1 + 0.03 * grain(flat, 9, seed))[:, None]
        lean = slopes(flat, 2.2, seed) * np.array([0.05, 0, 0.05], np.float32)
        return shown, lean

    return skin


def foil(colour: Floats, seed: int) -> Skin:
    """Crinkled a little."""

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        flat = spot * np.array([1, 1, 0], np.float32)
        lean = slopes(flat, 3.0, seed)
        return np.broadcast_to(np.asarray(colour, np.float32), spot.shape), lean * np.float32(0.05)

    return skin
