"""From light to the bytes of a picture: a soft shoulder, a little fall-off to the corners, a little grain."""

import numpy as np
from PIL import Image, ImageFilter

from . import srgb
from .resampling import resized

EXACT = 0.82  # of the brightest, as far as light stays as it is: colours that were asked for
CORNERS = 0.16
GRAIN, GRAIN_SIDE = 0.085, 512
BRIGHTEST, STEPS = 4.0, 16384


def developed(light: np.ndarray, seed: int, grain: float = 1.0) -> Image.Image:
    """light: (h, w, 3), changed in place."""
    high, wide, _ = light.shape
    row, column = np.meshgrid(np.linspace(-0.5, 0.5, 64), np.linspace(-0.5, 0.5, 64), indexing="ij")
    light *= resized((1 - CORNERS * (row**2 + column**2)).astype(np.float32), wide, high)[..., None]
    places = np.clip(light * ((STEPS - 1) / BRIGHTEST), 0, STEPS - 1).astype(np.uint16)
    values = _table()[places]
    if grain:
        values = np.clip(values.astype(np.int16) + _grain(high, wide, seed, grain), 0, 255).astype(np.uint8)
    return Image.fromarray(values)


def _table() -> np.ndarray:
    """The byte of each amount of light."""
    light = np.linspace(0, BRIGHTEST, STEPS)
    over = np.maximum(light - EXACT, 0)
    light = np.minimum(light, EXACT) + (1 - EXACT) * (1 - np.exp(-over / (1 - EXACT)))
    return (srgb.coded(light) * 255 + 0.5).astype(np.uint8)


def _grain(high: int, wide: int, seed: int, amount: float) -> np.ndarray:
    dots = np.random.default_rng(seed).standard_normal((GRAIN_SIDE, GRAIN_SIDE)) * 32 + 128
    soft = Image.fromarray(dots.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))
    tile = ((np.asarray(soft).astype(np.int16) - 128) * (GRAIN * amount)).round().astype(np.int16)
    times = (-(-high // GRAIN_SIDE), -(-wide // GRAIN_SIDE))
    return np.tile(tile, times)[:high, :wide, None]
