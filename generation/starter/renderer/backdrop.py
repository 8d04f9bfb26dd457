"""What pictures share: chance, pose, depth, directions."""

import torch
from torch import Tensor

from ..scene import Scene
from .fields import Band, length

Source = torch.Generator
ANGLES = {"vertical": 0.0, "horizontal": 0.5, "diagonal": 0.25, "antidiagonal": -0.25}  # of pi


def draw_number(source: Source, low: float = 0.0, high: float = 1.0) -> float:
    return low + (high - low) * float(torch.rand((), generator=source))


def between(low: float, high: float, pose: float) -> float:
    """A pose value of -1..1 as a number of low..high."""
    return low + (high - low) * (pose + 1) / 2


def depth_of(scene: Scene) -> float:
    """0 in the flat style, where every colour is exactly itself."""
    return 0.0 if scene.is_flat else 1.0


def from_middle(band: Band) -> Tensor:
    return length(band.x / band.half_width, band.y / band.half_height)
