"""Where a thing stands: the part of the floor that nothing else may lie on."""

from dataclasses import dataclass

import numpy as np

from .. import rig
from ..plate import Plate
from .pose import Floats

SEEN = 0.5  # of a plate's alpha
LEAST = 0.75  # of its width, how deep it is
LOW = 0.2  # units over the floor up to which it is its foot: the rim of a saucer, too


@dataclass(frozen=True, slots=True)
class Footprint:
    """An ellipse: its middle and its half lengths, in units of the floor."""

    middle: tuple[float, float]
    half: tuple[float, float]

    def outside(self, x: float, y: float) -> float:
        """How far off its edge a point is, about; below 0 within."""
        across, deep = (x - self.middle[0]) / self.half[0], (y - self.middle[1]) / self.half[1]
        return (float(np.hypot(across, deep)) - 1) * min(self.half)

    def hidden_by(self, x: float, y: float, high: float) -> bool:
        """Whether something so high would stand before it and hide more than its foot."""
        is_before = y < self.middle[1] and abs(x - self.middle[0]) < self.half[0] + 0.1
        return is_before and high > LOW

    def beside(self, turn: float, away: float) -> tuple[float, float]:
        """A point off its edge."""
        x = self.middle[0] + (self.half[0] + away) * np.cos(turn)
        y = self.middle[1] + (self.half[1] + away) * np.sin(turn)
        return float(x), float(y)


def footprint(plate: Plate, at: tuple[float, float], size: float) -> Footprint:
    """By what its plate shows below the middle of its foot, and how far down that reaches."""
    left, right, front = _seen_foot(plate)
    half = (right - left) / 2
    deep = max(front, LEAST * half)
    return Footprint((at[0] + (left + right) / 2 * size, at[1]), (half * size, deep * size))


def _seen_foot(plate: Plate) -> tuple[float, float, float]:
    """Its left and right ends, and how far it reaches to the front, in units."""
    wide, high = plate.facts["frame"]
    per_unit = high / rig.SPAN
    left, top, *_ = plate.facts["box"]
    _, below = rig.project(plate.view, (0, 0, LOW))
    foot = int(np.clip(high / 2 - float(below) * per_unit - top, 0, plate.alpha.shape[0] - 2))
    is_seen = plate.alpha[foot:] > SEEN
    columns, rows = np.flatnonzero(is_seen.any(0)), np.flatnonzero(is_seen.any(1))
    if not len(columns):
        return -0.2, 0.2, 0.2
    ends = (columns[[0, -1]] + left - wide / 2) / per_unit
    return float(ends[0]), float(ends[1]), -_depth(plate, high / 2 - (rows[-1] + foot + top + 1), per_unit)


def _depth(plate: Plate, up: float, per_unit: float) -> float:
    """Where on the floor a row of the frame looks."""
    ray: Floats = rig.rays(plate.view, 0.0, up / per_unit)
    return float(plate.view.origin[1] - plate.view.origin[2] / ray[2] * ray[1])
