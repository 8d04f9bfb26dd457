"""The plain pipeline as the measure of the engine, and the pictures of both in full precision."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import diffusers
import numpy as np
import torch
from diffusers import (
    AutoPipelineForImage2Image,
    AutoPipelineForInpainting,
    AutoPipelineForText2Image,
    DiffusionPipeline,
)

from generation.engine import ImageRequest

Load = Callable[[str], Any]


def stopped() -> float:
    """A clock for an engine that is to find every width worth while: no call takes time by it."""
    return 0.0


# What each family needs to be told beside prompt, size, steps, seed and guidance.
EXTRAS: dict[str, dict[str, Any]] = {
    "sana": {"use_resolution_binning": False, "complex_human_instruction": None},
    "pixart": {"use_resolution_binning": False, "clean_caption": False},
}


def keep_pixels(
    pipeline: DiffusionPipeline, pixels: dict[int, np.ndarray] | None = None
) -> DiffusionPipeline:
    """Let `pipeline.pixels` collect every picture as floats, by seed: the engine answers with 8 bits."""
    kind = type(pipeline)
    pixels = {} if pixels is None else pixels

    @functools.wraps(kind.__call__)
    def call(self: DiffusionPipeline, *args: Any, **kwargs: Any) -> Any:
        seed = kwargs["generator"].initial_seed()
        output = kind.__call__(self, *args, **kwargs)
        image = output.images[0]
        # The engine leaves it on the device.
        pixels[seed] = image.permute(1, 2, 0).float().cpu().numpy() if torch.is_tensor(image) else image
        return output

    pipeline.__class__ = type(kind.__name__, (kind,), {"__call__": call})
    pipeline.pixels = pixels
    return pipeline


def draw_plainly(pipeline: DiffusionPipeline, request: ImageRequest, load: Load | None = None) -> np.ndarray:
    """The request's picture by diffusers alone, in floats (height, width, 3) in 0..1.

    `load` gives the ControlNets by their keys. The LoRAs are what is switched on in `pipeline`.
    """
    plain = plain_pipeline(pipeline, request, load)
    parameters = inspect.signature(plain.__call__).parameters
    arguments = {
        "prompt": request.prompt,
        "num_inference_steps": request.steps,
        "generator": torch.Generator().manual_seed(request.seed),
        "output_type": "np",
        **EXTRAS.get(request.model, {}),
        **pictures(request, parameters),
    }
    if "height" in parameters:
        arguments |= {"height": request.height, "width": request.width}
    if request.model == "qwen":
        arguments |= {"true_cfg_scale": request.guidance, "negative_prompt": request.negative_prompt or " "}
    elif "guidance_scale" in parameters:
        arguments |= {"guidance_scale": request.guidance}
    if request.negative_prompt and "negative_prompt" in parameters:
        arguments["negative_prompt"] = request.negative_prompt
    return plain(**arguments).images[0]


def plain_pipeline(
    pipeline: DiffusionPipeline, request: ImageRequest, load: Load | None
) -> DiffusionPipeline:
    """The pipeline that a user of diffusers would make for such a request."""
    plain = pipeline
    nets = [load(control.model) for control in request.controls] if load else []
    controlnet = {"controlnet": nets[0] if len(nets) == 1 else nets} if nets else {}
    if request.mask is not None:
        plain = AutoPipelineForInpainting.from_pipe(pipeline, **controlnet)
    elif request.image is not None:
        plain = AutoPipelineForImage2Image.from_pipe(pipeline, **controlnet)
    elif controlnet:
        plain = AutoPipelineForText2Image.from_pipe(pipeline, **controlnet)
    if request.scheduler:
        plain = type(plain)(**plain.components) if plain is pipeline else plain
        plain.scheduler = getattr(diffusers, request.scheduler).from_config(pipeline.scheduler.config)
    plain.set_progress_bar_config(disable=True)
    return plain


def pictures(request: ImageRequest, parameters: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if request.image is not None:
        arguments["image"] = request.image
    if request.strength is not None:
        arguments["strength"] = request.strength
    if request.mask is not None:
        arguments["mask_image"] = request.mask
    images = [control.image for control in request.controls]
    if images:
        name = "control_image" if "control_image" in parameters else "image"
        scales = [control.scale for control in request.controls]
        arguments[name] = images[0] if len(images) == 1 else images
        arguments["controlnet_conditioning_scale"] = scales[0] if len(images) == 1 else scales
    return arguments


def difference(pipeline: DiffusionPipeline, request: ImageRequest, load: Load | None = None) -> float:
    """Largest absolute difference of the engine's last picture of this seed to the plain pipeline's."""
    batched = pipeline.pixels[request.seed]
    return float(np.abs(batched - draw_plainly(pipeline, request, load)).max())
