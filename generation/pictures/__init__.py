"""Pictures: the kind of work that Handbill is for. Asked for, made frame by frame, and each taken out or
kept.
"""

from .kind import Pictures
from .outputs import FrameProgress, StoredPicture, cancel, filled, show
from .submission import submit, wanted_again

__all__ = [
    "FrameProgress",
    "Pictures",
    "StoredPicture",
    "cancel",
    "filled",
    "show",
    "submit",
    "wanted_again",
]
