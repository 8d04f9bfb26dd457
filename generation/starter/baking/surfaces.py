"""Closed surfaces: turned on a lathe, swept along a line, raised over an outline, grown round a field."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .curves import circle, even
from .mesh import Floats, Integers, Mesh, normals

Wobble = Callable[[Floats, Floats, Floats, Floats], tuple[Floats, Floats]]

LONGEST = 0.06  # units between two rings: long thin triangles let light through
AT_AXIS = 1e-3  # the radius of a ring that is a point
INNERMOST = 0.02  # of a plate, its innermost ring: smaller triangles are dark specks to the tracer


def of_rows(
    rows: Sequence[Floats] | Floats, *, is_ring: bool = True, ends: tuple[bool, bool] = (True, True)
) -> Mesh:
    """Rows of as many points (n, 3) each, sewn together. ends: of rings, whether the first and the last are
    filled; their middles are two points more, whether they are or not.
    """
    grid = np.stack([np.asarray(row, float) for row in rows])
    high, wide, _ = grid.shape
    points, faces = grid.reshape(-1, 3), _sewn(high, wide, is_ring)
    if not is_ring:
        return Mesh(points, faces)
    first = np.arange(wide)
    after, last = (first + 1) % wide, (high - 1) * wide
    fans = [
        np.c_[np.full(wide, len(points)), after, first],
        np.c_[np.full(wide, len(points) + 1), last + first, last + after],
    ]
    filled = [fan for fan, is_filled in zip(fans, ends, strict=True) if is_filled]
    middles = np.stack([grid[0].mean(0), grid[-1].mean(0)])
    return Mesh(np.vstack([points, middles]), np.vstack([faces, *filled]))


def lathe(profile: ArrayLike, steps: int = 160, wobble: Wobble | None = None) -> Mesh:
    """Turned about the z axis. profile: (radius, z) from below to above, along the outside; it may turn back
    inwards. Where it ends apart from the axis, the surface is open. wobble: of angle, share of the profile,
    radius and z, gives radius and z.
    """
    line = even(np.maximum(np.asarray(profile, float), [AT_AXIS, -np.inf]), LONGEST)
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)[None]
    radius: Floats = line[:, :1] + 0 * angle
    z: Floats = line[:, 1:] + 0 * angle
    if wobble:
        radius, z = wobble(angle, (length / length[-1])[:, None], radius, z)
    is_point = line[[0, -1], 0] <= AT_AXIS
    rows = np.stack([radius * np.cos(angle), radius * np.sin(angle), z], -1)
    return of_rows(rows, ends=(bool(is_point[0]), bool(is_point[1])))


def sweep(path: ArrayLike, outline: ArrayLike, *, sizes: ArrayLike = 1.0, up: ArrayLike = (0, 1, 0)) -> Mesh:
    """An outline (n, 2) led along a path (m, 3), `sizes` times as large (one for all, one a point of the
    path, or one a point and direction). up: a direction that the path never takes.
    """
    line = np.asarray(path, float)
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    across = np.cross(ahead, np.asarray(up, float))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    along = np.cross(ahead, across)
    shape = np.asarray(outline, float)
    size = np.asarray(sizes, float)
    size = np.broadcast_to(size[:, None] if size.ndim == 1 else size, (len(line), 2))
    x, y = (shape[None, :, k] * size[:, k, None] for k in range(2))
    return of_rows(line[:, None] + x[..., None] * across[:, None] + y[..., None] * along[:, None])


def tube(path: ArrayLike, radius: ArrayLike, steps: int = 24, up: ArrayLike = (0, 1, 0)) -> Mesh:
    """radius: one, or one a point of the path."""
    return sweep(path, circle(1, steps), sizes=np.asarray(radius, float), up=up)


def raised(outline: ArrayLike, height: float, bevel: float = 0.02, steps: int = 4) -> Mesh:
    """A plate over a closed outline (n, 2), counterclockwise and round its own middle, with rounded edges; it
    stands on 0.
    """
    flat = np.asarray(outline, float)
    middle = flat.mean(0)
    reach = np.linalg.norm(flat - middle, axis=1, keepdims=True)
    turn = np.linspace(0, np.pi / 2, steps + 1)
    cut, rise = bevel * (1 - np.sin(turn)), bevel * (1 - np.cos(turn))

    def row(inset: float, z: float, share: float = 1.0) -> Floats:
        return np.c_[
            middle + (flat - middle) * np.maximum(1 - inset / reach, 0) * share, np.full(len(flat), z)
        ]

    shares = np.linspace(INNERMOST, 1, max(3, int(reach.max() / LONGEST)), endpoint=False)
    sides = np.linspace(bevel, height - bevel, max(2, int(height / LONGEST)))[1:-1]
    return of_rows(
        [
            *(row(bevel, 0, share) for share in shares),
            *(row(inset, z) for inset, z in zip(cut, rise, strict=True)),
            *(row(0, z) for z in sides),
            *(row(inset, height - z) for inset, z in zip(cut[::-1], rise[::-1], strict=True)),
            *(row(bevel, height, share) for share in shares[::-1]),
        ]
    )


def box(width: float, depth: float, height: float, bevel: float = 0.03, steps: int = 24) -> Mesh:
    """With rounded edges; its middle stands on the origin."""
    half = np.array([width / 2, depth / 2])
    corner = np.linspace(0, np.pi / 2, steps // 4)
    arc = np.c_[np.cos(corner), np.sin(corner)] * bevel
    outline = np.concatenate(
        [
            centre * (half - bevel) + arc @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
            for a, centre in zip(np.arange(4) * np.pi / 2, ([1, 1], [-1, 1], [-1, -1], [1, -1]), strict=True)
        ]
    )
    return raised(even(np.vstack([outline, outline[:1]]), LONGEST)[:-1], height, bevel)


def ball(radius: float, steps: int = 96) -> Mesh:
    """Its middle is the origin; `scaled` makes an egg of it."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, steps // 2)
    return lathe(np.c_[radius * np.cos(angle), radius * np.sin(angle)], steps)


