"""What stands in a picture: its place and size on the canvas, what it shades and how it looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from . import rig, srgb
from .backdrop import Framing
from .plate import PODIUMS, Mixture, Plate, lit, plate_of, shaded
from .podium import SEATS, Seat
from .resampling import Window, blurred, placed

WELL_LIT = 85  # of a hundred points of the main colour, those that are darker than what shows it exactly
LEAST_GAIN, MOST_GAIN = 0.7, 1.5
PODIUM_SIZE = 1.25  # by which they hold a thing as large as it was baked
FOOT, FOOT_DARK = 5, 0.55  # of the line where a podium meets the floor: pixels of its plate, and of the light
TRACED_ROUND = 12  # pixels round a thing in its plate


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing. at: where on the floor (x, y), in units, or on the podium from the middle of its seat; size: 1
    as it was baked, less on a podium that is too narrow; colours: of regions, as "#rrggbb", those left out as
    the thing has them; artwork: for its label; is_turned: as in a mirror, but lit as all else.
    """

    thing: str
    at: tuple[float, float] = (0.0, 0.0)
    size: float = 1.0
    colours: Mapping[str, str] = field(default_factory=dict)
    artwork: Image.Image | None = None
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class Staged:
    """A podium. kind: of `podium.SEATS`; colour: (3,) of light."""

    kind: str
    colour: np.ndarray
    size: float = PODIUM_SIZE


@dataclass(frozen=True, slots=True)
class Standing:
    """A plate in the world. height: of what it stands on; colours: (regions, 3) of light; top: the region of
    the podium under it, "" on the floor.
    """

    plate: Plate
    at: tuple[float, float]
    size: float
    colours: np.ndarray
    height: float = 0.0
    top: str = ""
    artwork: Image.Image | None = None

    def box(self, framing: Framing) -> tuple[float, float, float, float]:
        """What its plate fills on the canvas: left, top, right, bottom."""
        (x, y), scale = _corner(framing, self, self.plate.facts["frame"][1])
        left, top, right, bottom = (edge * scale for edge in self.plate.facts["box"])
        return x + left, y + top, x + right, y + bottom

    @property
    def target(self) -> float:
        return self.height + self.plate.facts["target"] * self.size


@dataclass(frozen=True, slots=True)
class Layer:
    """A standing thing on the canvas. light: (h, w, 3); alpha: (h, w, 1), both of the window."""

    light: np.ndarray
    alpha: np.ndarray
    window: Window


def on_floor(thing: Placed, camera: str) -> Standing:
    """Raises FileNotFoundError for a thing of which there is no plate."""
    plate = plate_of(thing.thing, camera)
    plate = plate.turned if thing.is_turned else plate
    return Standing(plate, thing.at, thing.size, _colours(plate, thing.colours), artwork=thing.artwork)


def podium(stage: Staged, camera: str) -> Standing:
    plate = plate_of(stage.kind, camera, PODIUMS)
    return Standing(plate, (0, 0), stage.size, np.tile(stage.colour, (len(plate.regions), 1)))


def on_podium(things: Sequence[Placed], stage: Staged, camera: str) -> list[Standing]:
    """Each on a seat of its own, as far as there are any; smaller where they would stand over its edge."""
    seats = SEATS[stage.kind]
    return [
        seated
        for number, seat in enumerate(seats)
        for seated in _seated(
            [on_floor(thing, camera) for thing in things[number :: len(seats)]], seat, stage
        )
    ]


def shade(ground: np.ndarray, framing: Framing, thing: Standing, mixture: Mixture, share: np.ndarray) -> None:
    """Darken what the thing stands on, in place. share: (h, w, 1) of the canvas, how much is such ground."""
    factor = shaded(thing.plate, mixture, thing.colours)
    corner, scale = _corner(framing, thing, factor.shape[0])
    if (found := placed(factor - 1, (framing.width, framing.height), corner, scale)) is not None:
        change, window = found
        ground[window] *= 1 + change * share[window]


