"""Repeats: stripes, polka dots, checks, rays."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ..scene import Scene
from .backdrop import ANGLES, Source, between, depth_of, from_middle
from .fields import (
    Band,
    blend,
    edge,
    lab,
    length,
    over,
)


def repeat(band: Band, scene: Scene, source: Source) -> Tensor:
    count, depth = between(4, 8, scene.pose["density"]), depth_of(scene)
    out = REPEATS[scene["kind"]](band, scene, count)
    t = (from_middle(band) / 1.5).clamp(0, 1)
    front, ground = (
        blend(lab(scene.colour(slot), 0.02 * depth), lab(scene.colour(slot), -0.04 * depth), t)
        for slot in ("c1", "bg")
    )
    return over(ground, front, edge(out, band.pixel * 1.2))


def _stripes(band: Band, scene: Scene, count: float) -> Tensor:
    angle = ANGLES[scene["direction"]] * math.pi
    across = (band.x * math.cos(angle) + band.y * math.sin(angle)) * count * 0.5
    return ((torch.remainder(across, 1) - 0.5).abs() - 0.25) / count * 2


def _polka_dots(band: Band, scene: Scene, count: float) -> Tensor:
    x, y = band.x * count * 0.5, band.y * count * 0.5
    x = x + 0.5 * torch.remainder(torch.floor(y), 2)
    radius = between(0.18, 0.32, scene.pose["scale"])
    return (length(torch.remainder(x, 1) - 0.5, torch.remainder(y, 1) - 0.5) - radius) / count * 2


def _checkered(band: Band, scene: Scene, count: float) -> Tensor:
    side = 2 / count
    x = (torch.remainder(band.x / side, 2) - 1).abs() - 0.5
    y = (torch.remainder(band.y / side, 2) - 1).abs() - 0.5
    return torch.where(x * y > 0, -1.0, 1.0) * torch.minimum(x.abs(), y.abs()) * side


def _sunburst(band: Band, scene: Scene, count: float) -> Tensor:
    middle = between(-0.2, 1.1, scene.pose["decor b"]) * band.half_height
    angle, far = torch.atan2(band.x, middle - band.y), length(band.x, band.y - middle)
    rays = round(between(8, 14, scene.pose["density"]))
    return -torch.sin(angle * rays) * far / rays


REPEATS: dict[str, Callable[[Band, Scene, float], Tensor]] = {
    "stripes": _stripes, "polka dots": _polka_dots, "checkered": _checkered, "sunburst": _sunburst,
}  # fmt: skip
