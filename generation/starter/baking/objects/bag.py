"""A paper shopping bag with handles of rope, and tissue paper in it."""

import numpy as np

from generation.starter.baking import noise
from generation.starter.baking.curves import circle, even, smooth, step
from generation.starter.baking.mesh import Floats, Mesh, joined
from generation.starter.baking.surfaces import of_rows, sweep, tube
from generation.starter.baking.thing import FABRIC, PAPER, Finish, Maker, Thing

WIDE, DEEP, HIGH = 0.92, 0.4, 2.2  # half its width and depth
HEM = 0.3  # of the edge that is turned in
HOLE = (0.4, HIGH - 0.17)  # of a handle, from the middle, and how high
TURN = -16.0  # degrees of the whole


def thing() -> Thing:
    maker = Maker(bag="#c4784f", inside="#f1e8da", rope="#efe3cd", tissue="#ebe3d6", eyelets="#d9b985")
    outside, at = _walls(0.0, np.r_[0.001, np.linspace(0.03, HIGH, 120)])
    maker.add(_placed(outside), "bag", Finish("coat", 0.56), artwork=at)
    inside, _ = _walls(0.012, np.linspace(HIGH, 1.3, 50))
    maker.add(_placed(joined([_lip(), inside])), "inside", PAPER)
    maker.add(_placed(joined([_handle(-1, 0.1), _handle(1, 0.24)])), "rope", FABRIC)
    maker.add(
        _placed(joined([_eyelet(side, face) for side in (-1, 1) for face in (-1, 1)])), "eyelets", METAL
    )
    maker.add(_placed(joined([_tissue(number) for number in range(4)])), "tissue", PAPER)
    return maker.thing(metres=0.38)


METAL = Finish("metal", 0.25)


def _placed(mesh: Mesh) -> Mesh:
    return mesh.turned(TURN)


def _walls(inset: float, heights: Floats) -> tuple[Mesh, Floats]:
    """Paper whose sides are pressed in; and where on the artwork of its front each point is."""
    outline = _outline()
    z = heights[:, None] + 0 * outline[None, :, 0]
    x, y = (outline[None, :, axis] + 0 * z for axis in range(2))
    across, along = np.clip(np.abs(x) / WIDE, 0, 1), np.clip(np.abs(y) / DEEP, 0, 1)
    on_side = np.abs(x) > WIDE - 1e-6
    # The crease starts as a triangle over the base, and deepens to the edge.
    crease = np.clip(z * 0.42 - 0.2 - 0.25 * along, 0, 0.34) * (1 - along)
    x = x - np.sign(x) * on_side * (crease + inset * (1 - along))
    x = x - np.sign(x) * inset * along * on_side
    belly = 0.035 * (1 - across**2) * np.sin(np.pi * np.clip(z / HIGH, 0, 1))
    drawn = 0.06 * step(z, 0.6, HIGH)
    y = np.sign(y) * (np.abs(y) * (1 - drawn / DEEP) + (belly + _creases(z) - inset) * (along > 0.999))
    uneven = 0.01 * noise.of_points(np.c_[x.ravel(), y.ravel(), z.ravel()], 1.3, 3, 4).reshape(x.shape)
    points = np.stack([x, y + uneven * step(z, 0.05, 0.4), z], -1)
    at = _on_front(outline, z, (x / WIDE + 1) / 2)
    return of_rows(points, ends=(inset == 0, False)), at


def _outline() -> Floats:
    """Counterclockwise from the left end of the front; with a point at the middle of each side."""
    front = np.c_[np.linspace(-WIDE, WIDE, 110), np.full(110, -DEEP)]
    right = np.c_[np.full(41, WIDE), np.linspace(-DEEP, DEEP, 41)]
    return np.vstack([front, right[1:], -front[1:], -right[1:-1]])


def _creases(z: Floats) -> Floats:
    """Where the base was folded, and the hem makes the paper double."""
    folded = -0.007 * np.exp(-(((z - 0.46) / 0.016) ** 2))
    return folded + 0.006 * step(z, HIGH - HEM - 0.01, HIGH - HEM + 0.006)


