"""The lamps, the cameras and their plain geometry, which baking and drawing have in common.

Units are about as long as a cup is high; z is up, the camera looks along +y, and the object stands on z = 0.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

SPAN = 4.2  # the height of the world in the frame, at the point that the camera looks at
DISTANCE = 13.0  # from the camera to that point
CAMERAS = {"eye": 8.0, "high": 28.0, "above": 58.0}  # degrees over the floor
# Of the window: a wall before the lamp, at a share of the way to what it is turned to, with an opening of
# some half sides; bars part its panes, each `BAR` thick by half: one upright, two across.
WALL_AT, OPENING, ACROSS, BAR = 0.62, (1.2, 1.5), (-0.5, 0.5), 0.07
WALL = 14.0  # half its sides
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


def reach(lamp: Lamp) -> float:
    """From a lamp to what it is turned to."""
    return float(np.linalg.norm(np.array(lamp.to, float) - lamp.at))


def bars() -> list[tuple[float, float, float, float]]:
    """What stands before the window's lamp, square to it: the middle and the half sides of each rectangle."""
    wide, high = OPENING
    beside, over = (WALL + wide) / 2, (WALL + high) / 2
    wall = [(side * beside, 0.0, (WALL - wide) / 2, WALL) for side in (-1, 1)]
    wall += [(0.0, side * over, wide, (WALL - high) / 2) for side in (-1, 1)]
    return [*wall, (0.0, 0.0, BAR, high), *((0.0, y, wide, BAR) for y in ACROSS)]


def openness(points: Floats) -> Floats:
    """How much of the window's lamp points see, 0 to 1."""
    lamp = LAMPS["window"]
    assert lamp is not None
    at, ahead, across, along = _axes(lamp)
    way = points - at
    share = WALL_AT * reach(lamp) / (way @ ahead)
    x, y = (way @ axis * share for axis in (across, along))
    blur_x, blur_y = (half * (1 - share) for half in lamp.half)
    wide, high = OPENING
    seen = _covered(x, 0, wide, blur_x) * _covered(y, 0, high, blur_y)
    seen = seen * (1 - _covered(x, 0, BAR, blur_x))
    return seen * np.prod([1 - _covered(y, at_, BAR, blur_y) for at_ in ACROSS], axis=0)


def _covered(x: Floats, middle: float, half: float, blur: Floats) -> Floats:
    """How much of a strip of a half width lies in a wider or narrower one that is blurred."""
    low = np.clip((x - middle + half) / (2 * blur) + 0.5, 0, 1)
    high = np.clip((x - middle - half) / (2 * blur) + 0.5, 0, 1)
    return low - high


def project(seen: View, points: ArrayLike) -> tuple[Floats, Floats]:
    """Where points of the world are in the frame: the inverse of `rays`."""
    there = np.asarray(points, float) - seen.origin
    depth = there @ seen.ahead
    return there @ seen.right / depth * DISTANCE, there @ seen.up / depth * DISTANCE


def irradiance(lamp: str, points: Floats, normal: ArrayLike = (0, 0, 1), samples: int = 8) -> Floats:
    """What a lamp gives to points that face along `normal`, by pi, with nothing in the way (nor a window's
    wall), for a radiance of 1.
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


def lit(lamp: str, points: Floats, normal: ArrayLike = (0, 0, 1), samples: int = 8) -> Floats:
    """What a lamp gives to points where nothing but a window's wall is in the way; 1 at the origin of a floor
    that sees all of the lamp.
    """
    given = radiance(lamp) * irradiance(lamp, points, normal, samples)
    return given * openness(points) if lamp == "window" else given


def powers(x: Floats, y: Floats, degree: int) -> Floats:
    """(..., terms): the products of powers of both up to a degree in all."""
    pairs = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([x**i * y**j for i, j in pairs], -1)


@cache
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
