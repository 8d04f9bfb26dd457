"""The lamps, the cameras and their plain geometry, which baking and drawing have in common.

Units are about as long as a cup is high; z is up, the camera looks along +y, and the object stands on z = 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

SPAN = 4.2  # the height of the world in the frame, at the point that the camera looks at
DISTANCE = 13.0  # from the camera to that point
CAMERAS = {"eye": 8.0, "high": 28.0, "above": 58.0}  # degrees over the floor
# A wall with a window of two by three panes: the wall round it, and the bars between the panes.
WINDOW = [
    (-7.2, 0.0, 6.0, 12.0),
    (7.2, 0.0, 6.0, 12.0),
    (0.0, 7.5, 1.2, 6.0),
    (0.0, -7.5, 1.2, 6.0),
    (0.0, 0.0, 0.07, 1.5),
    (0.0, 0.5, 1.2, 0.07),
    (0.0, -0.5, 1.2, 0.07),
]
BRIGHT = 24  # samples a side of a lamp, for its own brightness


@dataclass(frozen=True, slots=True)
class Lamp:
    """A rectangle of light at a point, turned to another; half its width and height."""

    at: tuple[float, float, float]
    to: tuple[float, float, float]
    half: tuple[float, float]


# One that has no place lights from all sides. A white floor at the origin, with nothing in the way, shows
# exactly 1 under each: the weights of a mixture are exposures, and add up.
LAMPS: dict[str, Lamp | None] = {
    "left": Lamp((-4.7, -2.5, 2.75), (0, 0, 1.2), (1.0, 2.6)),
    "right": Lamp((4.9, -1.2, 2.6), (0, 0, 1.2), (0.5, 2.5)),
    "back": Lamp((0.9, 3.6, 5.4), (0, 0, 0.6), (2.2, 1.2)),
    "dome": None,
    "window": Lamp((-15.5, -6.0, 11.0), (0, 0, 0.6), (0.55, 0.55)),
}


@dataclass(frozen=True, slots=True)
class View:
    """A camera: where it is, and the directions ahead, right and up of it."""

    origin: Floats
    ahead: Floats
    right: Floats
    up: Floats


def view(camera: str, target: float) -> View:
    """target: the height that it looks at, over the middle of the floor."""
    tilt = np.radians(CAMERAS[camera])
    ahead = np.array([0, np.cos(tilt), -np.sin(tilt)])
    right = np.array([1.0, 0, 0])
    return View(np.array([0, 0, target]) - DISTANCE * ahead, ahead, right, np.cross(right, ahead))


def rays(seen: View, x: ArrayLike, y: ArrayLike) -> Floats:
    """Directions through points of the frame: units at the target's distance from its middle, y up."""
    x, y = np.asarray(x), np.asarray(y)
    return seen.ahead * DISTANCE + x[..., None] * seen.right + y[..., None] * seen.up


def reach(lamp: str) -> float:
    """From a lamp to what it is turned to."""
    placed = LAMPS[lamp]
    assert placed is not None
    return float(np.linalg.norm(np.array(placed.to, float) - placed.at))


def bars(lamp: str) -> list[tuple[float, float, float, float]]:
    """What stands before a lamp, square to it: the middle and the half sides of each rectangle."""
    return WINDOW if lamp == "window" else []


def project(seen: View, points: ArrayLike) -> tuple[Floats, Floats]:
    """Where points of the world are in the frame: the inverse of `rays`."""
    there = np.asarray(points, float) - seen.origin
    depth = there @ seen.ahead
    return there @ seen.right / depth * DISTANCE, there @ seen.up / depth * DISTANCE


def irradiance(lamp: str, points: Floats, normal: ArrayLike = (0, 0, 1), samples: int = 8) -> Floats:
    """What a lamp gives to points that face along `normal`, by pi, with nothing in the way, for a radiance
    of 1.
    """
    facing = np.asarray(normal, float)
    placed = LAMPS[lamp]
    if placed is None:
        return np.full(points.shape[:-1], (1 + facing[2]) / 2)
    at, ahead, across, along = _axes(placed)
    steps = (np.arange(samples) + 0.5) / samples * 2 - 1
    total = np.zeros(points.shape[:-1])
    for a in steps * placed.half[0]:
        for b in steps * placed.half[1]:
            way = at + a * across + b * along - points
            squared = (way * way).sum(-1)
            total += np.maximum(way @ facing, 0) * np.maximum(-(way @ ahead), 0) / squared**2
    return total * 4 * placed.half[0] * placed.half[1] / samples**2 / np.pi


def radiance(lamp: str) -> float:
    """By which a white floor at the origin shows 1."""
    return 1 / float(irradiance(lamp, np.zeros((1, 3)), samples=BRIGHT)[0])


def _axes(lamp: Lamp) -> tuple[Floats, Floats, Floats, Floats]:
    """Where it is, and its directions ahead, across and along."""
    at = np.array(lamp.at, float)
    ahead = np.array(lamp.to, float) - at
    ahead /= np.linalg.norm(ahead)
    across = np.cross(ahead, [0, 0, 1.0])
    across /= np.linalg.norm(across)
    return at, ahead, across, np.cross(across, ahead)