def sheet(heights: Floats, width: float, depth: float) -> Mesh:
    """An open sheet (rows, columns) of z over a rectangle about the origin, seen from above."""
    rows, columns = heights.shape
    y, x = np.meshgrid(
        np.linspace(-depth / 2, depth / 2, rows), np.linspace(-width / 2, width / 2, columns), indexing="ij"
    )
    return of_rows(np.stack([x, y, heights], -1), is_ring=False)


def shell(grid: Floats, thickness: ArrayLike) -> Mesh:
    """An open sheet of points (rows, columns, 3) made as thick as that, one for all or one a point, and
    closed at its edges. Its points are (rows, 2 columns): the side that `of_rows` shows, and the other one
    backwards.
    """
    rows, columns, _ = grid.shape
    out = normals(of_rows(grid, is_ring=False)).reshape(grid.shape)
    half = out * np.broadcast_to(np.asarray(thickness, float) / 2, (rows, columns))[..., None]
    sides = np.concatenate([grid + half, (grid - half)[:, ::-1]], axis=1)
    first = np.arange(columns - 1)
    a, b, c, d = first, first + 1, 2 * columns - 2 - first, 2 * columns - 1 - first
    lid = np.concatenate([np.c_[a, c, b], np.c_[a, d, c]])
    faces = [_sewn(rows, 2 * columns, True), lid, lid[:, ::-1] + (rows - 1) * 2 * columns]
    return Mesh(sides.reshape(-1, 3), np.concatenate(faces))


def _sewn(high: int, wide: int, is_ring: bool) -> Integers:
    """The faces of a grid."""
    row, column = np.meshgrid(np.arange(high - 1), np.arange(wide if is_ring else wide - 1), indexing="ij")
    a, b = row * wide + column, row * wide + (column + 1) % wide
    c, d = a + wide, b + wide
    return np.concatenate([np.stack([a, b, d], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)])
