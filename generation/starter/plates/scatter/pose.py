"""How a shape lies: from the world to its own units and back."""

from dataclasses import dataclass, replace

import numpy as np

Floats = np.ndarray


@dataclass(frozen=True, eq=False)
class Pose:
    """origin: (3,) of the world; axes: (3, 3), its own directions one a row; half: (3,), how long its units
    are along them.
    """

    origin: Floats
    axes: Floats
    half: Floats

    def inward(self, points: Floats) -> Floats:
        return self.inward_ways(points - self.origin)

    def inward_ways(self, ways: Floats) -> Floats:
        return ways.astype(np.float32) @ (self.axes.T / self.half).astype(np.float32)

    def outward(self, points: Floats) -> Floats:
        return (points * self.half) @ self.axes + self.origin

    def facing(self, normals: Floats) -> Floats:
        """Of the world, of length 1."""
        turned = (normals / self.half) @ self.axes
        return unit(turned).astype(np.float32)

    def moved(self, way: Floats) -> "Pose":
        return replace(self, origin=self.origin + way)


def dot(one: Floats, other: Floats) -> Floats:
    """Of each two vectors (..., 3)."""
    return np.einsum("...i,...i->...", one, other)


def unit(vectors: Floats) -> Floats:
    return vectors / np.maximum(np.sqrt(dot(vectors, vectors)), 1e-9)[..., None]


def turned(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> Floats:
    """Axes (3, 3): rolled about their first, pitched about their second, turned about the upright one."""
    (c, s), (d, t), (e, r) = ((np.cos(a), np.sin(a)) for a in (yaw, pitch, roll))
    about_z = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    about_y = np.array([[d, 0, t], [0, 1, 0], [-t, 0, d]])
    about_x = np.array([[1, 0, 0], [0, e, -r], [0, r, e]])
    return (about_z @ about_y @ about_x).T
