"""Light and the numbers that stand for it in a picture (IEC 61966-2-1)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def linear(coded: ArrayLike) -> NDArray[np.floating]:
    """The light, 0 to 1, of values 0 to 1."""
    values = np.asarray(coded, float)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def coded(light: ArrayLike) -> NDArray[np.floating]:
    """The inverse of `linear`."""
    values = np.asarray(light, float)
    return np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)


def of_hex(colour: str) -> NDArray[np.floating]:
    """The light (3,) of "#rrggbb"."""
    return linear([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
