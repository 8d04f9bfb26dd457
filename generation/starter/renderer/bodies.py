"""Bodies of revolution seen from a little above, and how light falls on them.

An object is drawn in its own coordinates: X to the right, Y up, its foot at Y = 0. A layer is a colour and
its cover.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .fields import edge, ellipse, step

Layer = tuple[Tensor, Tensor]
Profile = Callable[[Tensor], Tensor]
TILT = 0.16  # a circle's height over its width, as seen


@dataclass(frozen=True, slots=True)
class Brush:
    """X, Y: fields; pixel: a pixel's side; light: -1 left, 0 above, 1 right; first, second: linear colours;
    phase: -1..1.
    """

    x: Tensor
    y: Tensor
    pixel: float
    light: float
    flat: bool
    first: Tensor
    second: Tensor
    phase: float

    def cover(self, distance: Tensor) -> Tensor:
        return edge(distance, self.pixel * 1.2)


def straight(radius: float) -> Profile:
    return lambda height: torch.full_like(height, radius)


def round_body(
    brush: Brush, profile: Profile, low: float, high: float, colour: Tensor, gloss: float = 0.35
) -> Layer:
    """A closed body from `low` to `high`: side, rounded foot and the far half of its rim, in one outline."""
    y = brush.y.clamp(low, high)
    radius = profile(y).clamp(min=1e-3)
    side = torch.maximum(brush.x.abs() - radius, torch.maximum(low - brush.y, brush.y - high))
    outline = torch.minimum(side, torch.minimum(_ring(brush, profile, low), _ring(brush, profile, high)))
    return lit(brush, colour, (brush.x / radius).clamp(-1, 1), gloss), brush.cover(outline)


def label(brush: Brush, radius: float, low: float, high: float, colour: Tensor, gloss: float = 0.1) -> Layer:
    """A band around a cylinder, its edges curved as the eye sees them."""
    u = (brush.x / radius).clamp(-1, 1)
    height = brush.y + TILT * radius * torch.sqrt(1 - u * u)
    inside = torch.maximum(brush.x.abs() - radius, torch.maximum(low - height, height - high))
    return lit(brush, colour, u, gloss), brush.cover(inside)


def disc(brush: Brush, height: float, radius: float, colour: Tensor) -> Layer:
    """A level circle, seen from above."""
    shade = 1.0 if brush.flat else 1.0 + 0.10 * (brush.x / radius * brush.light).clamp(-1, 1)[None]
    return (colour * shade).expand(3, *brush.x.shape), brush.cover(
        ellipse(brush.x, brush.y - height, radius, radius * TILT)
    )


def lit(brush: Brush, colour: Tensor, u: Tensor, gloss: float) -> Tensor:
    """Light on a cylinder's side; u: -1..1 across it."""
    if brush.flat:
        toward = brush.light or 1.0
        return colour * torch.where(u * toward > 0.15, 1.0, 0.86)
    facing = torch.sqrt((1 - u * u).clamp(min=0))
    diffuse = 0.40 + 0.72 * (u * brush.light * 0.72 + facing * 0.74).clamp(0, 1)
    # Light thrown back by the wall on the dark side keeps the body round.
    bounce = 0.10 * (-u * (brush.light or 0.6)).clamp(0, 1) ** 2
    shine = gloss * torch.exp(-(((u - brush.light * 0.5) / 0.13) ** 2)) * (abs(brush.light) * 0.9 + 0.1)
    return colour * (diffuse + bounce) + shine * (0.6 + 0.4 * colour)


def ball(brush: Brush, height: float, radius: float, stretch: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    """Where a ball's surface faces: x, y (up) and z, each -1..1."""
    nx, ny = brush.x / radius, (brush.y - height) / (radius * stretch)
    return nx, ny, torch.sqrt((1 - nx * nx - ny * ny).clamp(min=0))


def eased(low: float, high: float, t: Tensor) -> Tensor:
    return low + (high - low) * step(0, 1, t)


def _ring(brush: Brush, profile: Profile, height: float) -> Tensor:
    radius = float(profile(torch.tensor([height])))
    return ellipse(brush.x, brush.y - height, radius, radius * TILT)
