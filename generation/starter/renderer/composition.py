"""Where things stand, so that nothing leaves the frame and the room for text stays free. Plain numbers, no
pixels.
"""

from dataclasses import dataclass, replace

from ..scene import Scene
from .objects import OBJECTS

MARGIN = 0.07  # least air between the subject and the picture's edge
PODIUM_TILT = 0.24
STEPPED_FOOT = 1.45  # the lower step's radius over the upper one's
STEPPED_RISE = 0.9  # its height over the upper one's


@dataclass(frozen=True, slots=True)
class Podium:
    """Radius, height and the y of its top's middle; a stepped one has a wider step below."""

    shape: str
    radius: float
    height: float
    top: float

    @property
    def reach(self) -> float:
        return self.radius * (STEPPED_FOOT if self.shape == "stepped" else 1.0)

    @property
    def bottom(self) -> float:
        """y of its lowest point."""
        steps = 1 + STEPPED_RISE if self.shape == "stepped" else 1.0
        return self.top + self.height * steps + self.reach * PODIUM_TILT


@dataclass(frozen=True, slots=True)
class Composition:
    """x: the subject's middle; foot: y where the object stands; scale: picture units per object unit;
    horizon: y.
    """

    x: float
    foot: float
    scale: float
    horizon: float
    podium: Podium | None


def between(low: float, high: float, pose: float) -> float:
    """A pose value of -1..1 as a number of low..high."""
    return low + (high - low) * (pose + 1) / 2


def compose(scene: Scene, half_width: float, half_height: float) -> Composition:
    """Fit the subject into the part of the frame that the text leaves it."""
    pose, room = scene.pose, scene["room"]
    drop = (half_height - 1) * 0.42  # a tall picture's floor lies lower
    if room == "top":
        drop += 0.16 + 0.12 * (half_height - 1)
    left, right = _columns(room, half_width)
    wide = (right - left) / 2
    base = between(0.50, 0.62, pose["base"]) + drop
    tall = base + half_height - MARGIN if room != "top" else base + 0.16 * half_height
    podium = _podium(scene, base, wide)
    if podium and podium.bottom > half_height - MARGIN:
        podium = replace(podium, top=podium.top - (podium.bottom - half_height + MARGIN))
    foot = podium.top + 0.03 if podium else base
    scale = _scale(scene, podium, wide, tall - (base - foot))
    reach = max(
        OBJECTS[scene["object"]].reach * scale if scene["object"] != "none" else 0,
        podium.reach if podium else 0,
    )
    middle = _middle(room, half_width)
    x = min(max(middle, left + reach), right - reach) if reach <= wide else (left + right) / 2
    return Composition(x, foot, scale, between(0.22, 0.42, pose["horizon"]) + drop, podium)


def _columns(room: str, half_width: float) -> tuple[float, float]:
    """The part of the width where the subject may be: text keeps a good half of it."""
    edge = half_width - MARGIN
    if room == "right":
        return -edge, 0.12 * half_width
    return (-0.12 * half_width, edge) if room == "left" else (-edge, edge)


def _middle(room: str, half_width: float) -> float:
    away = 0.42 + 0.23 * (half_width - 1)
    return {"right": -away, "left": away}.get(room, 0.0)


def _podium(scene: Scene, base: float, wide: float) -> Podium | None:
    if scene["podium"] == "none":
        return None
    radius = min(between(0.34, 0.46, scene.pose["podium radius"]), wide)
    height = between(0.16, 0.30, scene.pose["podium height"])
    top = base - height * 0.6
    if scene["podium"] == "stepped":
        radius, height, top = min(radius * 0.82, wide / STEPPED_FOOT), height * 0.62, top - 0.05
    return Podium(scene["podium"], radius, height, top)


def _scale(scene: Scene, podium: Podium | None, wide: float, tall: float) -> float:
    if scene["object"] == "none":
        return 1.0
    thing = OBJECTS[scene["object"]]
    scale = between(0.50, 0.62, scene.pose["scale"]) if podium else between(0.64, 0.80, scene.pose["scale"])
    scale *= 1.15 if thing.height < 1 else 0.92 if thing.height > 1.4 else 1.0
    if podium:
        scale = min(scale, podium.radius * 0.92 / thing.foot)
    return min(scale, wide / thing.reach, tall / thing.height)
