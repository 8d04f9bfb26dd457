"""Labels round walls, and lines printed on them."""

import numpy as np
from numpy.typing import ArrayLike

from .curves import step
from .mesh import Floats, Mesh
from .surfaces import of_rows

HEM = 0.004  # the share of a label next to its edge that bends down to the wall


def wrapped(
    radius: float | tuple[float, float],
    low: float,
    high: float,
    half: float,
    *,
    facing: float = 0.0,
    corner: float = 0.0,
    thickness: float = 0.008,
    points: tuple[int, int] = (140, 200),
) -> tuple[Mesh, Floats]:
    """A label round a wall about the z axis, and where on it each point is. radius: of the wall, one or those
    below and above. half: degrees to either side. facing: degrees to the right of the camera. corner: the
    radius of its corners.
    """
    v, u = np.meshgrid(*(_hemmed(count) for count in points), indexing="ij")
    below, above = radius if isinstance(radius, tuple) else (radius, radius)
    inset = corner_inset(np.minimum(v, 1 - v) * (high - low), corner)
    angle = np.radians(facing - 90) + (np.radians(half) - inset / below) * (2 * u - 1)
    is_edge = np.ones(u.shape, bool)
    is_edge[1:-1, 1:-1] = False
    reach = below + (above - below) * v + np.where(is_edge, -0.002, thickness)
    rows = np.stack([reach * np.cos(angle), reach * np.sin(angle), low + (high - low) * v], -1)
    along = (angle - np.radians(facing - 90)) / np.radians(half) / 2 + 0.5
    return of_rows(rows, is_ring=False), np.c_[along.ravel(), v.ravel()]


def corner_inset(distance: ArrayLike, corner: float) -> Floats:
    """How far a rounded side stays back, at a distance from the end of the side."""
    left = np.clip(corner - np.asarray(distance, float), 0, corner)
    return corner - np.sqrt(corner**2 - left**2)


def framed(artwork: Floats, width: float, height: float, inset: float, line: float) -> Floats:
    """How much of each point of a label (n,) is a line of a width along its edge, `inset` from it."""
    to_edge = np.minimum(artwork, 1 - artwork) * [width, height]
    return lined(to_edge.min(1), inset, line)


def lined(at: ArrayLike, middle: float, line: float) -> Floats:
    """How much is on a line, `line` wide, of points at distances."""
    return 1 - step(np.abs(np.asarray(at, float) - middle), 0.35 * line, 0.65 * line)


def _hemmed(count: int) -> Floats:
    return np.r_[0, 0, HEM, np.linspace(HEM, 1 - HEM, count)[1:-1], 1 - HEM, 1, 1]
