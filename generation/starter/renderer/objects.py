"""The things the starter can draw. One function and one line of OBJECTS each: see `bodies` for the
coordinates.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from . import fields
from .bodies import Brush, Layer, ball, disc, eased, label, lit, round_body, straight
from .fields import Number, box, ellipse, step, turned


@dataclass(frozen=True, slots=True)
class Outline:
    """draw: layers from back to front; reach: how far it goes to each side, handles and leaves included;
    height.
    """

    draw: Callable[[Brush], list[Layer]]
    reach: float
    height: float
    foot: float  # half the width where it stands
    floats: bool = False


def colour(red: float, green: float, blue: float) -> Tensor:
    return torch.tensor([red, green, blue]).view(3, 1, 1)


PAPER, RED, FLAME, LEAF, COFFEE = (
    colour(0.93, 0.92, 0.90), colour(0.62, 0.03, 0.05), colour(1.0, 0.62, 0.18), colour(0.07, 0.26, 0.09),
    colour(0.16, 0.07, 0.03),
)  # fmt: skip


def bottle(brush: Brush) -> list[Layer]:
    def profile(height: Tensor) -> Tensor:
        return torch.where(
            height < 1.28, eased(0.33, 0.12, (height - 0.92) / 0.36), torch.full_like(height, 0.12)
        )

    paper = PAPER * 0.75 + brush.second * 0.25
    return [
        round_body(brush, profile, 0.0, 1.50, brush.first),
        label(brush, 0.333, 0.26, 0.74, paper),
        label(brush, 0.335, 0.60, 0.64, brush.second),
        round_body(brush, straight(0.15), 1.44, 1.72, brush.second, gloss=0.25),
        disc(brush, 1.72, 0.15, brush.second * 1.08),
    ]


def vase(brush: Brush) -> list[Layer]:
    def profile(height: Tensor) -> Tensor:
        return 0.2 + 0.26 * torch.exp(-(((height - 0.42) / 0.34) ** 2)) + 0.12 * step(0.85, 1.2, height)

    rim = float(profile(torch.tensor([1.2])))
    return [
        round_body(brush, profile, 0.0, 1.2, brush.first),
        disc(brush, 1.2, rim, (brush.first * 1.08).clamp(max=1)),
        disc(brush, 1.195, rim - 0.035, brush.first * 0.32),
    ]


def coffee_cup(brush: Brush) -> list[Layer]:
    side = -1.0 if brush.light > 0 else 1.0  # the handle turns from the light
    loop = ellipse(brush.x - side * 0.47, brush.y - 0.43, 0.25, 0.27).abs() - 0.055
    round_handle = lit(brush, brush.first, (loop / 0.055).clamp(-1, 1) * 0.6, 0.1) * (
        1.0 if brush.flat else 0.92
    )

    def profile(height: Tensor) -> Tensor:
        return 0.37 + 0.09 * step(-0.1, 0.8, height)

    rim = float(profile(torch.tensor([0.82])))
    dark = COFFEE * (1.0 + 0.9 * step(-0.3, 0.3, brush.x * brush.light))
    surface = ellipse(brush.x, brush.y - 0.805, rim - 0.05, (rim - 0.05) * 0.15)
    foam = (COFFEE * 5.5).clamp(max=0.6)
    ring = surface.abs() - 0.006
    return [
        (round_handle, brush.cover(loop)),
        round_body(brush, profile, 0.0, 0.82, brush.first),
        disc(brush, 0.82, rim, (brush.first * 1.14).clamp(max=1)),
        disc(brush, 0.812, rim - 0.03, brush.first * 0.55),
        (dark, brush.cover(surface)),
        (foam, brush.cover(ring) * 0.5),
    ]


def gift_box(brush: Brush) -> list[Layer]:
    x, y, flat = brush.x, brush.y, brush.flat

    def sided(paint: Tensor, low: float, slope: float) -> Tensor:
        return paint * 0.95 if flat else paint * (low + slope * x * brush.light - 0.10 * (0.5 - y))

    bows: list[Layer] = []
    for side in (-1, 1):
        bx, by = turned(x - side * 0.2, y - 1.1, -side * 0.45)
        bows.append(
            (brush.second * (0.98 + 0.16 * x * brush.light), brush.cover(ellipse(bx, by, 0.22, 0.115)))
        )
        bows.append((brush.second * 0.55, brush.cover(ellipse(bx - side * 0.02, by, 0.12, 0.05))))
    return [
        (sided(brush.first, 0.90, 0.16), brush.cover(box(x, y - 0.42, 0.5, 0.42, 0.02))),
        (brush.first * 0.4, brush.cover(box(x, y - 0.735, 0.5, 0.022)) * 0.35),
        (brush.second * (1.0 + 0.12 * x * brush.light), brush.cover(box(x, y - 0.42, 0.095, 0.42))),
        (sided(brush.first * 1.12, 1.0, 0.10).clamp(max=1), brush.cover(box(x, y - 0.86, 0.55, 0.11, 0.025))),
        (brush.second * (1.08 + 0.12 * x * brush.light), brush.cover(box(x, y - 0.86, 0.1, 0.112))),
        *bows,
        (brush.second * 0.86, brush.cover(box(x, y - 1.02, 0.075, 0.07, 0.04))),
    ]


def cake(brush: Brush) -> list[Layer]:
    u = (brush.x / 0.62).clamp(-1, 1)
    height = brush.y + 0.16 * 0.62 * torch.sqrt(1 - u * u)
    drip = 0.37 + 0.075 * torch.sin(torch.asin(u) * 7 + brush.phase * 3)
    icing = torch.maximum(brush.x.abs() - 0.621, torch.maximum(drip - height, brush.y - 0.52))
    layers = [
        round_body(brush, straight(0.62), 0.0, 0.52, brush.first, gloss=0.12),
        label(brush, 0.622, 0.20, 0.235, (brush.second * 0.9 + 0.1), gloss=0.05),
        (lit(brush, brush.second, u, 0.12), brush.cover(icing)),
        disc(brush, 0.52, 0.622, (brush.second * 1.06).clamp(max=1)),
    ]
    for number, place in enumerate((-0.36, 0.0, 0.36)):
        layers += _cherry(brush, place, 0.60 - 0.03 * (number % 2))
    return layers


def _cherry(brush: Brush, x: float, y: float) -> list[Layer]:
    distance = fields.length(brush.x - x, brush.y - y)
    facing = torch.sqrt((1 - (distance / 0.1) ** 2).clamp(min=0))
    light = (0.45 + 0.7 * (facing * 0.7 + (brush.x - x) / 0.1 * brush.light * 0.4)).clamp(min=0.2)
    shine = torch.exp(
        -(((brush.x - x - brush.light * 0.035) / 0.025) ** 2 + ((brush.y - y - 0.04) / 0.025) ** 2)
    )
    shadow = ellipse(brush.x - x + brush.light * 0.05, brush.y - y + 0.075, 0.12, 0.035)
    return [
        (RED * 0.2, fields.blurred(shadow, 0.05) * 0.35),
        (RED * light + 0.5 * shine, brush.cover(distance - 0.1)),
    ]


def candle(brush: Brush) -> list[Layer]:
    y = brush.y - 1.05
    wide = 0.085 * (1 - step(-0.02, 0.24, y) * 0.85) * torch.sqrt(1 - ((y - 0.02) / 0.2).clamp(-1, 1) ** 2)
    flame = torch.maximum(brush.x.abs() - wide, y.abs() - 0.21)
    glow = torch.exp(-(brush.x**2 + (brush.y - 1.08) ** 2) / 0.10) * 0.5
    core = FLAME * 0.6 + 0.4 * torch.exp(-(brush.x**2 + (y + 0.05) ** 2) / 0.006)
    warm = brush.first * 0.75 + FLAME * 0.25
    return [
        round_body(brush, straight(0.30), 0.0, 0.84, brush.first, gloss=0.12),
        (
            warm.expand(3, *brush.x.shape),
            brush.cover(box(brush.x, brush.y - 0.66, 0.3, 0.2)) * step(0.5, 0.86, brush.y) * 0.35,
        ),
        disc(brush, 0.84, 0.30, (brush.first * 1.12).clamp(max=1)),
        disc(brush, 0.835, 0.20, (brush.first * 0.7 + FLAME * 0.35).clamp(max=1)),
        (colour(0.05, 0.05, 0.05), brush.cover(box(brush.x, brush.y - 0.90, 0.012, 0.07))),
        (FLAME, glow),
        (core, brush.cover(flame)),
    ]


def sphere(brush: Brush) -> list[Layer]:
    nx, ny, nz = ball(brush, 0.5, 0.5)
    cover = brush.cover(fields.length(brush.x, brush.y - 0.5) - 0.5)
    if brush.flat:
        return [(brush.first * torch.where(nx * (brush.light or 1) + ny > 0.1, 1.0, 0.85), cover)]
    light = 0.34 + 0.85 * (nx * brush.light * 0.55 + ny * 0.5 + nz * 0.62).clamp(0, 1)
    shine = 0.55 * torch.exp(-((nx - brush.light * 0.38) ** 2 + (ny - 0.42) ** 2) / 0.018)
    bounce = 0.14 * (-ny).clamp(0, 1) * (1 - nz)
    return [(brush.first * (light + bounce) + shine, cover)]


def potted_plant(brush: Brush) -> list[Layer]:
    layers: list[Layer] = []
    leaves = (
        (-1.05, 0.55),
        (1.05, 0.55),
        (-0.62, 0.78),
        (0.62, 0.78),
        (-0.25, 0.9),
        (0.28, 0.88),
        (0.0, 1.0),
    )
    for number, (angle, size) in enumerate(leaves):
        x, y = turned(brush.x, brush.y - 0.55, angle + 0.10 * math.sin(brush.phase * 3 + number))
        shape = ellipse(x, y - size * 0.5, 0.115 + 0.05 * (y / size).clamp(0, 1), size * 0.52)
        shade: Number = 0.8 + 0.35 * torch.sigmoid(x / 0.02) + 0.25 * (y / size)
        shade = 1 + 0.25 * (number % 2) if brush.flat else shade * (0.78 + 0.07 * number)
        vein = (1 - 0.25 * torch.exp(-((x / 0.008) ** 2))) if not brush.flat else 1.0
        layers.append((LEAF * shade * vein, brush.cover(shape * 0.8)))
    return [
        *layers,
        round_body(
            brush, lambda height: 0.28 + 0.10 * (height / 0.6).clamp(0, 1), 0.0, 0.56, brush.first, gloss=0.12
        ),
        round_body(brush, straight(0.41), 0.54, 0.66, brush.first * 1.02, gloss=0.12),
    ]


def cosmetic_jar(brush: Brush) -> list[Layer]:
    return [
        round_body(brush, straight(0.52), 0.0, 0.42, brush.first),
        label(brush, 0.522, 0.16, 0.30, PAPER * 0.8 + brush.first * 0.2),
        round_body(brush, straight(0.50), 0.42, 0.46, brush.first * 0.6),
        round_body(brush, straight(0.54), 0.46, 0.71, brush.second, gloss=0.5),
        disc(brush, 0.71, 0.54, (brush.second * 1.12).clamp(max=1)),
    ]


def shopping_bag(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    handle = ellipse(x, y - 1.0, 0.2, 0.27).abs() - 0.022
    body = torch.maximum(x.abs() - (0.46 + 0.02 * y), (y - 0.52).abs() - 0.52)
    fold = torch.where(x * (-brush.light or 1.0) > 0.30, 0.84, 1.0)
    shade = torch.ones_like(x) if brush.flat else (0.92 + 0.16 * x * brush.light + 0.05 * (y - 0.5)) * fold
    return [
        (brush.second * 0.8, brush.cover(handle)),
        (brush.first * shade, brush.cover(body)),
        (brush.first * 0.75, brush.cover(box(x, y - 1.025, 0.47, 0.012)) * (0.0 if brush.flat else 0.6)),
        (brush.second, brush.cover(fields.heart(x / 0.4, (y - 0.5) / 0.4) * 0.4)),
    ]


def love_heart(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    distance = fields.heart(x, y - 0.55)
    if brush.flat:
        return [(brush.first * torch.where(x * (brush.light or 1) > 0, 1.0, 0.9), brush.cover(distance))]
    depth = (-distance / 0.33).clamp(0, 1)
    round_off = torch.sqrt(1 - (1 - depth) ** 2 + 1e-6)
    light = 0.50 + 0.5 * round_off + 0.22 * x * brush.light + 0.18 * (y - 0.55)
    shine = 0.5 * torch.exp(-((x - brush.light * 0.24) ** 2 + (y - 0.88) ** 2) / 0.012)
    return [(brush.first * light + shine, brush.cover(distance))]


def balloon(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    thread = torch.maximum(
        (x - 0.03 * torch.sin(y * 9 + brush.phase * 3)).abs() - 0.007, torch.maximum(-y, y - 0.45)
    )
    wide = 0.46 * (1 + 0.10 * (y - 1.0))
    nx, ny = x / wide, (y - 1.0) / 0.55
    out = fields.length(nx, ny)
    knot = torch.maximum(x.abs() - 0.05 * (0.5 - (y - 0.42) / 0.1), (y - 0.42).abs() - 0.05)
    if brush.flat:
        skin = brush.first * torch.where(nx * (brush.light or 1) + ny > 0, 1.0, 0.88)
    else:
        nz = torch.sqrt((1 - out * out).clamp(min=0))
        light = 0.42 + 0.72 * (nx * brush.light * 0.5 + ny * 0.4 + nz * 0.7).clamp(0, 1)
        shine = 0.6 * torch.exp(-((nx - brush.light * 0.35) ** 2 / 0.02 + (ny - 0.45) ** 2 / 0.05))
        skin = brush.first * light + shine
    return [
        (colour(0.75, 0.75, 0.75), brush.cover(thread)),
        (brush.first * 0.7, brush.cover(knot)),
        (skin, brush.cover((out - 1) * 0.45)),
    ]


OBJECTS: dict[str, Outline] = {
    "bottle": Outline(bottle, 0.36, 1.76, 0.33),
    "vase": Outline(vase, 0.48, 1.26, 0.28),
    "coffee cup": Outline(coffee_cup, 0.80, 0.92, 0.38),
    "gift box": Outline(gift_box, 0.57, 1.24, 0.50),
    "cake": Outline(cake, 0.64, 0.74, 0.62),
    "candle": Outline(candle, 0.36, 1.30, 0.30),
    "sphere": Outline(sphere, 0.52, 1.02, 0.28),
    "potted plant": Outline(potted_plant, 0.72, 1.66, 0.29),
    "cosmetic jar": Outline(cosmetic_jar, 0.56, 0.82, 0.52),
    "shopping bag": Outline(shopping_bag, 0.50, 1.30, 0.46),
    "heart": Outline(love_heart, 0.62, 1.16, 0.16),
    "balloon": Outline(balloon, 0.50, 1.58, 0.10, floats=True),
}
