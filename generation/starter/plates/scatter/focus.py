"""How blurred a place is: sharp where the thing stands, soft near the camera and far behind."""

import numpy as np

from .. import rig
from ..backdrop import Framing

SHARP = 0.08  # of nearness to 1, that is as sharp
OPEN = 0.12  # blur, in units, for as much off


def blur(framing: Framing, at: tuple[float, float]) -> float:
    """Its radius in pixels, for what lies on the floor there."""
    nearness = framing.nearness((*at, 0.0))
    off = max(abs(nearness - rig.DISTANCE / _focused(framing)) - SHARP, 0)
    return float(np.clip(OPEN * off, 0, 0.09)) * framing.unit


def _focused(framing: Framing) -> float:
    return rig.DISTANCE / framing.nearness((0.0, 0.0, 0.0))
