"""What the starter makes of a prompt and a seed: a scene, or a picture of it."""

from __future__ import annotations

from PIL import Image

from generation.starter.pipeline import StarterPipeline, scene_of
from generation.starter.scene import Scene

SEED, SIDE = 12, 512


def scene(pipeline: StarterPipeline, prompt: str, seed: int) -> Scene:
    made = pipeline(prompt, generator=_noise(seed), output_type="latent")
    assert not isinstance(made, tuple), "which it is for whoever asks for no return_dict"
    assert pipeline.drawn_as is not None
    seeds, known = pipeline.drawn_as
    return scene_of(made.images[0], known[0], seeds[0])


def picture(pipeline: StarterPipeline, prompt: str, seed: int, side: int = SIDE) -> Image.Image:
    made = pipeline(prompt, height=side, width=side, generator=_noise(seed))
    assert not isinstance(made, tuple), "which it is for whoever asks for no return_dict"
    return made.images[0]


def _noise(seed: int):
    import torch

    return torch.Generator().manual_seed(seed)
