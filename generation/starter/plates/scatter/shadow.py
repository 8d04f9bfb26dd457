"""The shadow of a piece on the floor: sharp where it touches, softer the further off it was thrown."""

from collections.abc import Sequence

import numpy as np

from ..backdrop import Framing
from ..resampling import resized
from .focus import blur
from .piece import Body, Piece
from .pose import Floats, dot
from .sources import Sources
from .window import feather, rays, shadow_box, window

MOST = 32  # points a side of a shadow, which is soft
CLOSE = 0.006  # units over which the sharpest edge fades
SKEW = 2.0  # how much longer a part may be than it is in the mean
WEAK = 0.035  # of all light, lamps whose shadows are not seen


def thrown(light: Floats, framing: Framing, piece: Piece, lamps: Sources) -> None:
    """Darkens `light` (h, w, 3) on the floor, in place."""
    here = window(framing, shadow_box(framing, piece, lamps))
    if here is None:
        return
    wide, high = here.size
    columns, rows = min(wide, MOST), min(high, MOST)
    ways = rays(framing, here, columns, rows).reshape(-1, 3)
    away = -framing.view.origin[2] / np.minimum(ways[:, 2], -1e-3)
    floor = (framing.view.origin + away[:, None] * ways).astype(np.float32)
    factor = _open(piece, floor, lamps, CLOSE + blur(framing, piece.at) / framing.unit).reshape(
        rows, columns, 3
    )
    factor = 1 - (1 - factor) * feather(columns, rows)[..., None]
    light[here.slices] *= resized(factor, wide, high)


def _open(piece: Piece, floor: Floats, lamps: Sources, close: float) -> Floats:
    """(n, 3): how much of the light points of the floor get still."""
    ways, weights, widths = lamps.shadowing()
    is_seen = weights.sum(1) > WEAK * weights.sum()
    lost = hidden(piece.parts, floor, ways[is_seen], widths[is_seen], close) @ weights[is_seen]
    return 1 - lost / weights.sum(0)


def hidden(
    parts: Sequence[Body], points: Floats, ways: Floats, widths: Floats, close: float = CLOSE
) -> Floats:
    """(n, m): how much of each lamp parts hide from points, 0 to 1. close: units over which it fades at
    least.
    """
    seen = np.ones((len(points), len(ways)), np.float32)
    for part in (part for part in parts if not part.finish.glow):
        here, lamp = np.nonzero(_passes(part, points, ways, widths, close))
        found = part.crossed(points[here], ways[lamp])
        seen[here, lamp] *= 1 - _share(part, *found, widths[lamp], close)
    return 1 - seen


def _passes(part: Body, points: Floats, ways: Floats, widths: Floats, close: float) -> Floats:
    """(n, m): whether what comes along a way passes so near that some of it may be hidden."""
    off = points - part.middle
    along = off @ ways.T
    reach = part.reach + SKEW * (np.abs(along) * widths + np.float32(close))
    return (dot(off, off)[:, None] - along * along < reach * reach) & (along < part.reach)


def _share(part: Body, away: Floats, margin: Floats, width: Floats, close: float) -> Floats:
    soft = np.maximum(away, 0) * width + np.float32(close)
    share = np.clip(margin / (2 * soft) + 0.5, 0, 1)
    share = share * share * (3 - 2 * share)
    return share * np.minimum(part.girth / soft, 1) ** 2 * (1 - part.finish.through)
