"""Surfaces round a field: where a function of space is 0, as of balls that run into each other."""

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from .mesh import Floats, Mesh

Field = Callable[[Floats], Floats]  # of points (n, 3): below 0 inside, above 0 outside


def surface(field: Field, low: ArrayLike, high: ArrayLike, cell: float) -> Mesh:
    """What a field encloses between two corners of a box, in cells of a size (surface nets: a point a cell,
    in the middle of where its edges are cut). The box must reach beyond the surface.
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    counts = np.ceil((high - low) / cell).astype(int) + 1
    grid = np.stack(np.meshgrid(*(np.arange(count) for count in counts), indexing="ij"), -1)
    values = field((low + grid * cell).reshape(-1, 3)).reshape(counts)
    inside = values < 0
    total, cuts = np.zeros((*(counts - 1), 3)), np.zeros(counts - 1)
    for axis, sides in product(range(3), product((0, 1), repeat=2)):
        near = _corners(values, axis, 0, sides)
        far = _corners(values, axis, 1, sides)
        is_cut = (near < 0) != (far < 0)
        at = np.zeros((*(counts - 1), 3))
        others = [other for other in range(3) if other != axis]
        at[..., axis] = np.where(is_cut, near / np.where(is_cut, near - far, 1), 0)
        for other, side in zip(others, sides, strict=True):
            at[..., other] = side
        total += at * is_cut[..., None]
        cuts += is_cut
    has_point = cuts > 0
    names = np.full(counts - 1, -1)
    names[has_point] = np.arange(has_point.sum())
    points = low + (grid[:-1, :-1, :-1][has_point] + total[has_point] / cuts[has_point][:, None]) * cell
    return Mesh(points, np.concatenate([_faces(inside, names, axis) for axis in range(3)]))


def smooth_union(*fields: Floats, blend: float) -> Floats:
    """Of values of fields: they run into each other over about `blend` units."""
    values = np.stack(fields)
    least = values.min(0)
    return least - blend * np.log(np.exp(-(values - least) / blend).sum(0))


def _corners(values: Floats, axis: int, end: int, sides: tuple[int, ...]) -> Floats:
    """Of each cell the value at one end of one of its edges along an axis."""
    offsets = list(sides)
    offsets.insert(axis, end)
    return values[tuple(slice(o, size - 1 + o) for o, size in zip(offsets, values.shape, strict=True))]


def _faces(inside: np.ndarray, names: np.ndarray, axis: int) -> np.ndarray:
    """Two triangles for each edge along an axis that is cut: between the points of the cells round it."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    near = np.moveaxis(inside, (axis, first, second), (0, 1, 2))[:, 1:-1, 1:-1]
    start, end = near[:-1], near[1:]
    cells = np.moveaxis(names, (axis, first, second), (0, 1, 2))
    corners = (cells[:, :-1, :-1], cells[:, 1:, :-1], cells[:, 1:, 1:], cells[:, :-1, 1:])
    found = []
    for is_cut, order in ((start & ~end, (0, 1, 2, 3)), (~start & end, (0, 3, 2, 1))):
        a, b, c, d = (corners[corner][is_cut] for corner in order)
        found += [np.c_[a, b, c], np.c_[a, c, d]]
    return np.concatenate(found)
