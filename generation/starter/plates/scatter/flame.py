"""What a small flame gives: warm light on the floor round it, and a glow in the air."""

import numpy as np

from ..backdrop import Framing
from .piece import Piece
from .pose import Floats
from .window import Window, rays, window

WARM = np.array([1.0, 0.46, 0.13], np.float32)
ON_FLOOR, REACH = 0.075, 1.5  # how much, and how far, in units
IN_AIR, AIR_REACH = 0.16, 7.0  # how much, and how far, by the flame's size


def on_floor(light: Floats, framing: Framing, piece: Piece) -> None:
    """Brightens `light` (h, w, 3) of the floor, in place."""
    if piece.flame is None:
        return
    high, size = piece.flame
    corners = [(piece.at[0] + x, piece.at[1] + y, 0.0) for x in (-REACH, REACH) for y in (-REACH, REACH)]
    here = window(framing, _round([framing.on_canvas(corner) for corner in corners]))
    if here is None:
        return
    wide, tall = here.size
    ways = rays(framing, here, wide, tall)
    away = -framing.view.origin[2] / np.minimum(ways[..., 2], -1e-3)
    x, y = (framing.view.origin[axis] + away * ways[..., axis] - piece.at[axis] for axis in (0, 1))
    off = np.hypot(x, y)
    fades = np.clip(1 - off / REACH, 0, 1) ** 2
    given = ON_FLOOR * size * high / (off * off + high * high) ** 1.5 * fades * 3
    light[here.slices] += np.minimum(given, 3)[..., None].astype(np.float32) * WARM


def in_air(picture: Floats, framing: Framing, piece: Piece) -> None:
    """Adds its glow, in place."""
    if piece.flame is None:
        return
    high, size = piece.flame
    x, y = framing.on_canvas((*piece.at, high))
    reach = AIR_REACH * size * framing.unit * framing.nearness((*piece.at, high))
    here = window(framing, np.array([x - reach, y - reach, x + reach, y + reach]))
    if here is not None:
        picture[here.slices] += _halo(here, x, y, reach)[..., None] * WARM


def _halo(here: Window, x: float, y: float, reach: float) -> Floats:
    across = (np.arange(here.left, here.right) + 0.5 - x) / reach
    down = (np.arange(here.top, here.bottom) + 0.5 - y) / reach
    off = np.hypot(across[None], down[:, None])
    return (IN_AIR * np.clip(1 - off, 0, 1) ** 2 * (1 + 2 * np.exp(-((off / 0.22) ** 2)))).astype(np.float32)


def _round(points: list[tuple[float, float]]) -> Floats:
    x, y = np.array(points).T
    return np.array([x.min(), y.min(), x.max(), y.max()])
