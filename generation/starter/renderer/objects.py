"""The things of the flat style. One function and one line of OBJECTS each; the coordinates are those of
`bodies`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..colours import of_hex
from .bodies import SHADE, SHINE, Brush, Layer, any_of, between_heights, plain, shaded, tapered, within
from .decor import Size
from .fields import box, ellipse, heart, length, step, turned
from .plants import bouquet, potted_plant

PAPER, CHERRY, STEM, WICK, FLAME, GLOW = (
    of_hex(each) for each in ("#f6f2ea", "#c8323c", "#5d4a34", "#3a3230", "#f59a23", "#ffd970")
)


@dataclass(frozen=True, slots=True)
class Outline:
    """draw: layers from back to front; size: handles and leaves included."""

    draw: Callable[[Brush], list[Layer]]
    size: Size
    foot: float  # half the width where it stands


def bottle(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    radius = 0.12 + 0.22 * (1 - step(0.92, 1.24, y))
    body = within(x.abs() - radius, box(x, y - 0.80, 0.34, 0.80, 0.05))
    label = within(x.abs() - radius, box(x, y - 0.48, 0.40, 0.25))
    shine = box(x - brush.light * 0.25, y - 0.48, 0.022, 0.38, 0.022)
    return [
        *shaded(brush, brush.first, body, 0.12),
        plain(brush, brush.first, shine, SHINE),
        *shaded(brush, brush.second, label, 0.12),
        plain(brush, brush.first, length(x, y - 0.53) - 0.09),
        plain(brush, brush.first, box(x, y - 0.34, 0.14, 0.014)),
        *shaded(brush, brush.second, box(x, y - 1.52, 0.145, 0.20, 0.02), 0.05),
    ]


def coffee_cup(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    bowl = within(box(x, y - 0.90, 0.46, 0.78, 0.34), y - 0.84)
    handle = ellipse(x + brush.light * 0.47, y - 0.56, 0.19, 0.17).abs() - 0.05
    bx, by = turned(x, y - 0.46, 0.5)
    bean = within(ellipse(bx, by, 0.095, 0.14), 0.016 - (bx - 0.03 * torch.sin(by * 22)).abs())
    wisps = (x.abs() - 0.14 - 0.04 * torch.sin(y * 12 + 3 * brush.phase)).abs() - 0.02
    tint, cover = plain(brush, brush.first, within(wisps, (y - 1.12).abs() - 0.15))
    return [
        (tint, cover * 0.4),  # steam
        plain(brush, brush.first, handle, SHADE),
        *shaded(brush, brush.second, box(x, y - 0.09, 0.66, 0.04, 0.04), 0.2),
        plain(brush, brush.second, box(x, y - 0.03, 0.30, 0.03), SHADE),
        *shaded(brush, brush.first, bowl, 0.16),
        plain(brush, brush.second, bean),
    ]


def gift_box(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    loops: list[Layer] = []
    for side in (-1, 1):
        bx, by = turned(x - side * 0.21, y - 1.07, side * 0.42)
        loops.append(plain(brush, brush.second, ellipse(bx, by, 0.22, 0.12)))
        loops.append(plain(brush, brush.second, ellipse(bx - side * 0.03, by, 0.13, 0.055), 2 * SHADE))
    base, lid = box(x, y - 0.38, 0.52, 0.38, 0.02), box(x, y - 0.82, 0.58, 0.12, 0.02)
    return [
        *shaded(brush, brush.first, base, 0.22),
        plain(brush, brush.first, within(base, box(x, y - 0.68, 1, 0.03)), 2 * SHADE),
        *shaded(brush, brush.second, box(x, y - 0.38, 0.10, 0.38), 0.05),
        *shaded(brush, brush.first, lid, 0.22, SHINE / 2),
        *shaded(brush, brush.second, box(x, y - 0.82, 0.10, 0.12), 0.05, SHINE / 2),
        *loops,
        *shaded(brush, brush.second, box(x, y - 1.0, 0.075, 0.07, 0.04), 0.02),
    ]


def layered_cake(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    layers = [
        plain(brush, PAPER, tapered(brush, 0.0, 0.24, 0.24, 0.06), SHADE),
        *shaded(brush, PAPER, box(x, y - 0.26, 0.78, 0.04, 0.04), 0.25),
    ]
    for low, half_width, tall in ((0.30, 0.62, 0.42), (0.72, 0.42, 0.36)):
        layers += _tier(brush, low, half_width, tall)
    for place in (-0.24, 0.0, 0.24):
        layers += _cherry(brush, place, 1.08 + 0.07)
    return layers


def _tier(brush: Brush, low: float, half_width: float, tall: float) -> list[Layer]:
    """With icing that drips, and a row of pearls at its foot."""
    x, y, top = brush.x, brush.y, low + tall
    side = box(x, y - low - tall / 2, half_width, tall / 2, 0.03)
    drip = 0.12 + 0.05 * torch.cos(x * 31.4) + 0.03 * torch.sin(x * 13 + brush.phase * 3)
    pearls = length(torch.remainder(x, 0.1) - 0.05, y - low - 0.03) - 0.042
    return [
        *shaded(brush, brush.first, side, half_width * 0.35),
        *shaded(brush, brush.second, within(side, top - drip - y), half_width * 0.35),
        *shaded(brush, brush.second, within(pearls, x.abs() - half_width), half_width * 0.35),
    ]


def _cherry(brush: Brush, x: float, y: float) -> list[Layer]:
    dx, dy = brush.x - x, brush.y - y
    stem = within((dx - 0.5 * dy * dy).abs() - 0.012, between_heights(brush, y, y + 0.2))
    glint = length(dx - brush.light * 0.035, dy - 0.035) - 0.02
    return [
        plain(brush, STEM, stem),
        *shaded(brush, CHERRY, length(dx, dy) - 0.09, 0.03 - brush.light * x),
        plain(brush, CHERRY, glint, 0.2),
    ]


def candle(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    layers: list[Layer] = []
    for radius, strength in ((0.42, 0.22), (0.28, 0.35)):
        glow, cover = plain(brush, GLOW, length(x, y - 1.05) - radius)
        layers.append((glow, cover * strength))
    vessel = box(x, y - 0.36, 0.38, 0.36, 0.05)
    return [
        *layers,
        plain(brush, WICK, box(x, y - 0.86, 0.012, 0.09)),
        plain(brush, FLAME, _flame(brush, 0.10, 0.88, 1.24)),
        plain(brush, GLOW, _flame(brush, 0.055, 0.90, 1.10)),
        *shaded(brush, PAPER, box(x, y - 0.74, 0.33, 0.05, 0.03), 0.14),
        *shaded(brush, brush.first, vessel, 0.14),
        plain(brush, brush.first, box(x - brush.light * 0.30, y - 0.36, 0.02, 0.24, 0.02), SHINE),
        plain(brush, brush.second, box(x, y - 0.34, 0.19, 0.17, 0.02)),
        plain(brush, brush.first, heart(x / 0.15, (y - 0.36) / 0.15) * 0.15),
        plain(brush, brush.first, box(x, y - 0.24, 0.10, 0.010)),
    ]


def _flame(brush: Brush, radius: float, low: float, high: float) -> torch.Tensor:
    """A drop: round below, its tip at `high`."""
    y = brush.y - low - radius
    rise = (y / (high - low - radius)).clamp(0, 1)
    tapering = within(brush.x.abs() - radius * (1 - rise) ** 0.8, brush.y - high)
    return torch.where(y < 0, length(brush.x, y) - radius, tapering)


def cosmetic_set(brush: Brush) -> list[Layer]:
    return [*_tube(brush, -0.50), *_pump(brush, 0.0), *_cream(brush, 0.54)]


def _moved(brush: Brush, x: float) -> Brush:
    return Brush(brush.x - x, brush.y, brush.pixel, brush.light, brush.first, brush.second, brush.phase)


def _tube(brush: Brush, at: float) -> list[Layer]:
    """Standing on its cap."""
    here = _moved(brush, at)
    return [
        *shaded(here, here.second, tapered(here, 0.16, 0.98, 0.17, 0.21), 0.07),
        plain(here, here.second, tapered(here, 0.93, 0.98, 0.21, 0.21), 2 * SHADE),
        plain(here, here.first, box(here.x, here.y - 0.55, 0.10, 0.014)),
        plain(here, here.first, length(here.x, here.y - 0.66) - 0.055),
        *shaded(here, here.first, box(here.x, here.y - 0.09, 0.15, 0.09, 0.02), 0.06),
    ]


def _pump(brush: Brush, at: float) -> list[Layer]:
    here = _moved(brush, at)
    x, y, toward = here.x, here.y, here.light
    spout = any_of(
        box(x - toward * 0.09, y - 1.36, 0.17, 0.04, 0.03), box(x - toward * 0.235, y - 1.33, 0.025, 0.05)
    )
    return [
        plain(here, here.second, box(x, y - 1.22, 0.03, 0.14), SHADE),
        plain(here, here.second, spout),
        *shaded(here, here.second, box(x, y - 1.13, 0.11, 0.07, 0.02), 0.04),
        *shaded(here, here.first, box(x, y - 0.54, 0.26, 0.54, 0.08), 0.09),
        plain(here, here.first, box(x - toward * 0.19, y - 0.54, 0.018, 0.34, 0.018), SHINE),
        *shaded(here, here.second, box(x, y - 0.48, 0.26, 0.20), 0.09),
        plain(here, here.first, length(x, y - 0.54) - 0.06),
        plain(here, here.first, box(x, y - 0.41, 0.11, 0.014)),
    ]


def _cream(brush: Brush, at: float) -> list[Layer]:
    here = _moved(brush, at)
    x, y = here.x, here.y
    return [
        *shaded(here, here.first, box(x, y - 0.15, 0.27, 0.15, 0.05), 0.10, SHINE),
        plain(here, here.first, box(x, y - 0.15, 0.14, 0.012), SHADE),
        *shaded(here, here.second, box(x, y - 0.37, 0.29, 0.07, 0.02), 0.10),
    ]


def bag(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    body = tapered(brush, 0.0, 0.98, 0.44, 0.50)
    far, near = (
        within(ellipse(x - shift, y - 0.98, 0.20, 0.34).abs() - 0.022, low - y)
        for shift, low in ((-brush.light * 0.04, 0.98), (0.0, 0.90))
    )
    return [
        plain(brush, brush.second, far, SHADE),
        *shaded(brush, brush.first, body, 0.26),
        plain(brush, brush.first, within(body, 0.90 - y), SHINE / 2),
        plain(brush, brush.second, near),
        plain(brush, brush.second, heart(x / 0.40, (y - 0.46) / 0.40) * 0.40),
    ]


OBJECTS: dict[str, Outline] = {
    "bottle": Outline(bottle, Size(0.36, 1.74), 0.33),
    "bouquet": Outline(bouquet, Size(0.74, 1.80), 0.24),
    "coffee_cup": Outline(coffee_cup, Size(0.73, 1.30), 0.36),
    "gift_box": Outline(gift_box, Size(0.60, 1.30), 0.52),
    "layered_cake": Outline(layered_cake, Size(0.80, 1.38), 0.26),
    "candle": Outline(candle, Size(0.44, 1.48), 0.36),
    "potted_plant": Outline(potted_plant, Size(0.74, 1.72), 0.30),
    "cosmetic_set": Outline(cosmetic_set, Size(0.85, 1.42), 0.76),
    "bag": Outline(bag, Size(0.52, 1.36), 0.44),
}
