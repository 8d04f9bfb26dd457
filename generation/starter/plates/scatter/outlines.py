"""Flat shapes, cut or grown, about 1 across: how far within their edge points are."""

import numpy as np

from .pose import Floats
from .surface import Outline

TIPS, WAIST = 5, 0.46  # of a star
BITE, BITE_AT = 0.80, 0.42  # of a crescent: the radius of what is missing, and where its middle is


def disc(u: Floats, v: Floats) -> Floats:
    return 1 - np.hypot(u, v)


def oblong(wide: float, long: float) -> Outline:
    def inside(u: Floats, v: Floats) -> Floats:
        return np.minimum(wide - np.abs(u), long - np.abs(v))

    return inside


def star(u: Floats, v: Floats) -> Floats:
    sector = np.pi / TIPS
    turn = np.abs((np.arctan2(u, v) + sector) % (2 * sector) - sector)
    x, y = np.hypot(u, v) * np.cos(turn), np.hypot(u, v) * np.sin(turn)
    low = np.array([WAIST * np.cos(sector), WAIST * np.sin(sector)])
    along = np.array([1, 0]) - low
    return ((x - 1) * along[1] - y * along[0]) / np.hypot(*along)


def heart(u: Floats, v: Floats) -> Floats:
    """Two round lobes over a point: an exact distance."""
    x, y = np.abs(u) * 0.62, v * 0.62 + 0.55
    lobe = np.hypot(x - 0.25, y - 0.75) - np.sqrt(2) / 4
    half = 0.5 * np.maximum(x + y, 0)
    side = np.sqrt(np.minimum(x**2 + (y - 1) ** 2, (x - half) ** 2 + (y - half) ** 2)) * np.sign(x - y)
    return -np.where(x + y > 1, lobe, side) / 0.62


def crescent(u: Floats, v: Floats) -> Floats:
    return np.minimum(1 - np.hypot(u, v), np.hypot(u - BITE_AT, v) - BITE)


def petal(u: Floats, v: Floats) -> Floats:
    """Narrow at its foot (v = -1), broad and a little notched at its top."""
    along = np.clip((v + 1) / 2, 0, 1)
    wide = 0.94 * np.sin(np.pi * along**1.5 * 0.985 + 0.02) ** 0.62 * (0.62 + 0.38 * along)
    notch = 0.07 * np.exp(-((u / 0.16) ** 2))
    return np.minimum(wide - np.abs(u), np.minimum(1 - notch - v, v + 1) * 0.8)


def leaf(u: Floats, v: Floats) -> Floats:
    """Pointed at both ends, its edge toothed, with a stalk below."""
    along = np.clip((v + 0.7) / 1.7, 0, 1)
    teeth = 0.022 * np.abs(((v * 9 + np.abs(u) * 5) % 1) * 2 - 1)
    blade = 0.50 * np.maximum(np.sin(np.pi * along**0.80), 0) ** 0.85 - teeth - np.abs(u)
    blade = np.minimum(blade, np.minimum(v + 0.7, 1 - v))
    stalk = np.minimum(0.028 - np.abs(u - 0.05 * (v + 0.7) ** 2), np.minimum(v + 1.15, -0.5 - v))
    return np.maximum(blade * 0.85, stalk)


def coil(turns: float, wide: float, pitch: float) -> Outline:
    """A band that winds along a tube of the radius 1, its middle at v = 0. pitch: of one winding."""

    def inside(u: Floats, v: Floats) -> Floats:
        winding = np.round((v - pitch * u / (2 * np.pi)) / pitch)
        total = winding + u / (2 * np.pi)
        off = np.abs(v - total * pitch)
        return np.minimum(wide - off, (turns / 2 - np.abs(total)) * 2 * np.pi)

    return inside
