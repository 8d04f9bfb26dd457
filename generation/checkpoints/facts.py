"""What a checkpoint needs and offers, read from its configurations, its headers and its pipeline's own
signature.
"""

import inspect as signatures
from dataclasses import dataclass
from typing import Any

from .inspection import Checkpoint
from .pipelines import pipeline_class

FLOATS = {"F16", "BF16", "F32", "F64"}
USUAL_SIDE = 1024
# Keys of autoencoders' configurations that list their stages, and how many more or fewer halvings there are.
HALVINGS = {"encoder_block_out_channels": -1, "block_out_channels": -1, "temperal_downsample": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFacts:
    """Sizes in pixels; `guidance_default` 0 where the pipeline has no guidance."""

    size_multiple: int
    size_min: int
    size_max: int
    size_default: int
    steps_default: int
    guidance_default: float
    takes_negative_prompt: bool


def facts_of(checkpoint: Checkpoint) -> CheckpointFacts:
    """Sizes from the configurations, steps and guidance as the pipeline's authors chose. Imports torch."""
    call = pipeline_class(checkpoint.pipeline_class).__call__
    defaults = {name: parameter.default for name, parameter in signatures.signature(call).parameters.items()}
    scale = _pixels_per_latent(checkpoint)
    multiple = scale * _latents_per_patch(checkpoint)
    side = _snap(_trained_side(checkpoint, scale) or _number(defaults.get("height")) or USUAL_SIDE, multiple)
    return CheckpointFacts(
        size_multiple=multiple,
        size_min=_snap(side // 2, multiple),
        size_max=_snap(side * 2, multiple),
        size_default=side,
        steps_default=_number(defaults.get("num_inference_steps")) or 20,
        guidance_default=_guidance(defaults),
        takes_negative_prompt=_takes_negative_prompt(defaults),
    )


def memory_bytes(checkpoint: Checkpoint, float_bytes: int) -> int:
    """Bytes of the weights in memory when floating-point tensors are loaded with `float_bytes` each."""
    tensors = [tensor for file in checkpoint.tensors.values() for tensor in file.values()]
    return sum(t.elements * float_bytes if t.dtype in FLOATS else t.end - t.begin for t in tensors)


def _config(checkpoint: Checkpoint, *names: str) -> dict[str, Any]:
    """The configuration of the first of these components that there is; empty when there is none."""
    for name in names:
        config = checkpoint.documents.get(f"{name}/config.json")
        if isinstance(config, dict):
            return config
    return {}


def _pixels_per_latent(checkpoint: Checkpoint) -> int:
    """Pixels of a side that one latent stands for: every family's autoencoder says it in its own words."""
    vae = _config(checkpoint, "vae", "movq", "vqgan")
    if ratio := _number(vae.get("spatial_compression_ratio")) or _number(vae.get("scale_factor_spatial")):
        return ratio
    for key, halvings in HALVINGS.items():
        if isinstance(vae.get(key), list):
            return 2 ** min(8, len(vae[key]) + halvings)
    return 8


def _latents_per_patch(checkpoint: Checkpoint) -> int:
    denoiser, vae = _config(checkpoint, "transformer", "unet"), _config(checkpoint, "vae")
    patch = denoiser.get("patch_size") or denoiser.get("all_patch_size") or 1
    patch = patch[-1] if isinstance(patch, list) and patch else patch
    # FLUX's pipelines fold 2x2 latents into channels before the transformer, whose own patch is then 1.
    channels = vae.get("latent_channels") or vae.get("z_dim")
    folded = 2 if channels and denoiser.get("in_channels") == 4 * channels else 1
    return max(_number(patch) or 1, folded)


def _trained_side(checkpoint: Checkpoint, scale: int) -> int:
    size = _config(checkpoint, "transformer", "unet").get("sample_size")
    size = size[0] if isinstance(size, list) and size else size
    return (_number(size) or 0) * scale


def _number(value: object) -> int | None:
    return value if type(value) is int and 0 < value < 1 << 14 else None


def _snap(length: int, multiple: int) -> int:
    return max(multiple, length // multiple * multiple)


def _guidance(defaults: dict[str, Any]) -> float:
    for name in ("guidance_scale", "true_cfg_scale"):
        if isinstance(defaults.get(name), int | float):
            return float(defaults[name])
    return 0.0


def _takes_negative_prompt(defaults: dict[str, Any]) -> bool:
    """Distilled pipelines have the argument and ignore it unless true guidance is turned up."""
    return "negative_prompt" in defaults and defaults.get("true_cfg_scale", 4.0) > 1
