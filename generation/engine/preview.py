"""A small, cheap picture of latents.

By a tiny decoder where the model has one, else by one matrix from channels to RGB, fitted to its own decoder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny, DiffusionPipeline
from PIL import Image

LONGEST_SIDE = 96

# The decoder is shown 8 x 8 flat patches of random latents, each of 3 x 3 latent pixels: single pixels are
# noise to a decoder, and larger patches cost more than they teach.
_PATCHES, _PATCH = 8, 3


class LatentPreview:
    """Draws previews for one model. Depends on its weights only, never on anybody's pictures."""

    def __init__(self) -> None:
        self._matrix: torch.Tensor | None = None
        self._fitted = False

    def prepare(
        self, pipeline: DiffusionPipeline, latents: torch.Tensor, height: int, width: int
    ) -> Callable[[], Image.Image] | None:
        """What draws a picture of at most 96 px a side, or None where the latents' form is not known.

        Drawing is left to whoever looks at it, on any thread: most previews are overtaken by the next one
        before anybody does. `latents`: (1, channels, h, w), the same with one frame, or packed in 2 x 2
        patches as FLUX has them, (1, h/2 * w/2, channels * 4). `height` and `width` of the finished picture
        in pixels. A pipeline that has a `preview` of its own is asked instead, and one that brings a tiny
        decoder has it used.
        """
        if hasattr(pipeline, "preview"):
            return partial(_own_preview, pipeline, latents, height, width)
        grid = _grid(latents[:1], height, width)
        tiny = tiny_decoder(pipeline)
        if grid is None:
            return None
        if tiny is not None and tiny.config.latent_channels == grid.shape[1]:
            return partial(_decoded, tiny, grid)
        if not self._fitted:
            self._matrix, self._fitted = fit_decoder(pipeline), True
        if self._matrix is None or grid.shape[1] + 1 != self._matrix.shape[0]:
            return None
        return partial(_projected, grid, self._matrix)


def tiny_decoder(pipeline: DiffusionPipeline) -> AutoencoderTiny | None:
    """The tiny autoencoder (TAESD) among a pipeline's parts, whatever it is called."""
    tiny = (part for part in vars(pipeline).values() if isinstance(part, AutoencoderTiny))
    return next(tiny, None)


@torch.inference_mode()
def _own_preview(pipeline: Any, latents: torch.Tensor, height: int, width: int) -> Image.Image:
    image: Image.Image = pipeline.preview(latents, height, width)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return image


@torch.inference_mode()
def _decoded(tiny: AutoencoderTiny, grid: torch.Tensor) -> Image.Image:
    """By the tiny decoder, from latents made so small that its picture is about twice the preview's size."""
    side = 2 * LONGEST_SIDE // 2 ** (len(tiny.config.decoder_block_out_channels) - 1)
    values = _shrink(grid.float(), side) / tiny.config.scaling_factor + tiny.config.shift_factor
    rgb = tiny.decode(values.to(tiny.device, tiny.dtype), return_dict=False)[0]
    image = _image(rgb[0].permute(1, 2, 0).float().cpu())
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return image


@torch.inference_mode()
def _projected(grid: torch.Tensor, matrix: torch.Tensor) -> Image.Image:
    return _image(_append_one(_shrink(grid.float().cpu(), LONGEST_SIDE)) @ matrix)


def _image(rgb: torch.Tensor) -> Image.Image:
    """(height, width, 3) in -1..1 as a picture."""
    return Image.fromarray((rgb.clamp(-1, 1) * 127.5 + 127.5).round().byte().numpy())


def fit_decoder(pipeline: DiffusionPipeline) -> torch.Tensor | None:
    """Least squares from latents to the decoder's RGB in -1..1: (channels + 1, 3), None without a decoder.

    The idea of a linear preview is Keturn's (discuss.huggingface.co/t/23204, 2022), with numbers for one
    model; fitting to whatever decoder is loaded needs none.
    """
    vae = getattr(pipeline, "vae", None)
    channels = vae and (vae.config.get("latent_channels") or vae.config.get("z_dim"))
    if not channels:
        return None
    noise = torch.randn(1, channels, _PATCHES, _PATCHES, generator=torch.Generator().manual_seed(0))
    latents = noise.repeat_interleave(_PATCH, dim=2).repeat_interleave(_PATCH, dim=3)
    try:
        decoded = _decode(vae, latents)
    except Exception:  # a preview is a courtesy: whatever a decoder makes of our patches, the picture goes on
        return None
    rgb = F.adaptive_avg_pool2d(decoded, (_PATCHES * _PATCH, _PATCHES * _PATCH))
    inputs, outputs = _append_one(latents).reshape(-1, channels + 1), rgb[0].permute(1, 2, 0).reshape(-1, 3)
    matrix = torch.linalg.lstsq(inputs, outputs).solution
    return matrix if bool(matrix.isfinite().all()) else None


def _decode(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    """Decode unit-variance latents (1, channels, h, w) to (1, 3, H, W) on the CPU, in float32."""
    config, dtype = vae.config, vae.dtype
    mean, std = config.get("latents_mean"), config.get("latents_std")
    if mean is not None and std is not None:
        values = latents * torch.tensor(std).view(1, -1, 1, 1) + torch.tensor(mean).view(1, -1, 1, 1)
    else:
        values = latents / (config.get("scaling_factor") or 1.0) + (config.get("shift_factor") or 0.0)
    if config.get("force_upcast") and dtype == torch.float16:
        vae.to(torch.float32)  # as for the picture itself: SDXL's decoder overflows in half precision
    frames = "z_dim" in config  # a video decoder, one frame of it
    values = values.to(vae.device, vae.dtype)
    rgb: torch.Tensor = vae.decode(values[:, :, None] if frames else values, return_dict=False)[0]
    if vae.dtype != dtype:
        vae.to(dtype)
    return (rgb[:, :, 0] if frames else rgb).float().cpu()


def _grid(latents: torch.Tensor, height: int, width: int) -> torch.Tensor | None:
    """Latents as (1, channels, h, w), unpacked if need be."""
    if latents.ndim == 5:
        return latents[:, :, 0]
    if latents.ndim == 4:
        return latents
    if latents.ndim != 3 or latents.shape[2] % 4:
        return None
    tokens, channels = latents.shape[1], latents.shape[2] // 4
    rows = round((tokens * height / width) ** 0.5)
    if rows == 0 or tokens % rows:
        return None
    patches = latents.reshape(1, rows, tokens // rows, channels, 2, 2)
    return patches.permute(0, 3, 1, 4, 2, 5).reshape(1, channels, rows * 2, tokens // rows * 2)


def _shrink(grid: torch.Tensor, longest: int) -> torch.Tensor:
    factor = longest / max(grid.shape[-2:])
    if factor >= 1:
        return grid
    size = [max(1, round(side * factor)) for side in grid.shape[-2:]]
    return F.interpolate(grid, size=size, mode="area")


def _append_one(grid: torch.Tensor) -> torch.Tensor:
    """(1, channels, h, w) as (h, w, channels + 1), the last entry 1 for the bias."""
    pixels = grid[0].permute(1, 2, 0)
    return torch.cat([pixels, torch.ones_like(pixels[..., :1])], dim=-1)
