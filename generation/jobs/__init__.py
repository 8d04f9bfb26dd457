"""The one queue of all work, and the only writer of `Job.status`.

A job is submitted once, claimed by one worker at a time, and ends once. Who holds it is told by a fence: its
`epoch`, bumped by every claim, and the worker it is `claimed_by`. All clocks are the database's. Knows
nothing of Celery messages, pictures or campaigns: what a job does is the code of its kind.
"""

from .ending import cancel, cancel_left_by, fail, finish, give_back, locked, may_cancel, stop, withdraw
from .job_run import JobAbandoned, JobCancelled, JobFailed, JobGivenBack, JobRun, ProcessBroken
from .kinds import Fill, Kind, kind_of, register
from .lease import HeartbeatReply, LeaseLost, beat, claim
from .submission import enqueue, retry, retry_key
from .sweep import sweep

__all__ = [
    "Fill",
    "HeartbeatReply",
    "JobAbandoned",
    "JobCancelled",
    "JobFailed",
    "JobGivenBack",
    "JobRun",
    "Kind",
    "LeaseLost",
    "ProcessBroken",
    "beat",
    "cancel",
    "cancel_left_by",
    "claim",
    "enqueue",
    "fail",
    "finish",
    "give_back",
    "kind_of",
    "locked",
    "may_cancel",
    "register",
    "retry",
    "retry_key",
    "stop",
    "sweep",
    "withdraw",
]
