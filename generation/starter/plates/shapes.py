"""Outlines on a plane that stands or lies: how far points are from them, in units."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import rig
from .backdrop import Framing

Shape = Callable[..., np.ndarray]  # of places across and along: below 0 inside, above 0 outside

ARCH, LEGS = 1.72, 1.55  # of an arch, its radius and how high that begins
NICHE, NICHE_LEGS = 1.85, 1.75
DISC = 1.66


@dataclass(frozen=True, slots=True)
class Plane:
    """at: y of one that stands, z of one that lies."""

    is_standing: bool
    at: float

    def seen(self, framing: Framing, columns: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
        """What a canvas of as many pixels shows: x (rows, columns), and z or y (rows, 1)."""
        x, y = framing.frame(columns, rows)
        origin, rays = framing.view.origin, rig.rays(framing.view, 0 * y, y)
        if self.is_standing:
            away = (self.at - origin[1]) / np.maximum(rays[:, 1], 1e-6)
            along = origin[2] + away * rays[:, 2]
        else:
            away = (self.at - origin[2]) / np.minimum(rays[:, 2], -1e-6)
            along = origin[1] + away * rays[:, 1]
        return (away[:, None] * x).astype(np.float32), along.astype(np.float32)[:, None]

    def pixels(self, framing: Framing) -> float:
        """About how many a unit has where it is."""
        return framing.unit * framing.nearness((0, self.at, 1.5) if self.is_standing else (0, 0, self.at))


def of(kind: str, size: float, x: float) -> Shape | None:
    """It begins at 0 and is about `x`. None: the kind has no outline."""
    if kind == "disc":
        return lambda u, v: np.hypot(u - x, v - DISC * size) - DISC * size
    if kind in ("arch", "niche"):
        radius, legs = (ARCH, LEGS) if kind == "arch" else (NICHE, NICHE_LEGS)
        return lambda u, v: _arch(u - x, v, radius * size, legs * size)
    return None


def covered(away: np.ndarray, pixels: float) -> np.ndarray:
    """How much of a pixel is inside."""
    return np.clip(0.5 - away * pixels, 0, 1).astype(np.float32)


def within(away: np.ndarray, soft: float | np.ndarray) -> np.ndarray:
    """0 outside, 1 inside, and between over `soft` units to either side."""
    t = np.clip(0.5 - away / (2 * soft), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def _arch(u: np.ndarray, v: np.ndarray, radius: float, legs: float) -> np.ndarray:
    round_ = np.hypot(u, np.maximum(v - legs, 0)) - radius
    return np.maximum(round_, -v)
