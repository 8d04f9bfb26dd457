"""Checkpoints on disk: which may be installed, and are they still what was installed?

Knows files, safetensors headers, configurations and class names. Knows nothing of Django, accounts or the
database, and loads tensors in one place only, `load`.
"""

from generation.files.refusal import CheckpointRefused

from .facts import CheckpointFacts, facts_of, memory_bytes
from .inspection import Checkpoint, inspect
from .installation import Installed, install
from .licence import licence_of
from .loading import load, placement
from .lock import Lock, Verified, glance, same_files, verify
from .pipelines import STARTER

__all__ = [
    "STARTER",
    "Checkpoint",
    "CheckpointFacts",
    "CheckpointRefused",
    "Installed",
    "Lock",
    "Verified",
    "facts_of",
    "glance",
    "inspect",
    "install",
    "licence_of",
    "load",
    "memory_bytes",
    "placement",
    "same_files",
    "verify",
]
