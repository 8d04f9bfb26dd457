"""One thing that lies there, made of parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .finish import Sheen
from .pose import Floats, Pose
from .surface import Met, Shell

Skin = Callable[[Floats], tuple[Floats, Floats]]  # of spots: colours (n, 3), and what is added to normals


@dataclass(frozen=True, eq=False)
class Body:
    pose: Pose
    surface: Shell
    skin: Skin
    finish: Sheen

    def met(self, origin: Floats, way: Floats) -> Met:
        """Of rays of the world: away in lengths of their ways, margins in units of the world. origin, way:
        (n, 3), or (1, 3) where it is the same for all.
        """
        found = self.surface.met(self.pose.inward(origin), self.pose.inward_ways(way))
        return replace(found, margin=found.margin * self._unit)

    def crossed(self, origin: Floats, way: Floats) -> tuple[Floats, Floats]:
        """The away and the margin alone."""
        away, margin = self.surface.crossed(self.pose.inward(origin), self.pose.inward_ways(way))
        return away, margin * self._unit

    @property
    def _unit(self) -> np.float32:
        return np.float32(self.pose.half.mean())

    @cached_property
    def girth(self) -> float:
        """Half of how wide and deep it is, in the mean."""
        return float(np.sort(np.ptp(self.samples, 0) / 2)[1:].mean())

    @cached_property
    def middle(self) -> Floats:
        return self.samples.mean(0).astype(np.float32)

    @cached_property
    def reach(self) -> np.float32:
        """From its middle to what is furthest off."""
        return np.float32(np.linalg.norm(self.samples - self.middle, axis=1).max())

    @cached_property
    def samples(self) -> Floats:
        return self.pose.outward(self.surface.samples())

    def moved(self, way: Floats) -> "Body":
        return replace(self, pose=self.pose.moved(way))


@dataclass(frozen=True, eq=False)
class Piece:
    """at: where on the floor. light: (3,) of its own flame, which stands at a height."""

    parts: Sequence[Body]
    at: tuple[float, float] = (0.0, 0.0)
    flame: tuple[float, float] | None = None  # its height over the floor, and its size

    @cached_property
    def samples(self) -> Floats:
        """(m, 3): points of the world that stand for all of it."""
        return np.concatenate([part.samples for part in self.parts])

    @cached_property
    def radius(self) -> float:
        """Round where it lies, seen from above."""
        return float(np.sort(np.hypot(*(self.samples[:, :2] - self.at).T))[int(0.9 * len(self.samples))])

    def moved(self, x: float, y: float) -> "Piece":
        by = np.array([x - self.at[0], y - self.at[1], 0])
        return Piece([part.moved(by) for part in self.parts], (x, y), self.flame)


def rested(parts: Sequence[Body], sunk: float = 0.0) -> list[Body]:
    """So that the lowest lies on the floor, or as much below."""
    low = min(part.samples[:, 2].min() for part in parts)
    return [part.moved(np.array([0, 0, -low - sunk])) for part in parts]
