"""Flowers and leaves of the flat style, in a vase or a pot: see `bodies` for the coordinates."""

import math

import torch

from ..colours import of_hex
from .bodies import SHADE, SHINE, Brush, Layer, any_of, leaf, plain, shaded, tapered, within
from .fields import box, length, step, turned

GREEN, POLLEN = of_hex("#4c8a5b"), of_hex("#f7c948")
PLANT = (  # angle from upright, length, of each leaf; the last in front
    (-1.15, 0.62), (1.15, 0.62), (-0.35, 1.02), (0.38, 0.98), (-0.80, 0.82), (0.80, 0.80), (0.02, 1.08),
)  # fmt: skip
SPRIGS = ((-1.15, 0.78), (1.15, 0.78), (-0.72, 1.02), (0.74, 1.00), (-0.24, 1.10), (0.28, 1.10))
FLOWERS = (  # x, y, radius, how much lighter, petals
    (-0.44, 1.06, 0.21, -0.07, 6), (0.45, 1.08, 0.21, -0.07, 6), (0.02, 1.54, 0.22, -0.07, 6),
    (-0.30, 1.38, 0.22, 0.07, 5), (0.34, 1.40, 0.20, 0.07, 5), (-0.20, 0.96, 0.19, 0.07, 5),
    (0.22, 0.94, 0.19, 0.0, 6), (0.03, 1.20, 0.27, 0.0, 7),
)  # fmt: skip


def bouquet(brush: Brush) -> list[Layer]:
    layers = [part for angle, size in SPRIGS for part in _blade(brush, 0.66, angle, size, 0.11)]
    for flower in FLOWERS:
        layers += _flower(brush, *flower)
    return [*layers, *_vase(brush)]


def _vase(brush: Brush) -> list[Layer]:
    x, y = brush.x, brush.y
    radius = 0.16 + 0.17 * torch.exp(-(((y - 0.32) / 0.30) ** 2)) + 0.06 * step(0.62, 0.80, y)
    body = within(x.abs() - radius, box(x, y - 0.40, 0.40, 0.40, 0.02))
    return [
        *shaded(brush, brush.second, body, 0.10),
        *shaded(brush, brush.second, within(body, (y - 0.32).abs() - 0.10), 0.10, SHADE / 2),
    ]


def _flower(brush: Brush, x: float, y: float, radius: float, lighter: float, petals: int) -> list[Layer]:
    dx, dy = turned(brush.x - x, brush.y - y, x * 5 + y * 3)
    half = math.pi / petals
    angle = torch.remainder(torch.atan2(dx, dy), 2 * half) - half
    out = length(dx, dy)
    petal = length(out * torch.sin(angle), out * torch.cos(angle) - 0.60 * radius) - 0.40 * radius
    inner = length(dx, dy) - 0.42 * radius
    return [
        plain(brush, brush.first, any_of(petal, inner), lighter),
        plain(brush, brush.first, inner, lighter + SHADE),
        plain(brush, POLLEN, out - 0.22 * radius),
    ]


def potted_plant(brush: Brush) -> list[Layer]:
    layers: list[Layer] = []
    for number, (angle, size) in enumerate(PLANT):
        layers += _blade(brush, 0.56, angle + 0.06 * math.sin(3 * brush.phase + number), size, 0.15)
    pot, rim = tapered(brush, 0.0, 0.50, 0.28, 0.36), box(brush.x, brush.y - 0.55, 0.40, 0.075, 0.015)
    zigzag = (torch.remainder(brush.x * 8, 2) - 1).abs() * 0.11
    band = (brush.y - 0.18 - zigzag).abs() - 0.04
    return [
        *layers,
        *shaded(brush, brush.first, pot, 0.13),
        *shaded(brush, brush.second, within(pot, band), 0.13),
        *shaded(brush, brush.first, rim, 0.15, SHINE / 2),
    ]


def _blade(brush: Brush, foot: float, angle: float, size: float, half_width: float) -> list[Layer]:
    """A leaf out of a pot's mouth, one half of it in shade, on a stem."""
    x, y = turned(brush.x, brush.y - foot, -angle)
    outline = leaf(x, y - 0.58 * size, half_width, 0.42 * size)
    stem = box(x, y - 0.25 * size, 0.014, 0.30 * size)
    return [
        plain(brush, GREEN, stem, 2 * SHADE),
        plain(brush, GREEN, outline),
        plain(brush, GREEN, within(outline, brush.light * x), SHADE),
    ]
