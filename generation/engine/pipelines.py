"""How to call a diffusers image pipeline. What to pass is read from the signature of its `__call__`.

Knows parameter names, never model families.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import torch
from diffusers import DiffusionPipeline
from diffusers.guiders import BaseGuidance
from PIL.Image import Resampling

from generation.engine.request import GenerationError, ImageRequest

# Told after each step: how many steps are done, and the latents if the pipeline shows them.
OnStep = Callable[[int, torch.Tensor | None], None]

# Passed wherever the parameter exists.
_ALWAYS: Mapping[str, Any] = {
    # The size that was asked for, not the nearest one of the training set.
    "use_resolution_binning": False,
    # The prompt as it was written: no instruction before it, no cleaning that depends on installed packages.
    "complex_human_instruction": None,
    "clean_caption": False,
    # Floats, so that a picture that is not finite can be told from a black one.
    "output_type": "np",
}


def arguments_for(pipeline: DiffusionPipeline, request: ImageRequest, on_step: OnStep) -> dict[str, Any]:
    """Keyword arguments with which `pipeline` makes what `request` asks for.

    The generator is a CPU one whatever the device, so that a seed gives one picture on every machine.
    """
    parameters = _parameters(pipeline)
    arguments = {
        "prompt": request.prompt,
        "num_inference_steps": request.steps,
        "generator": torch.Generator("cpu").manual_seed(request.seed),
    }
    wanted = {**_ALWAYS, "height": request.height, "width": request.width}
    arguments |= {name: value for name, value in wanted.items() if name in parameters}
    arguments |= _pictures(parameters, request) | _controls(parameters, request)
    return arguments | _guidance(parameters, request) | _callback(parameters, on_step)


def reports_steps(pipeline: DiffusionPipeline) -> bool:
    """Whether the pipeline tells of its steps itself; if not, the engine counts denoiser calls."""
    return bool(_callback(_parameters(pipeline), lambda step, latents: None))


@lru_cache(maxsize=64)
def _parameters_of(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters


def _parameters(pipeline: DiffusionPipeline) -> Mapping[str, inspect.Parameter]:
    return _parameters_of(type(pipeline).__call__)


def takes_turns(pipeline: DiffusionPipeline) -> bool:
    """Whether only one request may be in flight at a time.

    Perturbed-attention pipelines swap the attention processors of the model during a call, and some guiders
    hang hooks into it; and the model is every request's.
    """
    guiders = [part for part in vars(pipeline).values() if isinstance(part, BaseGuidance)]
    return hasattr(pipeline, "set_pag_applied_layers") or any(map(_changes_the_model, guiders))


def _changes_the_model(guider: BaseGuidance) -> bool:
    return type(guider).prepare_models is not BaseGuidance.prepare_models


def disable_caches(pipeline: DiffusionPipeline) -> None:
    """Switch diffusers' feature caches off: they decide for a whole batch, and batches change every step."""
    for component in vars(pipeline).values():
        if getattr(component, "is_cache_enabled", False):
            component.disable_cache()


def _guidance(parameters: Mapping[str, inspect.Parameter], request: ImageRequest) -> dict[str, Any]:
    """Guidance by its right name, and the negative prompt where it has an effect.

    `true_cfg_scale` is the guidance of pipelines where it is on by default (Qwen-Image); where it is off by
    default (FLUX) the model is distilled and `guidance_scale` is an input of the model. True guidance needs a
    negative prompt to be on at all; elsewhere an empty one is left out, as some pipelines use zeros instead.
    """
    true_cfg = parameters.get("true_cfg_scale")
    is_true = true_cfg is not None and (true_cfg.default > 1 or "guidance_scale" not in parameters)
    name = "true_cfg_scale" if is_true else "guidance_scale"
    arguments: dict[str, Any] = {}
    if request.guidance is not None and name in parameters:
        arguments[name] = request.guidance
    guided = request.guidance is None or request.guidance > 1
    if guided and "negative_prompt" in parameters and (request.negative_prompt or is_true):
        arguments["negative_prompt"] = request.negative_prompt or " "
    return arguments


def _pictures(parameters: Mapping[str, inspect.Parameter], request: ImageRequest) -> dict[str, Any]:
    """The picture to start from, its mask and strength.

    Where there is a strength or a mask the picture is redrawn, so it gets the size that is asked for: some
    pipelines take it from the picture. Elsewhere (FLUX.2, Kontext) it is only looked at, in its own size.
    """
    if request.image is None:
        return {}
    size, arguments = (request.width, request.height), _strength(parameters, request)
    image = request.image.convert("RGB")
    if request.mask is not None:
        arguments["mask_image"] = request.mask.convert("L").resize(size, Resampling.LANCZOS)
    return arguments | {"image": image.resize(size, Resampling.LANCZOS) if arguments else image}


def _strength(parameters: Mapping[str, inspect.Parameter], request: ImageRequest) -> dict[str, Any]:
    """The strength, where the pipeline takes one; it must leave a step."""
    if "strength" not in parameters:
        if request.strength is not None:
            raise GenerationError("unsupported", "The model takes no strength.")
        return {}
    strength = parameters["strength"].default if request.strength is None else request.strength
    if int(request.steps * strength) < 1:
        raise GenerationError("unsupported", "The model's own strength leaves no step.")
    return {"strength": strength}


def _controls(parameters: Mapping[str, inspect.Parameter], request: ImageRequest) -> dict[str, Any]:
    """What the ControlNets are shown, one by itself and several as lists."""
    if not request.controls:
        return {}
    name = "control_image" if "control_image" in parameters else "image"
    images: list[Any] = [control.image.convert("RGB") for control in request.controls]
    scales: list[Any] = [control.scale for control in request.controls]
    is_one = len(images) == 1
    return {
        name: images[0] if is_one else images,
        "controlnet_conditioning_scale": scales[0] if is_one else scales,
    }


def _callback(parameters: Mapping[str, inspect.Parameter], on_step: OnStep) -> dict[str, Any]:
    def on_step_end(pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        # A pipeline may show its estimate of the clean latents beside the noisy ones, as our starter does.
        on_step(step + 1, tensors.get("estimate", tensors.get("latents")))
        return tensors

    def callback(step: int, timestep: Any, latents: torch.Tensor) -> None:
        on_step(step + 1, latents)

    if "callback_on_step_end" in parameters:
        return {"callback_on_step_end": on_step_end}
    if "callback" in parameters:
        return {"callback": callback, "callback_steps": 1}
    return {}
