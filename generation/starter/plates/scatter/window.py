"""Parts of a canvas that hold a piece or its shadow."""

from dataclasses import dataclass

import numpy as np

from .. import rig
from ..backdrop import Framing
from .focus import blur
from .piece import Piece
from .pose import Floats
from .sources import Sources

PAD = 2.0  # pixels
SOFT = 2.2  # how steeply a window fades in
PENUMBRA = 0.9  # of a shadow's softness, how far it is seen


@dataclass(frozen=True, slots=True)
class Window:
    """Pixels of a canvas."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        return self.right - self.left, self.bottom - self.top


def window(framing: Framing, box: Floats) -> Window | None:
    """Of a box (left, top, right, bottom), as far as it is on the canvas."""
    left, top = (max(int(np.floor(edge)), 0) for edge in box[:2])
    right, bottom = min(int(np.ceil(box[2])), framing.width), min(int(np.ceil(box[3])), framing.height)
    return Window(left, top, right, bottom) if right > left and bottom > top else None


def seen_box(framing: Framing, piece: Piece) -> Floats:
    """(4,): what a piece covers."""
    return _box(framing, piece.samples) + np.array([-1, -1, 1, 1]) * (PAD + 2.5 * blur(framing, piece.at))


def shadow_box(framing: Framing, piece: Piece, lamps: Sources) -> Floats:
    """(4,): where its shadows fall."""
    ways, _, widths = lamps.shadowing()
    away = np.minimum(piece.samples[:, 2] / np.maximum(ways[:, 2:], 0.1), 3)[..., None]
    soft = PENUMBRA * away * widths[:, None, None] + 0.02 + blur(framing, piece.at) / framing.unit
    fallen = (piece.samples - away * ways[:, None]) * [1, 1, 0]
    return _box(framing, np.concatenate([fallen - soft * [1, 1, 0], fallen + soft * [1, 1, 0]]))


def joined(one: Floats, other: Floats) -> Floats:
    return np.concatenate([np.minimum(one[:2], other[:2]), np.maximum(one[2:], other[2:])])


def on_canvas(framing: Framing, points: Floats) -> tuple[Floats, Floats]:
    """(n,) each: how far across and down points (n, 3) are seen."""
    x, y = rig.project(framing.view, points)
    return framing.middle[0] + x * framing.unit, framing.middle[1] - y * framing.unit


def _box(framing: Framing, points: Floats) -> Floats:
    across, down = on_canvas(framing, points)
    return np.array([across.min(), down.min(), across.max(), down.max()])


def feather(columns: int, rows: int) -> Floats:
    """(rows, columns): 1, and falling to 0 at the edges of a window."""
    across, down = (np.sin(np.pi * (np.arange(many) + 0.5) / many) for many in (columns, rows))
    edge = np.clip(across[None] * down[:, None] * SOFT, 0, 1)
    return (edge * edge * (3 - 2 * edge)).astype(np.float32)


def rays(framing: Framing, here: Window, columns: int, rows: int) -> Floats:
    """(rows, columns, 3): ways from the camera through points that fill a window evenly."""
    wide, high = here.size
    across = here.left + (np.arange(columns) + 0.5) * wide / columns
    down = here.top + (np.arange(rows) + 0.5) * high / rows
    x, y = (across - framing.middle[0]) / framing.unit, (framing.middle[1] - down) / framing.unit
    return rig.rays(framing.view, *np.meshgrid(x, y))
