"""How a surface answers light: dull, glossy, of metal, or letting some through."""

from dataclasses import dataclass

import numpy as np

from .pose import Floats, dot, unit
from .sources import Panel, Sources

BOUNCE = 0.75  # of the floor's light, what comes back up to what lies on it
PLAIN = 0.04  # of light, what a varnish mirrors where it is looked at straight


@dataclass(frozen=True, slots=True)
class Sheen:
    """gloss: how much of a varnish it has; rough: how blurred its mirror is; metal: how much of it mirrors in
    its own colour; through: how much light comes through from behind; glow: how much it shines by itself.
    """

    gloss: float = 0.0
    rough: float = 0.3
    metal: float = 0.0
    through: float = 0.0
    glow: float = 0.0


@dataclass(frozen=True, eq=False)
class Around:
    """What lights a small thing at a point: the lamps, the floor's colour (3,) and by what (3,) all light
    there differs from an open floor's.
    """

    point: Floats
    sources: Sources
    panels: list[Panel]
    floor: Floats
    factor: Floats


def shaded(
    finish: Sheen, colour: Floats, normal: Floats, way: Floats, shade: Floats, around: Around
) -> Floats:
    """(n, 3). colour: (n, 3); normal, way: (n, 3) of length 1; shade: (n,), what is open of the key light."""
    lamps = around.sources
    light = lamps.given(normal) - _of_key(lamps, normal) * (1 - shade)[:, None]
    up = lamps.given(np.array([[0, 0, 1]], np.float32))[0]
    light = light + (0.5 - 0.5 * normal[:, 2:]) * (around.floor * up * BOUNCE)
    if finish.through:
        behind = lamps.given(-normal)
        light = light * (1 - finish.through / 2) + behind * finish.through
    found = colour * (light * (1 - finish.metal) + finish.glow)
    if finish.gloss or finish.metal:
        mirrored = _mirrored(normal, way, finish.rough, up, around)
        found = found + mirrored * _mirrors(finish, colour, normal, way)
    return (found * around.factor).astype(np.float32)


def _of_key(lamps: Sources, normal: Floats) -> Floats:
    """What the key light alone gives."""
    first = lamps.key // 2 * 2
    both = slice(first, first + 2)
    return np.maximum(normal @ lamps.ways[both].T, 0) @ lamps.weights[both]


def _mirrors(finish: Sheen, colour: Floats, normal: Floats, way: Floats) -> Floats:
    """How much of what is mirrored is seen, by Schlick."""
    facing = np.clip(-dot(normal, way), 0, 1)
    edge = ((1 - facing) ** 5)[:, None] * (1 - finish.rough)
    varnish = finish.gloss * (PLAIN + (1 - PLAIN) * edge)
    return varnish * (1 - finish.metal) + finish.metal * (colour + (1 - colour) * edge)


def _mirrored(normal: Floats, way: Floats, rough: float, up: Floats, around: Around) -> Floats:
    back = unit(way - 2 * dot(normal, way)[:, None] * normal)
    sky = np.clip(back[:, 2:] / (0.25 + rough) + 0.5, 0, 1)
    found = sky * around.sources.dome + (1 - sky) * around.floor * up
    for panel in around.panels:
        found = found + _softbox(panel, back, rough, around.point)[:, None] * panel.radiance
    return found


def _softbox(panel: Panel, back: Floats, rough: float, point: Floats) -> Floats:
    """How much of a lamp is seen in a mirror that blurs."""
    speed, off = -(back @ panel.ahead), point - panel.at
    away = (off @ panel.ahead) / np.maximum(speed, 1e-3)
    blur = np.minimum(max(rough, 0.03) * away * 0.8, 60)
    seen = speed > 0
    for axis, half in zip((panel.across, panel.along), panel.half, strict=True):
        at, edge = (off @ axis + away * (back @ axis)) / (2 * blur), half / (2 * blur)
        seen = seen * (np.clip(at + edge + 0.5, 0, 1) - np.clip(at - edge + 0.5, 0, 1))
    return seen
