"""The only writer of `Job.status`.

A job is submitted once, claimed by one worker at a time, and ends once. Who holds it is told by a fence: its
`epoch`, bumped by every claim, and the worker it is `claimed_by`. All clocks are the database's. Knows
nothing of Celery messages, engines or campaigns.
"""

from .ending import StoredPicture, cancel, cancel_left_by, cancel_picture, fail, finish, give_back, stop
from .lease import FrameProgress, HeartbeatReply, LeaseLost, beat, claim
from .submission import retry, submit, wanted_again
from .sweep import sweep

__all__ = [
    "FrameProgress",
    "HeartbeatReply",
    "LeaseLost",
    "StoredPicture",
    "beat",
    "cancel",
    "cancel_left_by",
    "cancel_picture",
    "claim",
    "fail",
    "finish",
    "give_back",
    "retry",
    "stop",
    "submit",
    "sweep",
    "wanted_again",
]
