"""The pipeline that makes what a request asks for, on the weights of a loaded text-to-image pipeline.

Image-to-image, inpainting and ControlNet are diffusers' own pipeline classes, found by its own tables.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import diffusers
from diffusers import (
    AutoPipelineForImage2Image,
    AutoPipelineForInpainting,
    AutoPipelineForText2Image,
    DiffusionPipeline,
    ModelMixin,
    SchedulerMixin,
)
from torch import nn

from generation.engine.request import GenerationError, ImageRequest

# Settings that say which noise a model was trained on. A scheduler that takes them can follow it.
_NOISE = frozenset({"beta_schedule", "prediction_type"})

# What a ControlNet's configuration shares with that of the model it was made for.
_CONDITIONS = ("cross_attention_dim", "joint_attention_dim", "addition_embed_type")


def variant_of(
    pipeline: DiffusionPipeline, request: ImageRequest, controls: Sequence[nn.Module]
) -> DiffusionPipeline:
    """`pipeline` itself, or its class for pictures made from pictures; the weights are shared.

    `controls` are the loaded ControlNets of `request.controls`. Raises GenerationError("unsupported").
    """
    if request.image is None and not controls:
        return pipeline
    task = (
        AutoPipelineForInpainting
        if request.mask is not None
        else AutoPipelineForImage2Image
        if request.image is not None
        else AutoPipelineForText2Image
    )
    extra = {"controlnet": controls[0] if len(controls) == 1 else list(controls)} if controls else {}
    try:
        variant = task.from_pipe(pipeline, **extra)
    except ValueError:  # diffusers' tables name no such class
        variant = None
    # A class that does it all by itself (FLUX.2) leaves a ControlNet out without a word.
    if variant is None or (controls and "controlnet" not in variant.components):
        name = task.__name__.removeprefix("AutoPipelineFor") + (" with ControlNet" if controls else "")
        raise GenerationError("unsupported", f"{type(pipeline).__name__} cannot do {name}.")
    if not all(_is_control_for(pipeline, control) for control in controls):
        raise GenerationError("unsupported", f"A ControlNet is not made for {type(pipeline).__name__}.")
    return variant


def _is_control_for(pipeline: DiffusionPipeline, control: Any) -> bool:
    """Whether a ControlNet reads the same conditions as the pipeline's denoiser."""
    denoiser = pipeline.components.get("unet") or pipeline.components["transformer"]
    if not isinstance(control, ModelMixin):
        return False
    shared = [name for name in _CONDITIONS if name in control.config and name in denoiser.config]
    return all(control.config[name] == denoiser.config[name] for name in shared)


def scheduler_like(own: SchedulerMixin, name: str) -> SchedulerMixin:
    """A fresh scheduler of the class `name`, or of `own`'s if empty, set up for the model that `own` is for.

    Raises GenerationError("unsupported") for an unknown class and for one made for other kinds of models.
    """
    kind: Any = getattr(diffusers, name, None) if name else type(own)
    if not _fits(own, kind):
        raise GenerationError("unsupported", f"{type(own).__name__} cannot be replaced by {name}.")
    return kind.from_config(own.config)


def _fits(own: SchedulerMixin, kind: Any) -> bool:
    """Whether `kind` is a scheduler in diffusers' list for `own`, or takes what describes the same noise.

    The list leaves out LCM and TCD, and does not know that only some of its members follow flows.
    """
    if not (inspect.isclass(kind) and issubclass(kind, SchedulerMixin)):
        return False
    parameters = inspect.signature(kind.__init__).parameters
    if own.config.get("use_flow_sigmas") and "use_flow_sigmas" not in parameters:
        return False
    is_listed = kind is type(own) or kind in own.compatibles
    return is_listed or _NOISE.issubset(parameters.keys() & own.config.keys())
