"""From an installed folder to a pipeline: the lock first, then diffusers, then the lock's files once more."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from . import lock
from .pipelines import STARTER, pipeline_class

if TYPE_CHECKING:
    import torch
    from diffusers import DiffusionPipeline


def load(folder: Path, expected_hash: str) -> "DiffusionPipeline":
    """The pipeline in `folder`, on this machine's device, without a call to the network.

    Raises CheckpointRefused when any file is not the one that was installed, and when one is exchanged or
    written to between its check and the end of the load. What remains open: a process of the same user, or
    root, that changes a file in that time and sets the clock back, or later, in a part of the mapped file
    that was not read yet, or that writes to this process's memory. Such a one needs no model to do harm.
    """
    verified = lock.verify(folder, expected_hash)
    _stay_offline()
    device, dtype = placement()
    if verified.lock.pipeline_class == STARTER:
        from generation import starter

        pipeline = starter.load(folder)
    else:
        pipeline = pipeline_class(verified.lock.pipeline_class).from_pretrained(
            folder,
            dtype=dtype,
            variant=verified.lock.variant,
            use_safetensors=True,
            local_files_only=True,
        )
    verified.check_unchanged()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device)


def placement() -> tuple["torch.device", "torch.dtype"]:
    """Where models run here and in what: half precision on a GPU, full precision without one."""
    import torch

    if not torch.cuda.is_available():
        return torch.device("cpu"), torch.float32
    return torch.device("cuda"), torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _stay_offline() -> None:
    """From here on this process asks no hub for anything, whatever a configuration says."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = True  # it may have been imported before
