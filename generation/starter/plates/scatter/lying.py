"""All that lies there: its shadows first, then each piece in its place among the things."""

from collections.abc import Sequence

import numpy as np

from ..backdrop import Framing
from ..plate import Mixture
from . import flame, patch, shadow
from .finish import Around
from .piece import Piece
from .pose import Floats
from .sources import panels, sources
from .window import on_canvas

LEAST = 0.02  # of light
DARKEST = 0.35  # of an open place, in the shadow of a thing
# By its radius, where the light on it is taken.
AROUND = np.array([(0, 0, 0), (-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0)])


class Lying:
    """Pieces that wait to be drawn, from the back to the front."""

    def __init__(self, framing: Framing, pieces: Sequence[Piece], mixture: Mixture, floor: Floats) -> None:
        """floor: its colour (3,)."""
        self._framing, self._mixture, self._floor = framing, mixture, floor.astype(np.float32)
        self._left, self._panels = list(pieces), panels(mixture)
        self._around: dict[int, Around] = {}

    def shade(self, light: Floats) -> None:
        """Throws shadows on what comes to the floor, (h, w, 3), in place."""
        self._around = {id(piece): self._lit(piece, light) for piece in self._left}
        for piece in self._left:
            shadow.thrown(light, self._framing, piece, self._around[id(piece)].sources)
        for piece in self._left:
            flame.on_floor(light, self._framing, piece)

    def stand(self, picture: Floats, beyond: float = -np.inf) -> None:
        """Draws all that lies further back than a depth, in place."""
        while self._left and self._left[0].at[1] > beyond:
            piece = self._left.pop(0)
            patch.drawn(picture, self._framing, piece, self._around[id(piece)])
            flame.in_air(picture, self._framing, piece)

    def _lit(self, piece: Piece, light: Floats) -> Around:
        """By what the floor there has, before its own shadow falls on it."""
        point = np.array([*piece.at, 0], np.float32)
        here = self._at(light, point + AROUND * piece.radius).mean(0)
        lamps = sources(self._mixture, self._panels, point)
        open_ = lamps.given(np.array([[0, 0, 1]], np.float32))[0]
        factor = np.maximum(here / np.maximum(open_, LEAST), DARKEST)
        return Around(point, lamps, self._panels, self._floor, factor.astype(np.float32))

    def _at(self, light: Floats, points: Floats) -> Floats:
        high, wide, _ = light.shape
        across, down = on_canvas(self._framing, points)
        return light[np.clip(down, 0, high - 1).astype(int), np.clip(across, 0, wide - 1).astype(int)]
