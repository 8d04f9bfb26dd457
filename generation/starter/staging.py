"""From a scene to a still life: where on a canvas things stand, how large, and in which colours."""

import operator
from dataclasses import dataclass, replace
from functools import reduce
from random import Random

import numpy as np

from . import colours, taste
from .plates import light, plate, rig, srgb
from .plates import standing as standing_
from .plates.backdrop import Surface
from .plates.plate import Plate
from .plates.podium import SEATS
from .plates.standing import Standing
from .plates.still_life import Decor, Placed, Scattered, Staged, StillLife
from .prior import CAN_BEND, PAINTED_DECORS
from .scene import NONE, PLACES, Scene

# What of a canvas the things may fill (left, top, right, bottom), by where text finds room.
AREAS = {
    "left": (0.47, 0.10, 0.97, 0.93),
    "right": (0.03, 0.10, 0.53, 0.93),
    "top": (0.08, 0.40, 0.92, 0.95),
    "bottom": (0.08, 0.06, 0.92, 0.62),
    "center": (0.08, 0.12, 0.92, 0.92),
    "middle": (0.08, 0.12, 0.92, 0.92),
}
LEAST_FILL, MOST_FILL = 0.80, 0.97  # of that area
MOST_ZOOM = 1.7  # beyond it, plates are soft at usual sizes
ACROSS = 5.0  # units that the shorter side of a canvas shows at a zoom of 1
NATURAL_SIZE = 0.4  # how far sizes beside each other are true to life: 1 a bicycle and a cup as they are
LEAST_SIZE, MOST_SIZE = 0.62, 1.45
DECOR_SUITS, MOST_DECOR = 3.0, 1.6  # how wide a group decor suits as it is, and how much larger it gets
MIDDLE = ("center", "middle")  # where things stand, if there are any: nobody's text does
MIRRORED = {"left": "right", "right": "left"}  # where text finds room, in a picture that will be mirrored
AMOUNT = 0.35  # by how much more or less is scattered
SHIFTS = 997  # of a material's veins: further ones would be lost in the last bits of a float
PALER = 0.5  # of a second kind of petals


@dataclass(frozen=True, slots=True)
class Extent:
    """What a thing at the origin fills in the picture, in units from there: right and up are positive."""

    left: float
    right: float
    bottom: float
    top: float

    def scaled(self, size: float) -> "Extent":
        return Extent(self.left * size, self.right * size, self.bottom * size, self.top * size)

    def moved(self, right: float, up: float) -> "Extent":
        return Extent(self.left + right, self.right + right, self.bottom + up, self.top + up)

    def __or__(self, other: "Extent") -> "Extent":
        return Extent(
            min(self.left, other.left), max(self.right, other.right),
            min(self.bottom, other.bottom), max(self.top, other.top),
        )  # fmt: skip


def staged(scene: Scene, width: int, height: int) -> StillLife:
    """The same on a canvas of any size and of nearly the same shape."""
    scene = _shown(scene)
    is_mirrored = scene["side"] != light.side(scene["light"])
    room = MIRRORED.get(scene["room"], scene["room"]) if is_mirrored else scene["room"]
    scene = replace(scene, values=scene.values | {"camera": _camera(scene), "room": room})
    stage = _stage(scene)
    things = _things(scene, stage)
    zoom, middle = _framing(scene, things, stage, width, height)
    return StillLife(
        things,
        scene["camera"],
        scene["light"],
        Surface(scene["floor"], _light(scene, "bg")),
        _wall(scene),
        middle,
        zoom,
        scene.seed % SHIFTS,
        stage,
        _decor(scene, things, stage),
        _scatter(scene),
        is_mirrored,
    )


def _camera(scene: Scene) -> str:
    """The one asked for, or the nearest to it under which there are plates of all things."""
    order = [scene["camera"], "high", "eye", "above"]
    return next(
        (camera for camera in order if all(camera in plate.cameras(name) for name in scene.things)), order[0]
    )


