"""What is measured on a rendering: where its words stand, what of them shows, and against what."""

import io

import numpy as np
from PIL import Image

from generation.compositor import FORMATS, Box, Rendering, RenderSpec
from generation.compositor.colours import luminance
from generation.compositor.pictures import luminances, ratio_for
from generation.compositor.rendering import PageRender
from generation.compositor.srgb import rgb

TOLERANCE = 0.7  # points: rounding of widths


def overflows(creative: RenderSpec, rendering: Rendering) -> list[str]:
    """The boxes that leave the safe zone."""
    place = FORMATS[creative.format]
    width, height = place.points
    top, right, bottom, left = place.safe_points
    return [
        f"{box.field} at {box.x:.1f} {box.y:.1f} {box.width:.1f} x {box.height:.1f}"
        for box in rendering.boxes
        if box.x < left - TOLERANCE
        or box.y < top - TOLERANCE
        or box.x + box.width > width - right + TOLERANCE
        or box.y + box.height > height - bottom + TOLERANCE
    ]


def collisions(rendering: Rendering) -> list[str]:
    """Pairs of boxes that lie over each other."""
    return [
        f"{one.field} and {other.field}"
        for number, one in enumerate(rendering.boxes)
        for other in rendering.boxes[number + 1 :]
        if min(one.x + one.width, other.x + other.width) - max(one.x, other.x) > TOLERANCE
        and min(one.y + one.height, other.y + other.height) - max(one.y, other.y) > TOLERANCE
    ]


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float32)


def ink(creative: RenderSpec, rendering: Rendering) -> np.ndarray:
    """Where words changed a pixel: the difference to the same page without them (height, width)."""
    return np.abs(pixels(rendering.data) - pixels(PageRender(creative).grounds())).max(axis=-1) > 24


def ink_outside(creative: RenderSpec, rendering: Rendering) -> int:
    """Pixels of words outside the safe zone."""
    place = FORMATS[creative.format]
    scale = place.ppi / 72
    top, right, bottom, left = (int(inset * scale) for inset in place.safe_points)
    found = ink(creative, rendering)
    found[top : found.shape[0] - bottom, left : found.shape[1] - right] = False
    return int(found.sum())


def ink_astray(creative: RenderSpec, rendering: Rendering) -> int:
    """Pixels of words outside every box that was reported: a box that lies about its words shows here."""
    scale = FORMATS[creative.format].ppi / 72
    found = ink(creative, rendering)
    for box in rendering.boxes:
        left, top, right, bottom = (edge * scale for edge in box.area)
        beside = 0.08 * box.size * scale + 1
        rows, columns = (max(top - 1, 0), bottom + 2), (max(left - beside, 0), right + beside)
        found[int(rows[0]) : int(rows[1]), int(columns[0]) : int(columns[1])] = False
    return int(found.sum())


def too_faint(creative: RenderSpec, rendering: Rendering) -> list[str]:
    """The words that miss WCAG's AA on the darkest or lightest pixels that they stand on."""
    place = FORMATS[creative.format]
    under = pixels(PageRender(creative).grounds()) / 255
    found = []
    for box in rendering.boxes:
        if box.field in ("logo", "qr"):
            continue
        needed, ratio = ratio_for(box.size, box.bold, place.smallest), contrast_on(under, box, place.ppi / 72)
        if ratio < needed:
            found.append(f"{box.field} on {box.ground}: {ratio:.2f} of {needed}")
    return found


def contrast_on(under: np.ndarray, box: Box, scale: float) -> float:
    """The least contrast of a box's ink with the pixels under it, but for one in two hundred on an edge."""
    rows = slice(max(int(box.y * scale), 0), int((box.y + box.height) * scale) + 1)
    columns = slice(max(int(box.x * scale), 0), int((box.x + box.width) * scale) + 1)
    light = luminances(under[rows, columns].reshape(-1, 3))
    assert len(light), f"{box.field} stands nowhere"
    against = luminance(box.ink)
    ratios = (np.maximum(light, against) + 0.05) / (np.minimum(light, against) + 0.05)
    return float(np.percentile(ratios, 0.5))


__all__ = ["collisions", "contrast_on", "ink", "ink_astray", "ink_outside", "overflows", "rgb", "too_faint"]
