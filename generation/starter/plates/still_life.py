"""A picture: things on a ground, in some light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from . import backdrop, film, light, rig, srgb
from .backdrop import Framing, Surface
from .plate import Mixture, Plate, lit, plate_of, shaded
from .resampling import placed

WELL_LIT = 85  # of a hundred points of the main colour, those that are darker than what shows it exactly
LEAST_GAIN, MOST_GAIN = 0.7, 1.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing. at: where on the floor (x, y), in units; size: 1 as it was baked; colours: of regions, as
    "#rrggbb", those left out as the thing has them; artwork: for its label.
    """

    thing: str
    at: tuple[float, float] = (0.0, 0.0)
    size: float = 1.0
    colours: Mapping[str, str] = field(default_factory=dict)
    artwork: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class StillLife:
    """middle: where on the canvas the origin of the floor is, as shares of its sides. zoom: 1 shows about
    five units across. wall: None, where the floor bends up.
    """

    things: Sequence[Placed]
    camera: str
    mood: str
    floor: Surface
    wall: Surface | None = None
    middle: tuple[float, float] = (0.5, 0.7)
    zoom: float = 1.0
    seed: int = 0


def draw(asked: StillLife, width: int, height: int) -> Image.Image:
    """Raises FileNotFoundError for a thing of which there is no plate."""
    mixture = light.mixture(asked.mood)
    framing = _framing(asked, width, height)
    here = backdrop.ground(framing, width, height)
    found = backdrop.illuminated(framing, mixture, asked.wall is not None)
    # Nearer ones are drawn later, and stand in the shadows of all others.
    things = sorted(asked.things, key=lambda thing: -thing.at[1])
    for thing in things:
        _shade(found, framing, thing, asked.camera, mixture, here.is_wall)
    found *= backdrop.coloured(here, asked.floor, asked.wall, asked.seed)
    backdrop.defocused(found, here)
    for thing in things:
        _stand(found, framing, thing, asked, mixture)
    return film.developed(found, asked.seed)


def _framing(asked: StillLife, width: int, height: int) -> Framing:
    """So that the floor's origin comes to lie where it was asked for."""
    target = max((plate_of(thing.thing, asked.camera).facts["target"] for thing in asked.things), default=0.6)
    unit = 0.2 * min(width, height) * asked.zoom
    _, below = rig.project(rig.view(asked.camera, target), (0, 0, 0))
    x, y = asked.middle[0] * width, asked.middle[1] * height
    return Framing(asked.camera, target, width, height, unit, (x, y + float(below) * unit))


def _shade(
    ground: np.ndarray, framing: Framing, thing: Placed, camera: str, mixture: Mixture, is_wall: np.ndarray
) -> None:
    plate = plate_of(thing.thing, camera)
    factor = shaded(plate, mixture, _colours(plate, thing))
    corner, scale = _corner(plate, framing, thing, factor.shape[0])
    if (found := placed(factor - 1, (framing.width, framing.height), corner, scale)) is not None:
        change, window = found
        ground[window] *= 1 + change * ~is_wall[window[0], None, None]


def _stand(picture: np.ndarray, framing: Framing, thing: Placed, asked: StillLife, mixture: Mixture) -> None:
    plate = plate_of(thing.thing, asked.camera)
    colours = _colours(plate, thing)
    shown = lit(plate, mixture, colours, asked.floor.colour.astype(np.float32), thing.artwork)
    shown = shown * _gain(plate, mixture)
    high = plate.facts["frame"][1]
    (x, y), scale = _corner(plate, framing, thing, high)
    left, top, *_ = plate.facts["box"]
    corner = (x + left * scale, y + top * scale)
    layers = np.dstack([shown, plate.alpha])
    found = placed(layers, (framing.width, framing.height), corner, scale, Image.Resampling.BICUBIC)
    if found is not None:
        values, window = found
        alpha = np.clip(values[..., 3:], 0, 1)
        picture[window] = picture[window] * (1 - alpha) + np.maximum(values[..., :3], 0) * alpha


def _corner(plate: Plate, framing: Framing, thing: Placed, high: int) -> tuple[tuple[float, float], float]:
    """Where on the canvas the corner of a plate's frame of some height lies, and by how much it is scaled."""
    there = (*thing.at, plate.facts["target"] * thing.size)
    x, y = framing.on_canvas(there)
    scale = framing.unit * framing.nearness(there) * thing.size * rig.SPAN / high
    return (x - high * 4 / 3 * scale / 2, y - high * scale / 2), scale


def _colours(plate: Plate, thing: Placed) -> np.ndarray:
    return np.array(
        [srgb.of_hex(colour) for colour in ({**plate.facts["colours"], **thing.colours}).values()]
    )


def _gain(plate: Plate, mixture: Mixture) -> float:
    """The exposure by which the well lit part of the main colour shows it as it was asked for."""
    base = plate.summed("base", mixture)
    assert base is not None
    is_seen = (plate.shares[..., 0] * plate.alpha) > 0.8
    if not is_seen.any():
        return 1.0
    return float(np.clip(1 / np.percentile(base[is_seen].mean(-1), WELL_LIT), LEAST_GAIN, MOST_GAIN))
