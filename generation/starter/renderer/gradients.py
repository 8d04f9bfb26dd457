"""Gradients between the colours of a scene."""

import math

import torch
from torch import Tensor

from ..scene import Scene
from .backdrop import ANGLES, Source, between, draw_number
from .fields import (
    Band,
    blend,
    lab,
    length,
    linear,
    step,
)


def straight(band: Band, scene: Scene, source: Source) -> Tensor:
    angle = ANGLES[scene["direction"]] * math.pi + 0.18 * scene.pose["sweep"]
    x, y = band.x / band.half_width, band.y / band.half_height
    bend = 0.06 * torch.sin(3 * x * math.sin(angle) + 3 * scene.pose["phase"])
    t = (x * math.cos(angle) + y * math.sin(angle)) / 2.6 + 0.5 + bend
    return blend(lab(scene.colour("bg")), lab(scene.colour("c1")), step(0, 1, t))


def radial(band: Band, scene: Scene, source: Source) -> Tensor:
    x = band.x - 0.5 * scene.pose["decor a"] * band.half_width
    y = band.y - 0.5 * scene.pose["decor b"] * band.half_height
    reach = between(1.1, 1.5, scene.pose["scale"]) * max(band.half_width, band.half_height) ** 0.5
    return blend(lab(scene.colour("bg")), lab(scene.colour("c1")), step(0, 1, length(x, y) / reach))


def mesh(band: Band, scene: Scene, source: Source) -> Tensor:
    ground, first, second = (lab(scene.colour(slot)) for slot in ("bg", "c1", "c2"))
    x, y = band.x / band.half_width, band.y / band.half_height
    total, weights = ground * 0.35, torch.full_like(band.x, 0.35)
    for number in range(6):
        cx, cy, size = draw_number(source, -1, 1), draw_number(source, -1, 1), draw_number(source, 0.35, 0.6)
        near = ((x - cx + 0.15 * torch.sin(y * 2 + cx * 5)) ** 2 + (y - cy) ** 2) / (2 * size * size)
        weight = 1.5 * torch.exp(-near)
        total = total + (first, second, ground)[number % 3] * weight
        weights = weights + weight
    return linear(total / weights)
