"""A round body whose radius differs by direction: eggs, pumpkins, snow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .pose import Floats, dot, unit
from .surface import Met, sphere

Radius = Callable[[Floats], Floats]  # of directions (n, 3): (n,), 1 at most
ROUNDS = 7  # of coming nearer to where a ray meets it
STEP = 0.02  # for slopes


@dataclass(frozen=True, eq=False)
class Lump:
    radius: Radius

    def met(self, origin: Floats, way: Floats) -> Met:
        away, margin = self.crossed(origin, way)
        at = origin + away[:, None] * way
        return Met(away, margin, at.astype(np.float32), self._steepest(unit(at)))

    def crossed(self, origin: Floats, way: Floats) -> tuple[Floats, Floats]:
        square, middle = dot(way, way), dot(origin, way)
        closest = np.maximum(dot(origin, origin) - middle * middle / square, 0)
        reach = np.ones_like(square)
        away = half = reach
        for _ in range(ROUNDS):
            half = np.sqrt(np.maximum(reach * reach - closest, 0) / square)
            away = -middle / square - half
            reach = (reach + self.radius(unit(origin + away[:, None] * way))) / 2
        return away, np.where(away + 2 * half > 0, reach - np.sqrt(closest), -1)

    def _steepest(self, at: Floats) -> Floats:
        """(n, 3): square to the surface."""
        here = self.radius(at)
        slope = np.stack(
            [self.radius(unit(at + STEP * axis)) - here for axis in np.eye(3, dtype=np.float32)], -1
        )
        return at - slope / STEP / np.maximum(here, 0.2)[:, None]

    def samples(self) -> Floats:
        points = sphere().astype(np.float32)
        return points * self.radius(points)[:, None]
