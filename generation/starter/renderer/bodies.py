"""What flat things are made of: outlines filled with one tone of a colour, their far side a tone darker.

A thing is seen from straight ahead, in its own coordinates: x to the right, y up, its foot at y = 0.
A layer is a colour, linear RGB (3, 1, 1), and its cover, a field.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..colours import OKLab
from .fields import Number, edge, length, paint

Layer = tuple[Tensor, Tensor]
SHADE, SHINE = -0.07, 0.06  # in lightness, OKLab


@dataclass(frozen=True, slots=True)
class Brush:
    """x, y: fields; pixel: a pixel's side; light: -1 from the left, 1 from the right; first, second: the
    thing's colours; phase: -1..1.
    """

    x: Tensor
    y: Tensor
    pixel: float
    light: float
    first: OKLab
    second: OKLab
    phase: float

    def cover(self, distance: Tensor) -> Tensor:
        return edge(distance, self.pixel * 1.2)


def plain(brush: Brush, colour: OKLab, outline: Tensor, lighter: float = 0.0) -> Layer:
    return paint(colour, lighter), brush.cover(outline)


def shaded(brush: Brush, colour: OKLab, outline: Tensor, turn: float, lighter: float = 0.0) -> list[Layer]:
    """The outline, and in shade what of it lies farther than `turn` from the middle on the dark side."""
    far = torch.maximum(outline, turn + brush.light * brush.x)
    return [plain(brush, colour, outline, lighter), plain(brush, colour, far, lighter + SHADE)]


def within(*outlines: Tensor) -> Tensor:
    """What all outlines have in common."""
    return torch.stack(torch.broadcast_tensors(*outlines)).amax(0)


def any_of(*outlines: Tensor) -> Tensor:
    return torch.stack(torch.broadcast_tensors(*outlines)).amin(0)


def between_heights(brush: Brush, low: Number, high: Number) -> Tensor:
    return torch.maximum(low - brush.y, brush.y - high)


def tapered(brush: Brush, low: float, high: float, foot_width: float, top_width: float) -> Tensor:
    """A trapezium from `low` to `high`; half its width at either end."""
    slope = (top_width - foot_width) / (high - low)
    side = (brush.x.abs() - foot_width - (brush.y - low) * slope) / (1 + slope * slope) ** 0.5
    return torch.maximum(side, between_heights(brush, low, high))


def leaf(x: Tensor, y: Tensor, half_width: float, half_length: float) -> Tensor:
    """Where two circles meet, its tips on the y axis."""
    radius = (half_width**2 + half_length**2) / (2 * half_width)
    return length(x.abs() + radius - half_width, y) - radius
