"""From what is to be scattered to what lies there."""

from collections.abc import Sequence

import numpy as np

from ..backdrop import Framing
from ..plate import Mixture, Plate
from .footprint import footprint
from .lying import Lying
from .placing import placed
from .pose import Floats
from .scattered import Scattered

Standing = tuple[Plate, tuple[float, float], float]  # a thing's plate, where on the floor, and its size


def laid(
    asked: Scattered | None,
    seed: int,
    standing: Sequence[Standing],
    framing: Framing,
    mixture: Mixture,
    floor: Floats,
) -> Lying:
    """Round things. floor: its colour (3,). Raises KeyError for a kind that there is none of."""
    if asked is None or asked.kind == "none":
        return Lying(framing, [], mixture, floor)
    feet = [footprint(*each) for each in standing]
    scales = [plate.facts["metres"] / plate.facts["height"] / size for plate, _, size in standing]
    scale = float(np.mean(scales)) if scales else None
    return Lying(framing, placed(asked, seed, feet, scale, framing, mixture), mixture, floor)
