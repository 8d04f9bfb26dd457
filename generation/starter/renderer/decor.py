"""What is on the wall behind a flat thing, in the thing's own coordinates: an arch or a disc around it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ..colours import OKLab
from .bodies import SHADE, Brush, Layer, plain, within
from .fields import length

KNOWN = ("arch", "niche", "disc")
ARCH_AIR, ARCH_HEADROOM = 0.20, 0.26  # between the thing and the arch
DISC_AIR = 0.12
DISC_MIDDLE, LEAST_DISC = 0.56, 0.60  # of the thing's height
REVEAL = 0.07  # how deep a niche looks


@dataclass(frozen=True, slots=True)
class Size:
    """reach: half its width; height: from where it stands."""

    reach: float
    height: float


def surrounding(decor: str, thing: Size) -> Size:
    """What a thing and the decor around it fill together."""
    if decor == "disc":
        radius = _disc_radius(thing)
        return Size(radius, DISC_MIDDLE * thing.height + radius)
    return _arch_size(thing) if decor in KNOWN else thing


def layers(decor: str, brush: Brush, thing: Size, horizon: float, colour: OKLab) -> list[Layer]:
    """Of one of KNOWN; horizon: y where the wall meets the floor."""
    if decor == "disc":
        disc = length(brush.x, brush.y - DISC_MIDDLE * thing.height) - _disc_radius(thing)
        return [plain(brush, colour, within(disc, horizon - brush.y))]
    return _arch(brush, _arch_size(thing), horizon, colour, is_niche=decor == "niche")


def _arch(brush: Brush, size: Size, horizon: float, colour: OKLab, is_niche: bool) -> list[Layer]:
    opening = within(_opening(brush.x, brush.y, size), horizon - brush.y)
    if not is_niche:
        return [plain(brush, colour, opening)]
    back = _opening(brush.x - REVEAL * brush.light, brush.y, size)
    return [plain(brush, colour, opening, SHADE), plain(brush, colour, within(opening, back))]


def _opening(x: Tensor, y: Tensor, size: Size) -> Tensor:
    spring = size.height - size.reach
    return torch.where(y < spring, x.abs() - size.reach, length(x, y - spring) - size.reach)


def _arch_size(thing: Size) -> Size:
    reach = thing.reach + ARCH_AIR
    return Size(reach, max(thing.height + ARCH_HEADROOM, 1.4 * reach))


def _disc_radius(thing: Size) -> float:
    return max(thing.reach + DISC_AIR, LEAST_DISC * thing.height)
