"""Layers of cut paper: waves, a frame of them, mountains."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..scene import Scene
from .backdrop import Source, between, depth_of, draw_number
from .fields import Band, blend, blurred, edge, lab, length, over, paint, turned

Ridge = Callable[[Tensor], Tensor]
SHEETS = 6


def waves(band: Band, scene: Scene, source: Source) -> Tensor:
    picture = _sky(band, scene)
    angle = {"diagonal": 0.55, "antidiagonal": -0.55}.get(scene["direction"], 0.0)
    x, y = turned(band.x, band.y / band.half_height, angle)
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        base = -0.25 + 1.15 * t + draw_number(source, -0.05, 0.05) + 0.12 * scene.pose["horizon"]
        picture = _sheet(band, picture, scene, y, base + _swell(source)(x), t)
    return picture


def frame(band: Band, scene: Scene, source: Source) -> Tensor:
    picture, y = _sky(band, scene), band.y / band.half_height
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        for side in (1, -1):
            base = 0.44 + 0.53 * t + draw_number(source, -0.05, 0.05)
            picture = _sheet(band, picture, scene, y * side, base + 0.7 * _swell(source)(band.x), t)
    return picture


def mountains(band: Band, scene: Scene, source: Source) -> Tensor:
    picture, pose, depth = _sky(band, scene), scene.pose, depth_of(scene)
    x = band.x - 0.5 * pose["decor a"] * band.half_width
    y = band.y - between(-0.55, -0.25, pose["decor b"]) * band.half_height
    radius = between(0.16, 0.28, pose["scale"])
    picture = picture * (1 - 0.18 * depth * blurred(length(x - 0.02, y - 0.05) - radius, 0.08))
    picture = over(picture, paint(scene.colour("c2")), edge(length(x, y) - radius, band.pixel))
    for number in range(SHEETS):
        t = number / (SHEETS - 1)
        base = -0.15 + 1.05 * t + draw_number(source, -0.05, 0.05) + 0.12 * pose["horizon"]
        ridge = base + _peaks(source, 1 - t * 0.45)(band.x)
        picture = _sheet(band, picture, scene, band.y / band.half_height, ridge, t)
    return picture


def _sky(band: Band, scene: Scene) -> Tensor:
    ground, depth = scene.colour("bg"), 0.03 * depth_of(scene)
    return blend(lab(ground, depth), lab(ground, -depth), band.y / band.half_height * 0.5 + 0.5)


def _swell(source: Source) -> Ridge:
    big, small = draw_number(source, 0.06, 0.15), draw_number(source, 0.02, 0.06)
    slow, quick = draw_number(source, 1.6, 3.4), draw_number(source, 4, 6.5)
    one, two = draw_number(source, 0, 6.28), draw_number(source, 0, 6.28)
    return lambda x: big * torch.sin(x * slow + one) + small * torch.sin(x * quick + two)


def _peaks(source: Source, height: float) -> Ridge:
    stretch, place = draw_number(source, 0.8, 1.6), draw_number(source, 0, 3)

    def zigzag(q: Tensor) -> Tensor:
        return (torch.remainder(q, 2) - 1).abs() * 2 - 1

    def ridge(x: Tensor) -> Tensor:
        q = x * stretch + place
        return 0.24 * height * zigzag(q) + 0.10 * zigzag(q * 2.3 + 1) + 0.02 * torch.sin(q * 9)

    return ridge


def _sheet(band: Band, picture: Tensor, scene: Scene, y: Tensor, ridge: Tensor, t: float) -> Tensor:
    """One sheet below `ridge`, with its shadow on the sheets behind; t: 0 farthest, 1 nearest."""
    depth = depth_of(scene)
    picture = picture * (1 - 0.34 * depth * torch.sigmoid((y - ridge + 0.015) / 0.035))
    far, near = torch.tensor(scene.colour("bg")), torch.tensor(scene.colour("c1"))
    share = 0.45 + 0.55 * t
    mixed = tuple((near * share + far * (1 - share)).tolist())
    colour = paint(mixed, 0.036 * (1 - 2 * t) * depth)
    shade = 1.02 - 0.02 * (1 - depth) - depth * 0.06 * (y - ridge).clamp(0, 1)
    return over(picture, colour * shade, edge(ridge - y, band.pixel * 1.1))
