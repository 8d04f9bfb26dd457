"""The floor and what is behind it: where each pixel looks, its colour, and the light there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import rig
from .light import BALANCE
from .materials import MATERIALS
from .plate import Mixture
from .resampling import blurred, resized

WALL = 4.5  # how far behind the origin it stands
BEND = 3.2  # units over which a floor without a wall bends up
COARSE = 48  # points a side, for light that changes slowly
SHARP_LIGHT = 384  # for a window's
FEW = 3  # of the pixels, every how many-th tells how much light is usual
EVEN = 0.55  # of the lamps' fall-off, how much is evened out, as by a light for the background
FINE, MOST_TIMES = 700, 3  # pixels that colours are drawn with at least, and times as many at most
BLUR_SIDE, BLUR = 256, 0.0065  # of what is behind: pixels a side, and its radius as a share of that


@dataclass(frozen=True, slots=True)
class Surface:
    """material: of `materials`; colour: (3,) of light."""

    material: str
    colour: np.ndarray


@dataclass(frozen=True)
class Framing:
    """A camera over a canvas: how many pixels a unit has where it looks, and where on the canvas (x, y) that
    point is. target: its height over the origin.
    """

    camera: str
    target: float
    width: int
    height: int
    unit: float
    middle: tuple[float, float]

    def frame(self, columns: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
        """Where in the frame the columns and the rows of a canvas of as many pixels are, in units, y up."""
        across, down = self.width / columns, self.height / rows
        x = ((np.arange(columns) + 0.5) * across - self.middle[0]) / self.unit
        return x, (self.middle[1] - (np.arange(rows) + 0.5) * down) / self.unit

    @cached_property
    def view(self) -> rig.View:
        return rig.view(self.camera, self.target)

    def on_canvas(self, point: tuple[float, float, float]) -> tuple[float, float]:
        x, y = rig.project(self.view, point)
        return self.middle[0] + float(x) * self.unit, self.middle[1] - float(y) * self.unit

    def nearness(self, point: tuple[float, float, float]) -> float:
        """How much larger a thing is there than where the camera looks."""
        return rig.DISTANCE / float((np.array(point, float) - self.view.origin) @ self.view.ahead)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the pixels of a canvas look: no roll, so that a row of it is at one depth. x: (h, w);
    y, z: (h, 1); is_wall: (h,).
    """

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    is_wall: np.ndarray

    @property
    def points(self) -> np.ndarray:
        return np.stack(np.broadcast_arrays(self.x, self.y, self.z), -1)


def ground(framing: Framing, columns: int, rows: int) -> Ground:
    """On a canvas of as many pixels, whatever the framing's has."""
    x, y = framing.frame(columns, rows)
    origin, rays = framing.view.origin, rig.rays(framing.view, 0 * y, y)
    to_floor = -origin[2] / np.minimum(rays[:, 2], -1e-6)
    to_wall = (WALL - origin[1]) / np.maximum(rays[:, 1], 1e-6)
    is_wall = to_wall < to_floor
    away = np.where(is_wall, to_wall, to_floor)
    return Ground(
        (away[:, None] * x[None]).astype(np.float32),
        (origin[1] + away * rays[:, 1]).astype(np.float32)[:, None],
        np.maximum(origin[2] + away * rays[:, 2], 0).astype(np.float32)[:, None],
        is_wall,
    )


