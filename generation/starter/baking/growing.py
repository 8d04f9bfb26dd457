"""Planes without edges: values that go on where nothing is known, so that a plane can be scaled, blurred and
stored in few bytes without a fringe.
"""

import numpy as np
from PIL import Image

from .mesh import Floats


def grown(plane: Floats, known: np.ndarray) -> Floats:
    """The plane where it is known, and elsewhere what is near, ever smoother (pull and push)."""
    weight = known.astype(np.float32)
    if weight.min() > 0:
        return plane.astype(np.float32)
    if min(plane.shape) < 4:
        return np.full_like(plane, (plane * weight).sum() / max(weight.sum(), 1e-6), dtype=np.float32)
    height, width = plane.shape
    pad = ((0, height % 2), (0, width % 2))
    weights, values = np.pad(weight, pad), np.pad(plane * weight, pad)
    share, value = shrunk(weights, 2), shrunk(values, 2)
    lower = grown(np.where(share > 0, value / np.maximum(share, 1e-6), 0), share > 0)
    upper = resized(lower, weights.shape[1], weights.shape[0])[:height, :width]
    return np.where(known, plane, upper).astype(np.float32)


def shrunk(plane: Floats, times: int) -> Floats:
    """The means of squares; what is left over at the right and below repeats the last."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % times), (0, -width % times)), mode="edge")
    rows, columns = padded.shape
    return padded.reshape(rows // times, times, columns // times, times).mean((1, 3))


def resized(plane: Floats, width: int, height: int) -> Floats:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def softened(plane: Floats) -> Floats:
    """Each value with its neighbours."""
    p = np.pad(plane, 1, mode="edge")
    return (4 * p[1:-1, 1:-1] + p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]) / 8
