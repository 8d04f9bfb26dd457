"""How a finished picture gets from the device to 8 bits on the host, while the engine's thread goes on."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline
from diffusers.image_processor import VaeImageProcessor
from PIL import Image

from generation.engine.device import Arriving
from generation.engine.request import GenerationError


def leave_on_device(own: DiffusionPipeline) -> None:
    """Let a private copy answer with tensors where diffusers would fetch floats, four times as many bytes as
    a picture has, and wait for them. Pipelines that convert pictures by themselves go on doing so.
    """
    processor = vars(own).get("image_processor")
    if getattr(type(processor), "postprocess", None) is VaeImageProcessor.postprocess:
        kept = copy.copy(processor)
        kept.postprocess = partial(_postprocess, kept.postprocess)
        vars(own)["image_processor"] = kept


def _postprocess(own: Callable[..., Any], image: torch.Tensor, output_type: str = "pil", **more: Any) -> Any:
    return own(image, output_type="pt" if output_type == "np" else output_type, **more)


def fetching(output: Any) -> Callable[[], Image.Image]:
    """What fetches the first picture of a pipeline's output, on any thread.

    To be called on the engine's thread: a picture on an accelerator is made 8 bits there, and sent.
    """
    image = output.images[0]
    if not isinstance(image, torch.Tensor) or is_on_host(image):
        return partial(picture_from, image)
    pixels, finite = (Arriving(tensor) for tensor in _eight_bits(image))
    return lambda: _picture(pixels.tensor(), finite.tensor())


def is_flagged(output: Any) -> bool:
    """Whether the pipeline's own safety checker found fault with the first picture of its output.

    Most pipelines have none and say nothing; DeepFloyd IF calls it by another name.
    """
    flags = getattr(output, "nsfw_content_detected", None) or getattr(output, "nsfw_detected", None)
    return bool(flags and flags[0])


def picture_from(image: Image.Image | np.ndarray | torch.Tensor) -> Image.Image:
    """A picture, if it is none yet: of floats (height, width, 3) or a tensor (3, height, width), of 0 to 1.

    Raises GenerationError("bad_picture") if a value is not finite.
    """
    if isinstance(image, Image.Image):
        return image
    if isinstance(image, np.ndarray):
        image = torch.from_numpy(image).movedim(-1, 0)
    return _picture(*_eight_bits(image))


def not_finite() -> GenerationError:
    """An overflow in half precision, mostly."""
    return GenerationError("bad_picture", "The model produced a picture that is not finite.")


def is_on_host(tensor: torch.Tensor) -> bool:
    return tensor.device.type == "cpu"


def _eight_bits(image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(height, width, channels), rounded as diffusers rounds them, and whether every value was finite."""
    values = image.float()
    pixels = (values.movedim(0, -1) * 255).round().to(torch.uint8)
    return pixels.contiguous(), values.isfinite().all()


def _picture(pixels: torch.Tensor, finite: torch.Tensor) -> Image.Image:
    if not finite:
        raise not_finite()
    return Image.fromarray(pixels.squeeze(-1).numpy())
