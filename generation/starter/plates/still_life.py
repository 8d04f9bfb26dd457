"""A picture: things on a ground, in some light."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from . import backdrop, decor, film, gobo, light, rig, standing
from .backdrop import Framing, Surface
from .decor import Decor
from .plate import Mixture
from .scatter.laid import laid
from .scatter.lying import Lying
from .scatter.scattered import Scattered
from .standing import Placed, Staged, Standing

__all__ = ["Decor", "Placed", "Scattered", "Staged", "StillLife", "Surface", "draw"]


@dataclass(frozen=True, slots=True)
class StillLife:
    """middle: where on the canvas the origin of the floor is, as shares of its sides. zoom: 1 shows about
    five units across. wall: None, where the floor bends up. stage: what the things stand on, None: the floor.
    is_mirrored: the whole picture, but artwork, so that the light comes from the other side.
    """

    things: Sequence[Placed]
    camera: str
    mood: str
    floor: Surface
    wall: Surface | None = None
    middle: tuple[float, float] = (0.5, 0.7)
    zoom: float = 1.0
    seed: int = 0
    stage: Staged | None = None
    decor: Decor | None = None
    scatter: Scattered | None = None
    is_mirrored: bool = False


def draw(asked: StillLife, width: int, height: int) -> Image.Image:
    """Raises FileNotFoundError for a thing of which there is no plate."""
    mixture = light.mixture(asked.mood)
    framing, shown = standing_in(asked, width, height)
    podium, things = (shown[0], shown[1:]) if asked.stage else (None, shown)
    on_floor = [podium] if podium else things
    lying = _scattered(asked, on_floor, framing, mixture)
    picture = _ground(asked, framing, mixture, on_floor, lying)
    floor = asked.floor.colour
    if asked.stage and podium:
        lying.stand(picture, podium.at[1])
        _stand(picture, framing, podium, mixture, floor, asked)
        floor, tops = asked.stage.colour, standing.tops(framing, podium)
        for thing in things:
            standing.shade(picture, framing, thing, mixture, tops[thing.top])
    for thing in things:
        if not podium:
            lying.stand(picture, thing.at[1])
        _stand(picture, framing, thing, mixture, floor, asked)
    lying.stand(picture)
    return seen(film.developed(picture, asked.seed), asked)


def seen(picture: Image.Image, asked: StillLife) -> Image.Image:
    return ImageOps.mirror(picture) if asked.is_mirrored else picture


def boxes(asked: StillLife, width: int, height: int) -> list[tuple[float, float, float, float]]:
    """What each thing fills in the picture, its podium too: left, top, right, bottom."""
    framing, shown = standing_in(asked, width, height)
    found = [each.box(framing) for each in shown]
    if not asked.is_mirrored:
        return found
    return [(width - right, top, width - left, bottom) for left, top, right, bottom in found]


def standing_in(asked: StillLife, width: int, height: int) -> tuple[Framing, list[Standing]]:
    """The camera over a canvas, and all that stands before it, the podium first."""
    podium = _podium(asked)
    shown = [podium, *_things(asked)] if podium else _things(asked)
    return _framing(asked, shown, width, height), shown


def _podium(asked: StillLife) -> Standing | None:
    return standing.podium(asked.stage, asked.camera) if asked.stage else None


def _things(asked: StillLife) -> list[Standing]:
    """Those further away first: nearer ones are drawn later, and stand in the shadows of all others."""
    things = [_legible(thing) for thing in asked.things] if asked.is_mirrored else asked.things
    if asked.stage:
        found = standing.on_podium(things, asked.stage, asked.camera)
    else:
        found = [standing.on_floor(thing, asked.camera) for thing in things]
    return sorted(found, key=lambda thing: -thing.at[1])


def _legible(thing: Placed) -> Placed:
    """With artwork that reads as it should in the mirror."""
    return replace(thing, artwork=thing.artwork and ImageOps.mirror(thing.artwork))


def _framing(asked: StillLife, shown: Sequence[Standing], width: int, height: int) -> Framing:
    """So that the floor's origin comes to lie where it was asked for."""
    target = max((thing.target for thing in shown), default=0.6)
    unit = 0.2 * min(width, height) * asked.zoom
    _, below = rig.project(rig.view(asked.camera, target), (0, 0, 0))
    x, y = asked.middle[0] * width, asked.middle[1] * height
    return Framing(asked.camera, target, width, height, unit, (x, y + float(below) * unit))


def _scattered(asked: StillLife, on_floor: Sequence[Standing], framing: Framing, mixture: Mixture) -> Lying:
    stand = [(thing.plate, thing.at, thing.size) for thing in on_floor]
    return laid(asked.scatter, asked.seed, stand, framing, mixture, asked.floor.colour)


def _ground(
    asked: StillLife, framing: Framing, mixture: Mixture, on_floor: Sequence[Standing], lying: Lying
) -> np.ndarray:
    """(h, w, 3): all that is not a thing."""
    here = backdrop.ground(framing, framing.width, framing.height)
    found = backdrop.illuminated(framing, mixture, asked.wall is not None)
    is_floor = np.broadcast_to(~here.is_wall[:, None, None], (*here.x.shape, 1))
    for thing in on_floor:
        standing.shade(found, framing, thing, mixture, is_floor)
        if asked.stage:
            standing.touch(found, framing, thing, is_floor)
    lying.shade(found)
    colours = backdrop.coloured(framing, asked.floor, asked.wall, asked.seed)
    if asked.decor:
        decor.lay(asked.decor, framing, mixture, here, found, colours)
    found *= colours
    backdrop.defocused(found, here)
    if asked.decor:
        decor.stand(asked.decor, framing, mixture, found)
        gobo.on_ground(found, asked.decor, framing, mixture, asked.seed)
    return found


def _stand(
    picture: np.ndarray,
    framing: Framing,
    thing: Standing,
    mixture: Mixture,
    floor: np.ndarray,
    asked: StillLife,
) -> None:
    if (drawn := standing.layer(framing, thing, mixture, floor)) is None:
        return
    if asked.decor:
        gobo.on_thing(drawn, thing, asked.decor, framing, mixture, asked.seed)
    standing.over(picture, drawn)
