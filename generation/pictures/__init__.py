"""Pictures: the kind of work that Handbill is for. Asked for, made frame by frame, and each taken out or
kept.
"""

from .incidents import incident_kept
from .kind import Pictures
from .outputs import FrameProgress, StoredPicture, cancel, filled, show
from .request_rules import Refused
from .submission import submit, wanted_again

__all__ = [
    "FrameProgress",
    "Pictures",
    "Refused",
    "StoredPicture",
    "cancel",
    "filled",
    "incident_kept",
    "show",
    "submit",
    "wanted_again",
]
