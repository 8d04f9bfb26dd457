"""Pipelines of the real classes and sizes with random weights, built where they run, without a network.

Random weights are the honest setting for speed (zeros run faster) and say nothing of quality. Tokenizers and
their vocabularies are small ones: they do not count.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import diffusers
import torch
import transformers
from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler

from tests.engine.tiny_pipelines import FAMILIES, parts, tokenizers
from tests.engine.tiny_pipelines.unet_families import SD_NOISE

SEED = 20260823


def build(
    kind: str, *, scale: int = 1, device: str = "cpu", dtype: torch.dtype = torch.float32
) -> DiffusionPipeline:
    """A pipeline of `kind` ("sd15", "sdxl", "flux", "zimage"), its widths divided by `scale` (1 or 4).

    `scale` 0 is the tests' tiny one.
    """
    torch.manual_seed(SEED)
    maker: Callable[..., DiffusionPipeline] = KINDS[kind] if scale else FAMILIES[kind]
    was = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        # On the device from the start: random numbers for the largest take minutes on a processor.
        with torch.device(device if scale else "cpu"), torch.no_grad():
            pipeline = maker(scale) if scale else maker()
    finally:
        torch.set_default_dtype(was)
    pipeline.set_progress_bar_config(disable=True)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval().requires_grad_(False)
    return pipeline if scale else pipeline.to(device=device, dtype=dtype)


def with_own_denoiser(pipeline: DiffusionPipeline) -> DiffusionPipeline:
    """A copy with a denoiser of its own, to be changed; the other weights are shared."""
    name = "unet" if hasattr(pipeline, "unet") else "transformer"
    return with_parts(pipeline, **{name: copy.deepcopy(getattr(pipeline, name))})


def with_parts(pipeline: DiffusionPipeline, **parts: Any) -> DiffusionPipeline:
    """A copy that has `parts` for its own."""
    own = type(pipeline)(**pipeline.components | parts | _unregistered(pipeline))
    own.set_progress_bar_config(disable=True)
    return own


def _unregistered(pipeline: DiffusionPipeline) -> dict[str, Any]:
    return {"requires_safety_checker": False} if "requires_safety_checker" in pipeline.config else {}


def denoiser_of(pipeline: DiffusionPipeline) -> Any:
    return pipeline.unet if hasattr(pipeline, "unet") else pipeline.transformer


def clip(tokenizer: Any, width: int, layers: int, *, projection: bool = False) -> Any:
    return parts.clip_encoder(
        tokenizer,
        projection=projection,
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=max(1, width // 64),
        projection_dim=width,
    )


def t5(tokenizer: Any) -> Any:
    """T5 XXL's encoder."""
    return parts.t5_encoder(tokenizer, d_model=4096, d_ff=10240, d_kv=64, num_heads=64, num_layers=24)


def autoencoder(scale: int, channels: int = 4, **config: Any) -> diffusers.AutoencoderKL:
    return diffusers.AutoencoderKL(
        block_out_channels=tuple(width // scale for width in (128, 256, 512, 512)),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=channels,
        norm_num_groups=32 // scale,
        sample_size=512,
        **config,
    )


def tiny_autoencoder(pipeline: DiffusionPipeline) -> diffusers.AutoencoderTiny:
    """TAESD's, beside `pipeline`'s own decoder."""
    weight = next(pipeline.vae.parameters())
    with torch.device(weight.device):
        decoder = diffusers.AutoencoderTiny(latent_channels=pipeline.vae.config.latent_channels)
    return decoder.to(weight.device, weight.dtype).eval().requires_grad_(False)


# A scheduler counts in float32 on the processor, wherever its model is.


def euler(**config: Any) -> diffusers.EulerDiscreteScheduler:
    with torch.device("cpu"):
        return diffusers.EulerDiscreteScheduler(**SD_NOISE, **config)


def flow_euler(**config: Any) -> FlowMatchEulerDiscreteScheduler:
    with torch.device("cpu"):
        return FlowMatchEulerDiscreteScheduler(**config)


def sd15(scale: int) -> DiffusionPipeline:
    tokenizer = tokenizers.clip_tokenizer()
    return diffusers.StableDiffusionPipeline(
        vae=autoencoder(scale),
        text_encoder=clip(tokenizer, 768 // scale, 12 // scale),
        tokenizer=tokenizer,
        unet=diffusers.UNet2DConditionModel(
            sample_size=64,
            block_out_channels=tuple(width // scale for width in (320, 640, 1280, 1280)),
            cross_attention_dim=768 // scale,
            attention_head_dim=8 // scale,
            norm_num_groups=32 // (2 * scale if scale > 1 else 1),
        ),
        scheduler=euler(steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl(scale: int) -> DiffusionPipeline:
    first, second = tokenizers.clip_tokenizer(), tokenizers.clip_tokenizer()
    pooled, times = 1280 // scale, 256 // scale
    return diffusers.StableDiffusionXLPipeline(
        vae=autoencoder(scale),
        text_encoder=clip(first, 768 // scale, 12 // scale),
        text_encoder_2=clip(second, pooled, 32 // scale, projection=True),
        tokenizer=first,
        tokenizer_2=second,
        unet=diffusers.UNet2DConditionModel(
            sample_size=128,
            block_out_channels=tuple(width // scale for width in (320, 640, 1280)),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=768 // scale + pooled,
            attention_head_dim=(5, 10, 20),
            transformer_layers_per_block=(1, 2, 10),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=times,
            projection_class_embeddings_input_dim=pooled + 6 * times,
            norm_num_groups=32 // (2 * scale if scale > 1 else 1),
        ),
        scheduler=euler(timestep_spacing="leading", steps_offset=1),
        add_watermarker=False,
    )


def flow_autoencoder() -> diffusers.AutoencoderKL:
    return autoencoder(
        1, 16, shift_factor=0.1159, scaling_factor=0.3611, use_quant_conv=False, use_post_quant_conv=False
    )


def flux(scale: int) -> DiffusionPipeline:
    """FLUX.1 dev: diffusers' own default sizes."""
    first, second = tokenizers.clip_tokenizer(), tokenizers.t5_tokenizer()
    return diffusers.FluxPipeline(
        scheduler=flow_euler(),
        vae=flow_autoencoder(),
        text_encoder=clip(first, 768, 12),
        tokenizer=first,
        text_encoder_2=t5(second),
        tokenizer_2=second,
        transformer=diffusers.FluxTransformer2DModel(guidance_embeds=True),
    )


def zimage(scale: int) -> DiffusionPipeline:
    """Z-Image with its Qwen3 4B: diffusers' own default sizes."""
    tokenizer = tokenizers.qwen_tokenizer()
    encoder = transformers.Qwen3Config(
        hidden_size=2560,
        intermediate_size=9728,
        num_hidden_layers=36,
        num_attention_heads=32,
        num_key_value_heads=8,
        head_dim=128,
        vocab_size=len(tokenizer) + 8,
        max_position_embeddings=40960,
    )
    return diffusers.ZImagePipeline(
        scheduler=flow_euler(shift=3.0),
        vae=flow_autoencoder(),
        text_encoder=transformers.Qwen3Model(encoder),
        tokenizer=tokenizer,
        transformer=diffusers.ZImageTransformer2DModel(),
    )


KINDS: dict[str, Callable[[int], DiffusionPipeline]] = {
    "sd15": sd15,
    "sdxl": sdxl,
    "flux": flux,
    "zimage": zimage,
}
