"""What all kinds have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ... import srgb
from ..piece import Piece
from ..pose import Floats

Make = Callable[[np.random.Generator, float, Floats], Piece]  # of half a length in units, and a colour (3,)


@dataclass(frozen=True, slots=True)
class Sort:
    """length: in metres; sizes: by what share one differs from another; count: as many as usual; spread: how
    far from the thing most lie, in units; apart: of two radii, how near two may lie; colours: those it has
    where none is asked for; stray: the share that lie anywhere round the thing; is_whole: whether none is cut
    by the canvas's edge.
    """

    make: Make
    length: float
    count: int
    colours: Sequence[str]
    sizes: tuple[float, float] = (0.85, 1.15)
    spread: float = 0.55
    apart: float = 0.95
    stray: float = 0.3
    is_whole: bool = False


def varied(random: np.random.Generator, colour: Floats, much: float) -> Floats:
    """A little lighter or darker, and a little off in hue."""
    return np.clip(colour * np.exp(random.normal(0, much)) * np.exp(random.normal(0, much / 4, 3)), 0, 0.95)


def light_of(colour: str) -> Floats:
    return srgb.of_hex(colour)