def _stage(scene: Scene) -> Staged | None:
    is_alone = scene["stage"] == "steps" and len(scene.things) == 1  # where the others would stand empty
    kind = "square" if is_alone else scene["stage"]
    if kind == NONE or scene["camera"] not in plate.cameras(kind, plate.PODIUMS):
        return None
    return Staged(kind, _light(scene, "c3"))


def _shown(scene: Scene) -> Scene:
    """Without what diffusion put there and no camera sees together with the rest."""
    values, seen = dict(scene.values), set(rig.CAMERAS)
    for place in PLACES:
        if scene[place] != NONE:
            common = seen.intersection(plate.cameras(scene[place]))
            values[place], seen = (scene[place], common) if common else (NONE, seen)
    return replace(scene, values=values)


def _wall(scene: Scene) -> Surface | None:
    if scene["camera"] == "above":
        return None
    if scene["wall"] != NONE:
        return Surface(scene["wall"], _light(scene, "wall colour"))
    # A table top does not bend up: behind it is a wall of its colour, only lighter.
    return None if scene["floor"] in CAN_BEND else Surface("plain", _lit(_paler(scene.colour("bg"))))


def _decor(scene: Scene, things: list[Placed], stage: Staged | None) -> Decor | None:
    """Wide enough for what stands before it."""
    if scene["decor"] == NONE:
        return None
    whole = _whole(scene, things, stage)
    wide = (whole.right - whole.left) / DECOR_SUITS if whole else 1.0
    slot = "c4" if scene["decor"] in PAINTED_DECORS else "bg"
    return Decor(scene["decor"], _light(scene, slot), float(np.clip(wide, 1.0, MOST_DECOR)))


def _scatter(scene: Scene) -> Scattered | None:
    if scene["scatter"] == NONE:
        return None
    return Scattered(
        scene["scatter"],
        colours.hex_of(scene.colour("scatter colour")),
        1 + AMOUNT * scene.pose["density"],
        None if scene.things and scene["room"] in MIDDLE else scene["room"],
    )


def _light(scene: Scene, slot: str) -> np.ndarray:
    return _lit(scene.colour(slot))


def _lit(lab: colours.OKLab) -> np.ndarray:
    return srgb.of_hex(colours.hex_of(lab))


def _things(scene: Scene, stage: Staged | None) -> list[Placed]:
    """Up to three, the first in front."""
    names = scene.things
    if not names:
        return []
    rng = Random(scene.seed)
    sizes = [_size(name, names[0]) * rng.uniform(0.97, 1.0) for name in names]
    extents = [
        extent(plate.plate_of(name, scene["camera"])).scaled(size)
        for name, size in zip(names, sizes, strict=True)
    ]
    is_apart = stage is not None and len(SEATS[stage.kind]) > 1
    places = [(0.0, 0.0)] * len(names) if is_apart else _places(extents, scene, rng)
    return [
        Placed(name, at, size, _dyed(scene, name, number), is_turned=_is_turned(scene, number))
        for number, (name, at, size) in enumerate(zip(names, places, sizes, strict=True))
    ]


def _is_turned(scene: Scene, number: int) -> bool:
    """Every other of the same things, so that they are no copies of each other."""
    is_second = scene.things[:number].count(scene.things[number]) % 2 == 1
    return is_second and light.can_be_turned(scene["light"])


def _size(name: str, first: str) -> float:
    """Of a thing beside the first, which stands as it was baked."""
    true, baked = (_metres_a_unit(each) for each in (name, first))
    return float(np.clip((true / baked) ** NATURAL_SIZE, LEAST_SIZE, MOST_SIZE))


def _metres_a_unit(name: str) -> float:
    facts = plate.plate_of(name, plate.cameras(name)[0]).facts
    return facts["metres"] / facts["height"]


