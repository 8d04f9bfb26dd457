"""What is behind the things, or under them where the camera looks from above: an arch, a disc, a niche."""

from dataclasses import dataclass

import numpy as np

from . import rig, shapes
from .backdrop import COARSE, WALL, Framing, Ground, evened, received, usual
from .light import key
from .plate import Mixture
from .resampling import resized
from .shapes import Plane, Shape

PANEL, THICK = 2.1, 0.13  # how far behind the things one stands, and how thick it is
EDGE, OUT_OF_FOCUS = 0.86, 0.022  # the light at the edge of a panel, and the units over which that is blurred
NICHE = 1.0  # how deep one is in a wall
SHEET, TRAY = 0.035, 0.06  # how thick a sheet is on a table, and how deep a hollow in it
LYING, LYING_FROM = 1.2, 1.55  # of what lies: its size, and how far before the origin it begins
REVEAL = 0.30  # how much the light at the sides of a niche differs by how they face the lamp
CORNERS, CORNERS_WIDE = 0.22, 0.30  # of light, what is lost where two planes meet, and over how many units
SHADE = 0.92  # of the key lamp's light, what a shadow lacks
SOFTEST, LEAST_SOFT = 0.45, 0.012  # units of a shadow's edge to either side


@dataclass(frozen=True, slots=True)
class Decor:
    """kind: of `stock.DECORS`; colour: (3,) of light; size: 1 suits one thing; x: units to the right of the
    middle.
    """

    kind: str
    colour: np.ndarray
    size: float = 1.0
    x: float = 0.0


def lay(
    decor: Decor, framing: Framing, mixture: Mixture, here: Ground, light: np.ndarray, albedo: np.ndarray
) -> None:
    """Change the light and the colours of the ground, each (h, w, 3), in place: by what lies on it or is cut
    into it, and by the shadow of what stands there.
    """
    shape = shapes.of(decor.kind, decor.size, decor.x)
    if shape is None:
        return
    lamp = _Lamp.of(mixture)
    if framing.camera == "above":
        _lie(decor, framing, lamp, light, albedo)
    elif decor.kind == "niche":
        _recede(decor, shape, framing, lamp, light, albedo)
    else:
        _cast(shape, framing, lamp, here, light)


def stand(decor: Decor, framing: Framing, mixture: Mixture, picture: np.ndarray) -> None:
    """Put a panel over what is behind it, in place: its back first, which shows at its edge."""
    shape = shapes.of(decor.kind, decor.size, decor.x)
    if shape is None or decor.kind == "niche" or framing.camera == "above":
        return
    shown = _panel_light(shape, framing, mixture) * decor.colour.astype(np.float32)
    for depth, bright in ((PANEL + THICK, EDGE), (PANEL, 1.0)):
        plane = Plane(True, depth)
        u, v = plane.seen(framing, framing.width, framing.height)
        cover = shapes.covered(shape(u, v), min(plane.pixels(framing), 1 / OUT_OF_FOCUS))[..., None]
        picture += (shown * (bright * (1 - _corner(v)))[..., None] - picture) * cover


@dataclass(frozen=True, slots=True)
class _Lamp:
    """The one that casts shadows. way: (3,), to it; half: its width by its distance; share: of the light."""

    way: np.ndarray
    half: float
    share: float

    @classmethod
    def of(cls, mixture: Mixture) -> "_Lamp":
        name = key(mixture)
        lamp = rig.LAMPS[name]
        assert lamp is not None
        way = np.array(lamp.at) - [0, PANEL, 1.4]
        total = sum(float(amount.mean()) for amount in mixture.values())
        return cls(way, lamp.half[0], SHADE * float(mixture[name].mean()) / total)

    def moved(self, gap: float | np.ndarray, axis: int) -> tuple[float | np.ndarray, ...]:
        """How far to the right and up a shadow's cause is, `gap` nearer along an axis; half its edge."""
        part = gap / abs(self.way[axis])
        across, along = (self.way[k] * part for k in ((0, 2) if axis == 1 else (0, 1)))
        return across, along, np.clip(self.half * part, LEAST_SOFT, SOFTEST)