def coloured(framing: Framing, floor: Surface, wall: Surface | None, seed: int) -> np.ndarray:
    """(h, w, 3) of reflectance. wall: None, where the floor bends up. A small canvas is drawn larger first:
    what is fine does not flicker.
    """
    times = min(-(-FINE // min(framing.width, framing.height)), MOST_TIMES)
    here = ground(framing, framing.width * times, framing.height * times)
    drawn = _drawn(here, floor, wall or floor, seed)
    if times == 1:
        return drawn
    return drawn.reshape(framing.height, times, framing.width, times, 3).mean((1, 3))


def _drawn(here: Ground, floor: Surface, wall: Surface, seed: int) -> np.ndarray:
    start = int(here.is_wall.sum())  # rows above are wall
    shift = seed * 1.37
    found = np.empty((*here.x.shape, 3), np.float32)
    if start:
        upper, z = here.x[:start] + shift, here.z[:start] + shift
        found[:start] = MATERIALS[wall.material](upper, z, wall.colour.astype(np.float32))
    lower, y = here.x[start:] + shift, here.y[start:] + shift
    found[start:] = MATERIALS[floor.material](lower, y, floor.colour.astype(np.float32))
    return found


def illuminated(framing: Framing, mixture: Mixture, has_wall: bool) -> np.ndarray:
    """(h, w, 3): what comes to each pixel, exposed so that floor and wall show their own colour: the picture
    of a plain backdrop is of the colour that was asked for.
    """
    wide, high = framing.width, framing.height
    total = np.zeros((high, wide, 3), np.float32)
    for names, side in ((set(mixture) - {"window"}, COARSE), (set(mixture) & {"window"}, SHARP_LIGHT)):
        here = ground(framing, side, side)
        some = {lamp: mixture[lamp] for lamp in mixture if lamp in names}
        if some:
            total += resized(received(here.points, _steepness(here, has_wall), some), wide, high)
    steep = _steepness(ground(framing, wide, high), has_wall)
    return total * _exposure(total, steep)


def defocused(picture: np.ndarray, here: Ground) -> None:
    """Softer towards the back, in place."""
    depth = np.clip(1.6 * np.clip((here.y - 0.9) / (WALL - 0.9), 0, 1) ** 0.8, 0, 1)[:, :, None]
    last = int((depth[:, 0, 0] > 0).sum())
    if last < 2:
        return
    high, wide, _ = picture.shape
    small = resized(picture, BLUR_SIDE, max(BLUR_SIDE * high // wide, 16))
    soft = resized(blurred(small, max(1, round(BLUR_SIDE * BLUR))), wide, high)
    picture[:last] += (soft[:last] - picture[:last]) * depth[:last]


def received(points: np.ndarray, steep: np.ndarray, mixture: Mixture) -> np.ndarray:
    """(h, w, 3): what comes to points (h, w, 3) that lie, stand, or are between (h, w)."""
    total = np.zeros(points.shape)
    for lamp, amount in mixture.items():
        lying, standing = (rig.lit(lamp, points, normal, 4) for normal in ((0, 0, 1), (0, -1, 0)))
        # The one at the back hangs too near the wall to light it.
        light = lying * (1 - steep) + standing * steep * (lamp != "back")
        total += light[..., None] * amount
    return total


def _steepness(here: Ground, has_wall: bool) -> np.ndarray:
    """(h, w): 0 where the ground lies, 1 where it stands."""
    if has_wall:
        return np.broadcast_to(here.is_wall[:, None] * 1.0, here.x.shape)
    bent = np.clip((here.y - (WALL - BEND)) / BEND, 0, 1) * 0.5 + 0.5 * np.clip(here.z / 2.4, 0, 1)
    return np.broadcast_to(bent * bent * (3 - 2 * bent), here.x.shape)


def _exposure(total: np.ndarray, steep: np.ndarray) -> np.ndarray:
    """By what the light (h, w, 3) is multiplied: floor and wall are exposed and balanced apart."""
    few, few_steep = total[::FEW, ::FEW], steep[::FEW, ::FEW]
    lying, standing = few_steep < 0.3, few_steep > 0.7
    floor = usual(few, lying if lying.any() else few_steep >= 0)
    exposed = evened(total, floor)
    if not standing.any():
        return exposed
    return exposed + (evened(total, usual(few, standing)) - exposed) * steep[..., None].astype(np.float32)


def evened(total: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """By what light (h, w, 3) is multiplied, that its usual amount (3,) shows a colour as it is."""
    bright = np.maximum(total.mean(-1), 1e-4).astype(np.float32)
    even = bright ** np.float32(-EVEN) * np.float32(mean.mean() ** (EVEN - 1))
    return even[..., None] * ((mean.mean() / mean) ** BALANCE).astype(np.float32)


def usual(total: np.ndarray, here: np.ndarray) -> np.ndarray:
    """The light (3,) of the middle of a surface's points (h, w)."""
    brightness = total.mean(-1)
    low, high = np.percentile(brightness[here], [45, 70])
    return total[here & (brightness >= low) & (brightness <= high)].mean(0)