def _places(extents: list[Extent], scene: Scene, rng: Random) -> list[tuple[float, float]]:
    """On the floor: side by side, those after the first a little behind it."""
    side = -1 if scene.pose["across"] < 0 else 1
    is_above = scene["camera"] == "above"  # where nothing may stand in the way of another
    apart = 1.0 + 0.04 * scene.pose["apart"] if is_above else 0.86 + 0.08 * scene.pose["apart"]
    back = (0.1 if is_above else 0.75) + 0.2 * scene.pose["depth"]
    places = [(0.0, 0.0)]
    for number, other in enumerate(extents[1:]):
        to = side if number == 0 else -side
        reach = extents[0].right - other.left if to > 0 else other.right - extents[0].left
        places.append((to * reach * apart, back + rng.uniform(-0.1, 0.1)))
    middle = (max(x for x, _ in places) + min(x for x, _ in places)) / 2
    return [(x - middle, y) for x, y in places]


def _dyed(scene: Scene, name: str, number: int) -> dict[str, str]:
    """The colours of its regions that are not its own."""
    suits = taste.THINGS[name]
    if name == scene["thing"] and scene["tint"] == "c1":
        first = scene.colour("c1")
        found = {region: colours.hex_of(first) for region in suits["dyed"]}
        if name == "bouquet":
            found["second"] = colours.hex_of(_paler(first))
        return found | {region: colours.hex_of(scene.colour("c2")) for region in suits["dyed second"]}
    if number and name == scene["second"] and scene["second tint"] == "c5":
        return {region: colours.hex_of(scene.colour("c5")) for region in suits["dyed"]}
    return {}


def _paler(lab: colours.OKLab) -> colours.OKLab:
    white = colours.MEAN["white"]
    return tuple(mine + (its - mine) * PALER for mine, its in zip(lab, white, strict=True))  # type: ignore[return-value]


def extent(of: Plate) -> Extent:
    """Of a thing as it was baked."""
    facts = of.facts
    (wide, high), (left, top, right, bottom) = facts["frame"], facts["box"]
    unit = rig.SPAN / high
    _, foot = rig.project(of.view, (0, 0, 0))
    return Extent(
        (left - wide / 2) * unit,
        (right - wide / 2) * unit,
        (high / 2 - bottom) * unit - float(foot),
        (high / 2 - top) * unit - float(foot),
    )


def _framing(
    scene: Scene, things: list[Placed], stage: Staged | None, width: int, height: int
) -> tuple[float, tuple[float, float]]:
    """The zoom, and where on the canvas the floor's origin is, as shares of its sides."""
    left, top, right, bottom = AREAS[scene["room"]]
    shorter = min(width, height)
    across, down = ACROSS * width / shorter, ACROSS * height / shorter
    whole = _whole(scene, things, stage)
    if whole is None:
        return 1.0, ((left + right) / 2, 0.74)
    fill = LEAST_FILL + (MOST_FILL - LEAST_FILL) * (scene.pose["zoom"] + 1) / 2
    fits = (
        (right - left) * across / (whole.right - whole.left),
        (bottom - top) * down / (whole.top - whole.bottom),
    )
    zoom = min(min(fits) * fill, MOST_ZOOM)
    # Its middle in that of the area, a little lower where there is room.
    spare = max((bottom - top) - (whole.top - whole.bottom) * zoom / down, 0)
    x = (left + right) / 2 - (whole.left + whole.right) / 2 * zoom / across
    y = (top + bottom) / 2 + 0.2 * spare + (whole.top + whole.bottom) / 2 * zoom / down
    return zoom, (x, y)


def _whole(scene: Scene, things: list[Placed], stage: Staged | None) -> Extent | None:
    """What all that stands there fills."""
    camera = scene["camera"]
    if stage:
        standing = standing_.on_podium(things, stage, camera)
        extents = [_extent(standing_.podium(stage, camera))]
    else:
        standing = [standing_.on_floor(thing, camera) for thing in things]
        extents = []
    extents += [_extent(each) for each in standing]
    return reduce(operator.or_, extents) if extents else None


def _extent(standing: Standing) -> Extent:
    """Of what stands somewhere, as the camera sees it."""
    tilt = np.radians(rig.CAMERAS[standing.plate.facts["camera"]])
    up = standing.at[1] * np.sin(tilt) + standing.height * np.cos(tilt)
    return extent(standing.plate).scaled(standing.size).moved(standing.at[0], float(up))
