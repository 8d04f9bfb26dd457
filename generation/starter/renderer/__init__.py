"""Patterns and flat pictures, drawn in closed form at any size: a pure function of the scene and the size."""

import torch
from torch import Tensor

from ..scene import Scene
from . import flat, patterns
from .fields import Band, encode_srgb

BAND = 2**16  # pixels drawn at a time: few enough for the processor's cache, enough to be worth a call
SMOOTH = ("linear", "radial", "mesh", "bokeh")


@torch.inference_mode()
def render(scene: Scene, height: int, width: int) -> Tensor:
    """The picture, uint8 (height, width, 3), sRGB. What is no pattern is drawn flat, whatever its style."""
    noise = torch.Generator().manual_seed(scene.seed)
    rows = max(1, BAND // width)
    bands = [
        _draw(scene, Band(height, width, top, min(top + rows, height)), noise)
        for top in range(0, height, rows)
    ]
    return torch.cat(bands)


def _draw(scene: Scene, band: Band, noise: torch.Generator) -> Tensor:
    picture = (patterns if scene.is_pattern else flat).draw(band, scene)
    levels = encode_srgb(picture.clamp(0, 1)) * 255
    if scene.is_pattern and (not scene.is_flat or scene["kind"] in SMOOTH):
        # Half a level of dither: soft gradients would band. Flat colours stay exact.
        levels = levels + torch.rand(1, *levels.shape[1:], generator=noise) - 0.5
    return (levels + 0.5).clamp(0, 255).to(torch.uint8).permute(1, 2, 0)
