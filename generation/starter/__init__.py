"""The starter model: diffusion in scene space (see MODEL_CARD.md). Importing this imports no torch."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pipeline import StarterPipeline

WEIGHTS = Path(__file__).with_name("weights")


def load(folder: Path = WEIGHTS) -> "StarterPipeline":
    """The pipeline saved in `folder`, in float32 on the CPU."""
    import torch

    from .pipeline import StarterPipeline

    return StarterPipeline.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True, use_safetensors=True
    )
