from .incident import Incident
from .job import ENDED_BADLY, UNFINISHED, Job, Queue, Status
from .model_version import ModelVersion
from .output import MAY_BE_SHOWN, PICTURES, Output
from .picture_request import PictureRequest
from .queue_tag import QueueTag
from .stored_file import StoredFileField
from .virtual_clock import VirtualClock
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "ENDED_BADLY",
    "MAY_BE_SHOWN",
    "PICTURES",
    "UNFINISHED",
    "Incident",
    "Job",
    "ModelVersion",
    "Output",
    "PictureRequest",
    "Queue",
    "QueueTag",
    "Status",
    "StoredFileField",
    "VirtualClock",
    "WorkerHeartbeat",
]
