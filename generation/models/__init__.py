from .fair_share import FairClock, FairShare
from .job import Job, Status
from .model_version import ModelVersion
from .output import Output
from .picture_request import PictureRequest
from .stored_file import StoredFileField
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "FairClock",
    "FairShare",
    "Job",
    "ModelVersion",
    "Output",
    "PictureRequest",
    "Status",
    "StoredFileField",
    "WorkerHeartbeat",
]
