"""The colour space sRGB (IEC 61966-2-1): colours as words, as gamma-encoded parts and as light."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rgb = tuple[float, float, float]
LUMA = (0.2126, 0.7152, 0.0722)  # shares of red, green and blue light in the luminance


def rgb(colour: str) -> Rgb:
    """`#rrggbb` as red, green, blue in 0..1, gamma-encoded."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue)


def hexed(colour: Iterable[float]) -> str:
    """`#rrggbb` of gamma-encoded parts, which are clipped to 0..1; with a fourth one `#rrggbbaa`."""
    # 9 digits first: what matrices leave of 0.5 is a hair less on one processor, a hair more on another.
    return "#" + "".join(f"{round(round(min(max(float(part), 0.0), 1.0) * 255, 9)):02x}" for part in colour)


def linear(encoded: ArrayLike) -> NDArray[np.float64]:
    """Gamma-encoded parts in 0..1, of any shape, as light in 0..1."""
    parts = np.asarray(encoded, dtype=np.float64)
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def encoded(light: ArrayLike) -> NDArray[np.float64]:
    """Light in 0..1, of any shape, as gamma-encoded parts."""
    parts = np.asarray(light, dtype=np.float64)
    return np.where(parts <= 0.0031308, 12.92 * parts, 1.055 * parts ** (1 / 2.4) - 0.055)
