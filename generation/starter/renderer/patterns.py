"""Pictures without a subject, the ground for type: each kind by its name."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..scene import Scene
from . import gradients, paper, repeats, scatter
from .backdrop import Source
from .fields import Band

KINDS: dict[str, Callable[[Band, Scene, Source], Tensor]] = {
    "linear": gradients.straight,
    "radial": gradients.radial,
    "mesh": gradients.mesh,
    "waves": paper.waves,
    "frame": paper.frame,
    "mountains": paper.mountains,
    "bokeh": scatter.bokeh,
    "memphis": scatter.memphis,
    **dict.fromkeys(scatter.SHAPES, scatter.scattered),
    **dict.fromkeys(repeats.REPEATS, repeats.repeat),
}


def draw(band: Band, scene: Scene) -> Tensor:
    """(3, h, w) linear RGB."""
    return KINDS[scene["kind"]](band, scene, torch.Generator().manual_seed(scene.seed))