def _on_front(outline: Floats, z: Floats, share: Floats) -> Floats:
    """The sides are far to the left and right of the artwork, the back is far above it."""
    x, y = outline.T
    side = np.sign(x) * 5 * ((np.abs(x) > WIDE - 1e-6) & (y > -DEEP + 1e-6))
    behind = 5.0 * (y > DEEP - 1e-6)
    at = np.c_[(share + side).ravel(), (z / HIGH + behind).ravel()]
    return np.vstack([at, [[0.5, -5], [0.5, 9]]])


def _lip() -> Mesh:
    """The thickness of the paper at the edge."""
    rims = []
    for inset in (0.0, 0.012):
        mesh, _ = _walls(inset, np.array([HIGH - 0.02, HIGH]))
        rims.append(mesh.points[:-2].reshape(2, -1, 3)[1])
    top = (rims[0] + rims[1]) / 2 + np.array([0, 0, 0.005])
    return of_rows([rims[0], top, rims[1]], ends=(False, False))


def _face(face: float) -> float:
    """How far the front or the back is from the middle, at the holes."""
    return face * (DEEP - 0.06 + 0.02)


def _handle(face: float, tilt: float) -> Mesh:
    """Rope out of one hole, up in an arch, and into the other."""
    x, z = HOLE
    y = _face(face)
    half = [
        [-x, y - face * 0.08, z], [-x, y + face * 0.012, z + 0.004],
        [-x - 0.004, y + face * 0.045, z + 0.07], [-x + 0.01, y + face * (0.05 + 0.2 * tilt), z + 0.3],
        [-x + 0.1, y + face * (0.05 + 0.6 * tilt), z + 0.56],
        [-x + 0.25, y + face * (0.05 + 0.9 * tilt), z + 0.72], [0.0, y + face * (0.05 + tilt), z + 0.77],
    ]  # fmt: skip
    path = smooth([*half, *([-a, b, c] for a, b, c in half[-2::-1])], 14)
    line, around = even(path, 0.014), 24
    length = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False)
    strands = 0.009 * np.abs(np.cos(1.5 * angle[None] + 24 * length[:, None])) - 0.006
    return tube(line, 0.034, around, up=(0, 1, 0.02)).displaced(np.r_[strands.ravel(), 0, 0])


def _eyelet(side: float, face: float) -> Mesh:
    x, z = HOLE
    angle = np.linspace(0, 2 * np.pi, 60)
    ring = np.c_[
        side * x + 0.062 * np.cos(angle), 0 * angle + _face(face) + face * 0.008, z + 0.062 * np.sin(angle)
    ]
    return sweep(ring, circle(1, 20) * [0.014, 0.02], up=(0, 1, 0))


def _tissue(number: int) -> Mesh:
    """A crumpled sheet, its upper edge in points."""
    columns, rows = 150, 70
    u, v = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(0, 1, rows))
    peaks = np.abs((u * 1.6 + 0.37 * number + 10) % 1 - 0.5) * 2
    top = 0.16 + 0.2 * peaks + 0.05 * np.sin(3 * u + 2 * number) - 0.22 * u**4
    x = u * (0.62 - 0.03 * number) * (1 + 0.12 * v)
    y = 0.22 - 0.15 * number + (0.07 * np.sin(9 * u + 2.1 * number) + 0.1 * (number - 1.5) * -0.6) * v
    z = HIGH - 0.5 + v * (0.5 + top)
    flat = np.c_[x.ravel(), y.ravel(), z.ravel()]
    crumpled = np.abs(noise.of_points(flat, 3.2, 3, 30 + number)) - 0.3
    y = y + 0.11 * crumpled.reshape(x.shape) * step(v, 0.1, 0.6)
    z = z + 0.05 * noise.of_points(flat, 2, 2, 50 + number).reshape(x.shape) * v
    return of_rows(np.stack([*_within(x, y, z), z], -1), is_ring=False)


def _within(x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Kept between the walls, and less so over their edge."""
    free = 0.12 * step(z, HIGH + 0.02, HIGH + 0.3)
    y = np.clip(y, -0.29 - free, 0.29 + free)
    widest = WIDE - 0.05 - 0.34 * np.clip(1 - np.abs(y) / DEEP, 0, 1) + free
    return widest * np.tanh(x / widest * 1.1), y
