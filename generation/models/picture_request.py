from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """What a job of pictures asks for, alike for each of them: with a model and a seed it is one picture.

    width and height in pixels; guidance as the scale of classifier-free guidance (Ho and Salimans, 2022).
    """

    # Texts stay out of repr, so that no log line that prints a request can hold them.
    prompt: str = field(repr=False)
    negative_prompt: str = field(default="", repr=False)
    width: int
    height: int
    steps: int
    guidance: float

    @classmethod
    def of(cls, job: Job) -> PictureRequest:
        """What `job` asks for. What a newer Handbill added to the row is left out."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: job.request[name] for name in names if name in job.request})

    def to_json(self) -> dict[str, object]:
        return asdict(self)
