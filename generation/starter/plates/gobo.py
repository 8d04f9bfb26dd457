"""Light that is given a shape before it falls: through leaves, or as a round pool."""

import numpy as np

from . import leaves
from .backdrop import Framing, ground
from .decor import Decor
from .light import key
from .plate import Mixture
from .resampling import resized
from .shapes import within
from .standing import Layer, Standing

KINDS = ("leaf shadow", "spot")
COARSE = 320  # points a side: its edges are soft
DARK = np.array([0.50, 0.53, 0.58], np.float32)  # what leaves leave of the light: some of the sky's
ON_THINGS = 0.55  # of that on the ground
POOL, POOL_EDGE, POOL_AT = 2.2, 0.40, 1.5  # of a spot: its radius, its soft edge, and its height
POOL_ABOVE = 1.95
OUTSIDE, INSIDE, TINT = 0.52, 1.10, 0.35  # of a spot: its light, and how much of it has its colour
SPOT_WAY, LEAVES_WAY = (0.0, 0.12), (-0.50, 0.42)  # to the lamp, right and up, a unit towards the camera
ABOVE_WAY = (-0.3, -0.2)  # right and back, a unit up


def on_ground(light: np.ndarray, decor: Decor, framing: Framing, mixture: Mixture, seed: int) -> None:
    """In place."""
    if decor.kind in KINDS:
        points = ground(framing, COARSE, COARSE).points
        light *= resized(_factor(points, decor, framing, mixture, seed), framing.width, framing.height)


def on_thing(
    drawn: Layer, thing: Standing, decor: Decor, framing: Framing, mixture: Mixture, seed: int
) -> None:
    """In place, as if the thing were flat: a hint of it."""
    if decor.kind != "leaf shadow":
        return
    rows, columns = drawn.window
    x = ((np.arange(columns.start, columns.stop) + 0.5) - framing.middle[0]) / framing.unit
    z = (framing.middle[1] - (np.arange(rows.start, rows.stop) + 0.5)) / framing.unit + framing.target
    points = np.stack(np.broadcast_arrays(x[None], thing.at[1], z[:, None]), -1)
    drawn.light[:] *= 1 + ON_THINGS * (_factor(points, decor, framing, mixture, seed) - 1)


def _factor(points: np.ndarray, decor: Decor, framing: Framing, mixture: Mixture, seed: int) -> np.ndarray:
    """(h, w, 3): by what the light at points (h, w, 3) is multiplied."""
    is_above = framing.camera == "above"
    if decor.kind == "spot":
        return _pool(points - [decor.x, 0, 0], decor, is_above)
    side = -1 if key(mixture) == "right" else 1
    across, along = _through(points * [side, 1, 1], ABOVE_WAY if is_above else LEAVES_WAY, is_above)
    dark = leaves.dimmed(across / decor.size, along / decor.size, seed)
    return (1 + (DARK - 1) * dark[..., None]).astype(np.float32)


def _pool(points: np.ndarray, decor: Decor, is_above: bool) -> np.ndarray:
    across, along = _through(points, (0.0, 0.0) if is_above else SPOT_WAY, is_above)
    if is_above:
        away = np.hypot(across, along) - POOL_ABOVE * decor.size
    else:
        # It does not go on towards the camera for ever.
        front = np.maximum(-points[..., 1] - 0.4, 0)
        away = np.sqrt(across**2 + (along - POOL_AT) ** 2 + front**2) - POOL * decor.size
    share = within(away, POOL_EDGE)[..., None]
    tint = decor.colour / max(float(decor.colour.mean()), 0.02)
    return (OUTSIDE + (INSIDE * (1 + TINT * (tint - 1)) - OUTSIDE) * share).astype(np.float32)


def _through(points: np.ndarray, way: tuple[float, float], is_above: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where light to points passes the plane that stands over the origin, or the floor seen from above."""
    x, y, z = np.moveaxis(points, -1, 0)
    gap, along = (-z, y) if is_above else (y, z)
    return x + way[0] * gap, along + way[1] * gap
