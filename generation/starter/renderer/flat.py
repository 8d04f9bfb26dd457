"""The flat style: a wall and a floor in two tones of one colour, what is on the wall, and a thing."""

from torch import Tensor

from ..colours import OKLab
from ..scene import NONE, Scene
from . import decor
from .backdrop import between
from .bodies import Brush, Layer, plain
from .composition import compose
from .decor import Size
from .fields import Band, ellipse, over, paint
from .objects import OBJECTS

FLOOR, SHADOW = -0.055, -0.13  # in lightness, OKLab, from the wall's colour
EMPTY = Size(0.7, 1.3)  # what decor surrounds where no thing stands
LIGHT = {"left": -1.0, "right": 1.0}


def draw(band: Band, scene: Scene) -> Tensor:
    """(3, h, w) linear RGB."""
    name, ground = scene["thing"], scene.colour("bg")
    size = EMPTY if name == NONE else OBJECTS[name].size
    brush = _brush(band, scene, size)
    horizon = between(0.10, 0.20, scene.pose["horizon"])
    layers = [plain(brush, ground, brush.y - horizon, FLOOR)]
    if scene["decor"] in decor.KNOWN:
        layers += decor.layers(scene["decor"], brush, size, horizon, scene.colour("c4"))
    if name != NONE:
        layers += [_shadow(brush, ground, OBJECTS[name].foot), *OBJECTS[name].draw(brush)]
    picture = paint(ground).expand(3, *band.x.shape)
    for colour, cover in layers:
        picture = over(picture, colour, cover)
    return picture


def _brush(band: Band, scene: Scene, size: Size) -> Brush:
    plan = compose(scene, size, band.half_width, band.half_height)
    return Brush(
        x=(band.x - plan.x) / plan.scale,
        y=(plan.foot - band.y) / plan.scale,
        pixel=band.pixel / plan.scale,
        light=LIGHT[scene["side"]],
        first=scene.colour("c1"),
        second=scene.colour("c2"),
        phase=scene.pose["phase"],
    )


def _shadow(brush: Brush, ground: OKLab, foot: float) -> Layer:
    """On the floor, a little away from the light."""
    return plain(brush, ground, ellipse(brush.x + brush.light * 0.08, brush.y, foot + 0.14, 0.05), SHADOW)
