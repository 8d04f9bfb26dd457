"""Checkpoints on disk: which may be installed, and are they still what was installed?

Knows files, safetensors headers, configurations and class names. Knows nothing of Django, accounts or the
database, and loads no tensor.
"""

from .facts import Facts, facts_of, memory_bytes
from .inspection import Checkpoint, inspect
from .installation import Installed, install
from .licence import licence_of
from .lock import Lock, Verified, verify
from .refusal import Refused

__all__ = [
    "Checkpoint",
    "Facts",
    "Installed",
    "Lock",
    "Refused",
    "Verified",
    "facts_of",
    "inspect",
    "install",
    "licence_of",
    "memory_bytes",
    "verify",
]
