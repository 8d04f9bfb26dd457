"""Pixels from text: any diffusers text-to-image pipeline, unmodified, with its steps shared between requests.

Pure torch and diffusers. Knows nothing of Django, Celery, accounts or storage. docs/engine.md has the map.
"""

from generation.engine.engine import Engine
from generation.engine.request import (
    DEADLINE,
    Cancelled,
    Control,
    GenerationError,
    ImageRequest,
    Lora,
    ModelNotLoaded,
    Picture,
    Progress,
    Ticket,
)

__all__ = [
    "DEADLINE",
    "Cancelled",
    "Control",
    "Engine",
    "GenerationError",
    "ImageRequest",
    "Lora",
    "ModelNotLoaded",
    "Picture",
    "Progress",
    "Ticket",
]