def _cast(shape: Shape, framing: Framing, lamp: _Lamp, here: Ground, light: np.ndarray) -> None:
    """The shadow of a panel on the floor and the wall behind it, and the dark where it stands."""
    gap = np.maximum(here.y - PANEL, 0)
    across, along, soft = lamp.moved(gap, 1)
    shadow = shapes.within(shape(here.x + across, here.z + along), soft) * (gap > 0)
    foot = shapes.within(shape(here.x, 0.02), CORNERS_WIDE) * _corner(np.abs(here.y - PANEL)) * (here.z == 0)
    light *= ((1 - lamp.share * shadow) * (1 - foot))[..., None]


def _panel_light(shape: Shape, framing: Framing, mixture: Mixture) -> np.ndarray:
    """(h, w, 3), exposed as a wall is."""
    plane = Plane(True, PANEL)
    u, v = plane.seen(framing, COARSE, COARSE)
    points = np.stack(np.broadcast_arrays(u, plane.at, v), -1)
    total = received(points, np.ones(u.shape), mixture)
    inside = shape(u, v) < 0
    mean = usual(total, inside if inside.any() else inside | True)
    return resized((total * evened(total, mean)).astype(np.float32), framing.width, framing.height)


def _recede(
    decor: Decor, shape: Shape, framing: Framing, lamp: _Lamp, light: np.ndarray, albedo: np.ndarray
) -> None:
    """A niche in the wall: its back, its sides by how they face the lamp, and its own edge's shadow."""
    front, back = Plane(True, WALL), Plane(True, WALL + NICHE)
    opening = shape(*front.seen(framing, framing.width, framing.height))
    u, v = back.seen(framing, framing.width, framing.height)
    away = shape(u, v)
    across, along, soft = lamp.moved(NICHE, 1)
    shadow = 1 - shapes.within(shape(u + across, np.maximum(v + along, 0.02)), soft)
    inner = (1 - lamp.share * shadow) * (1 - _corner(-away))
    side = 1 - REVEAL / 2 + REVEAL * np.sign(u - decor.x) * -np.sign(lamp.way[0]) * np.ones_like(v)
    is_back = shapes.covered(away, back.pixels(framing))
    shown = np.where(v < 0, 1 - 0.5 * lamp.share, side + (inner - side) * is_back)
    _inside(decor, shapes.covered(opening, front.pixels(framing)), shown, light, albedo)


def _lie(decor: Decor, framing: Framing, lamp: _Lamp, light: np.ndarray, albedo: np.ndarray) -> None:
    """A sheet on the table and its shadow beside it, or a hollow and the shadow in it."""
    shape = shapes.of(decor.kind, decor.size * LYING, decor.x)
    assert shape is not None
    plane = Plane(False, 0.0)
    u, y = plane.seen(framing, framing.width, framing.height)
    v = y + LYING_FROM * decor.size
    is_hollow = decor.kind == "niche"
    across, along, soft = lamp.moved(TRAY if is_hollow else SHEET, 2)
    cover = shapes.covered(shape(u, v), plane.pixels(framing))
    caster = shapes.within(shape(u + across, v + along), soft)
    shown = 1 - lamp.share * (1 - caster) if is_hollow else np.ones_like(cover)
    if not is_hollow:
        light *= (1 - lamp.share * caster * (1 - cover))[..., None]
    _inside(decor, cover, shown, light, albedo)


def _inside(
    decor: Decor, cover: np.ndarray, shown: np.ndarray, light: np.ndarray, albedo: np.ndarray
) -> None:
    """Where it covers (h, w), in its colour, and in `shown` of the light there was."""
    light *= (1 + (shown - 1) * cover)[..., None]
    albedo += (decor.colour.astype(np.float32) - albedo) * cover[..., None]


def _corner(distance: np.ndarray) -> np.ndarray:
    """What is lost of the light at a distance from where two planes meet."""
    return CORNERS * np.exp(-np.maximum(distance, 0) / CORNERS_WIDE)
