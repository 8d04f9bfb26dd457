"""Triangles, and what is done to all of them at once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]


class Mesh(NamedTuple):
    """points: (n, 3). faces: (m, 3) places of points, counterclockwise as seen from outside."""

    points: Floats
    faces: Integers

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> "Mesh":
        return self._replace(points=self.points + np.array([x, y, z]))

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> "Mesh":
        """One factor for all directions, or one each."""
        return self._replace(points=self.points * np.array([x, x if y is None else y, x if z is None else z]))

    def turned(self, degrees: float, axis: str = "z") -> "Mesh":
        """Counterclockwise about an axis through the origin, as seen from its positive end."""
        return self._replace(points=self.points @ turn(degrees, axis).T)

    def mirrored(self) -> "Mesh":
        """Left for right."""
        return Mesh(self.points * [-1, 1, 1], self.faces[:, ::-1])

    def flipped(self) -> "Mesh":
        """Inside out."""
        return self._replace(faces=self.faces[:, ::-1])

    def displaced(self, lengths: ArrayLike) -> "Mesh":
        """Each point along its normal by its own length."""
        return self._replace(points=self.points + normals(self) * np.asarray(lengths, float).reshape(-1, 1))


def turn(degrees: float, axis: str) -> Floats:
    """The matrix (3, 3) of a turn."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = cos
    matrix[first, second], matrix[second, first] = -sin, sin
    return matrix


def joined(meshes: Sequence[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(mesh.points) for mesh in meshes)])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=False)]),
    )


def normals(mesh: Mesh) -> Floats:
    """Of the points, (n, 3): the mean of those of their faces, larger ones counting for more."""
    a, b, c = (mesh.points[mesh.faces[:, corner]] for corner in range(3))
    of_faces = np.cross(b - a, c - a)
    total = np.zeros_like(mesh.points)
    for corner in range(3):
        np.add.at(total, mesh.faces[:, corner], of_faces)
    return total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-12)
