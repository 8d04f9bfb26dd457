"""Tiny pipelines of nine families with random weights and real tokenizers, built without a network.

Each is what its family is in all but size: the same classes, saved and loaded as any downloaded model is.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import DiffusionPipeline

from .parts import controlnet, save_lora
from .transformer_families import fit_template, flux, flux2, hunyuan_image, pixart, qwen, sana, sd3, zimage
from .unet_families import kolors, sd15, sd15_checked, sdxl

__all__ = ["FAMILIES", "SINGULAR", "build", "controlnet", "fit_template", "save_lora", "sd15"]

FAMILIES: dict[str, Callable[[], DiffusionPipeline]] = {
    "sd15": sd15,
    "sdxl": sdxl,
    "sd3": sd3,
    "flux": flux,
    "flux2": flux2,
    "sana": sana,
    "zimage": zimage,
    "qwen": qwen,
    "pixart": pixart,
}
SINGULAR: dict[str, Callable[[], DiffusionPipeline]] = {
    "sd15_checked": sd15_checked,
    "kolors": kolors,
    "hunyuan_image": hunyuan_image,
}


def build(family: str, folder: Path) -> None:
    """Save the tiny pipeline of `family` into `folder`."""
    torch.manual_seed(0)
    (FAMILIES | SINGULAR)[family]().save_pretrained(folder, safe_serialization=True)
