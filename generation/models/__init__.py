from .job import Job, Status
from .model_version import ModelVersion
from .output import Output
from .picture_request import PictureRequest
from .queue_tag import QueueTag
from .stored_file import StoredFileField
from .virtual_clock import VirtualClock
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "Job",
    "ModelVersion",
    "Output",
    "PictureRequest",
    "QueueTag",
    "Status",
    "StoredFileField",
    "VirtualClock",
    "WorkerHeartbeat",
]
