"""Planes made larger and smaller, and put somewhere on a canvas."""

import numpy as np
from PIL import Image

Window = tuple[slice, slice]  # rows and columns of a canvas


def resized(
    values: np.ndarray, width: int, height: int, how: Image.Resampling = Image.Resampling.BILINEAR
) -> np.ndarray:
    """(h, w) or (h, w, n)."""
    return _each(values, lambda image: image.resize((width, height), how))


def placed(
    values: np.ndarray,
    canvas: tuple[int, int],
    at: tuple[float, float],
    scale: float,
    how: Image.Resampling = Image.Resampling.BILINEAR,
) -> tuple[np.ndarray, Window] | None:
    """What of `values` lies on a canvas (width, height), and where, when its upper left corner is put `at` a
    point and it is made `scale` times as large. None: nothing.
    """
    high, wide = values.shape[:2]
    (x, y), (width, height) = at, canvas
    left, top = max(int(np.floor(x)), 0), max(int(np.floor(y)), 0)
    right, bottom = min(int(np.ceil(x + wide * scale)), width), min(int(np.ceil(y + high * scale)), height)
    if right <= left or bottom <= top:
        return None
    size = (right - left, bottom - top)
    box = ((left - x) / scale, (top - y) / scale, (right - x) / scale, (bottom - y) / scale)

    def moved(image: Image.Image) -> Image.Image:
        if scale < 0.75:  # many pixels become one
            inside = tuple(min(max(edge, 0), most) for edge, most in zip(box, (wide, high) * 2, strict=True))
            return image.resize(size, Image.Resampling.HAMMING, box=inside)
        matrix = (1 / scale, 0, box[0], 0, 1 / scale, box[1])
        return image.transform(size, Image.Transform.AFFINE, matrix, resample=how)

    return _each(values, moved), (slice(top, bottom), slice(left, right))


def blurred(values: np.ndarray, radius: int) -> np.ndarray:
    """(h, w, n): three means of boxes, which come close to a bell."""
    for _ in range(3):
        for axis in (0, 1):
            pad = [(0, 0)] * values.ndim
            pad[axis] = (radius + 1, radius)
            sums = np.cumsum(np.pad(values, pad, mode="edge"), axis, dtype=np.float64)
            length = 2 * radius + 1
            ahead, behind = (
                np.take(sums, range(start, sums.shape[axis] - length + start), axis) for start in (length, 0)
            )
            values = ((ahead - behind) / length).astype(np.float32)
    return values


def _each(values: np.ndarray, change) -> np.ndarray:
    """Done to each plane, as an image of floats."""
    if values.ndim == 2:
        return np.asarray(change(Image.fromarray(np.ascontiguousarray(values, np.float32))))
    return np.stack([_each(values[..., plane], change) for plane in range(values.shape[2])], -1)