def touch(ground: np.ndarray, framing: Framing, thing: Standing, share: np.ndarray) -> None:
    """Darken a thin line below its foot, in place: finer than a plate's shadow is stored."""
    soft = blurred(np.pad(thing.plate.alpha, TRACED_ROUND)[..., None], FOOT)[..., 0]
    (x, y), scale = _corner(framing, thing, thing.plate.facts["frame"][1])
    left, top, *_ = thing.plate.facts["box"]
    corner = (x + (left - TRACED_ROUND) * scale, y + (top - TRACED_ROUND + FOOT) * scale)
    if (found := placed(soft, (framing.width, framing.height), corner, scale)) is not None:
        part, window = found
        ground[window] *= 1 - FOOT_DARK * part[..., None] * share[window]


def layer(framing: Framing, thing: Standing, mixture: Mixture, floor: np.ndarray) -> Layer | None:
    """None: beside the canvas. floor: (3,), the colour of what it stands on."""
    plate = thing.plate
    shown = lit(plate, mixture, thing.colours, floor.astype(np.float32), thing.artwork)
    found = _on_canvas(framing, thing, np.dstack([shown * _gain(plate, mixture), plate.alpha]))
    if found is None:
        return None
    values, window = found
    return Layer(np.maximum(values[..., :3], 0), np.clip(values[..., 3:], 0, 1), window)


def tops(framing: Framing, thing: Standing) -> dict[str, np.ndarray]:
    """Of a podium, by region: (h, w, 1) of the canvas, how much of a pixel is that top."""
    found = {}
    for number, region in enumerate(thing.plate.regions[1:], 1):
        share = np.zeros((framing.height, framing.width, 1), np.float32)
        inside = thing.plate.shares[..., number] * thing.plate.alpha
        if (part := _on_canvas(framing, thing, inside)) is not None:
            share[part[1]] = np.clip(part[0], 0, 1)[..., None]
        found[region] = share
    return found


def over(picture: np.ndarray, drawn: Layer) -> None:
    """Draw it, in place."""
    below = picture[drawn.window]
    picture[drawn.window] = below + (drawn.light - below) * drawn.alpha


def _seated(things: Sequence[Standing], seat: Seat, stage: Staged) -> Iterator[Standing]:
    """Together as large as the seat has room for."""
    reach = max((abs(thing.at[0]) + _width(thing) / 2 for thing in things), default=1.0)
    fit = min(1.0, seat.room * stage.size / 2 / reach)
    x, y, height = (stage.size * value for value in seat.at)
    for thing in things:
        at = (x + thing.at[0] * fit, y + thing.at[1] * fit)
        yield replace(thing, at=at, size=thing.size * fit, height=height, top=seat.region)


def _width(thing: Standing) -> float:
    left, _, right, _ = thing.plate.facts["box"]
    return (right - left - 2 * TRACED_ROUND) / thing.plate.facts["frame"][1] * rig.SPAN * thing.size


def _on_canvas(framing: Framing, thing: Standing, values: np.ndarray) -> tuple[np.ndarray, Window] | None:
    """Planes of the plate's box."""
    (x, y), scale = _corner(framing, thing, thing.plate.facts["frame"][1])
    left, top, *_ = thing.plate.facts["box"]
    corner = (x + left * scale, y + top * scale)
    return placed(values, (framing.width, framing.height), corner, scale, Image.Resampling.BICUBIC)


def _corner(framing: Framing, thing: Standing, high: int) -> tuple[tuple[float, float], float]:
    """Where on the canvas the corner of a plate's frame of some height lies, and by how much it is scaled."""
    there = (*thing.at, thing.target)
    x, y = framing.on_canvas(there)
    scale = framing.unit * framing.nearness(there) * thing.size * rig.SPAN / high
    return (x - high * 4 / 3 * scale / 2, y - high * scale / 2), scale


def _colours(plate: Plate, colours: Mapping[str, str]) -> np.ndarray:
    return np.array([srgb.of_hex(colour) for colour in {**plate.facts["colours"], **colours}.values()])


def _gain(plate: Plate, mixture: Mixture) -> float:
    """The exposure by which the well lit part of the main colour shows it as it was asked for."""
    base = plate.summed("base", mixture)
    assert base is not None
    is_seen = (plate.shares[..., 0] * plate.alpha) > 0.8
    if not is_seen.any():
        return 1.0
    return float(np.clip(1 / np.percentile(base[is_seen].mean(-1), WELL_LIT), LEAST_GAIN, MOST_GAIN))
