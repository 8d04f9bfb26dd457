"""The plain pipeline as the measure of the engine, and the pictures of both in full precision."""

import functools
import inspect
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline

from generation.engine import ImageRequest

# What each family needs to be told beside prompt, size, steps, seed and guidance.
EXTRAS: dict[str, dict[str, Any]] = {
    "sana": {"use_resolution_binning": False, "complex_human_instruction": None},
    "pixart": {"use_resolution_binning": False, "clean_caption": False},
}


def keep_pixels(pipeline: DiffusionPipeline) -> DiffusionPipeline:
    """Let `pipeline.pixels` collect every picture as floats, by seed: the engine answers with 8 bits."""
    kind = type(pipeline)
    pixels: dict[int, np.ndarray] = {}

    @functools.wraps(kind.__call__)
    def call(self: DiffusionPipeline, *args: Any, **kwargs: Any) -> Any:
        seed = kwargs["generator"].initial_seed()
        output = kind.__call__(self, *args, **kwargs)
        pixels[seed] = output.images[0]
        return output

    pipeline.__class__ = type(kind.__name__, (kind,), {"__call__": call})
    pipeline.pixels = pixels
    return pipeline


def draw_plainly(pipeline: DiffusionPipeline, request: ImageRequest) -> np.ndarray:
    """The request's picture by the pipeline alone, in floats (height, width, 3) in 0..1."""
    arguments = {
        "prompt": request.prompt,
        "height": request.height,
        "width": request.width,
        "num_inference_steps": request.steps,
        "generator": torch.Generator().manual_seed(request.seed),
        "output_type": "np",
        **EXTRAS.get(request.model, {}),
    }
    if request.model == "qwen":
        arguments |= {"true_cfg_scale": request.guidance, "negative_prompt": request.negative_prompt or " "}
    else:
        arguments |= {"guidance_scale": request.guidance}
        if request.negative_prompt and "negative_prompt" in inspect.signature(pipeline.__call__).parameters:
            arguments["negative_prompt"] = request.negative_prompt
    return pipeline(**arguments).images[0]


def difference(pipeline: DiffusionPipeline, request: ImageRequest) -> float:
    """Largest absolute difference of the engine's last picture of this seed to the plain pipeline's."""
    batched = pipeline.pixels[request.seed]
    return float(np.abs(batched - draw_plainly(pipeline, request)).max())
