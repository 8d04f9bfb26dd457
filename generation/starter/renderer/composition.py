"""Where a flat thing stands, so that nothing leaves the frame and the room for text stays free. Plain
numbers, no pixels.
"""

from dataclasses import dataclass

from ..scene import Scene
from ..staging import AREAS
from .backdrop import between
from .decor import Size, surrounding

LEAST_FILL, MOST_FILL = 0.84, 0.98  # of the area
LOWER = 0.2  # of the spare height that goes above the thing, beyond a half


@dataclass(frozen=True, slots=True)
class Composition:
    """x: the thing's middle; foot: y where it stands; scale: picture units per unit of the thing."""

    x: float
    foot: float
    scale: float


def compose(scene: Scene, thing: Size, half_width: float, half_height: float) -> Composition:
    """Fit the thing and what surrounds it into the part of the frame that the text leaves it."""
    left, top, right, bottom = AREAS[scene["room"]]
    whole = surrounding(scene["decor"], thing)
    wide, tall = (right - left) * 2 * half_width, (bottom - top) * 2 * half_height
    scale = min(wide / 2 / whole.reach, tall / whole.height)
    scale *= between(LEAST_FILL, MOST_FILL, scene.pose["zoom"])
    spare = tall - whole.height * scale
    foot = (2 * bottom - 1) * half_height - spare * (0.5 - LOWER)
    return Composition((left + right - 1) * half_width, foot, scale)
