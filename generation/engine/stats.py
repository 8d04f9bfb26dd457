"""What the engine has done since it started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """Real component calls and the rows they carried; rows / calls is how much was shared."""

    calls: int = 0
    rows: int = 0

    def plus(self, rows: int) -> Count:
        return Count(self.calls + 1, self.rows + rows)


@dataclass(frozen=True, slots=True)
class ModelStats:
    """What ran by stage, and how many calls of text encoders were answered by an earlier one's answer."""

    encoding: Count = Count()
    denoising: Count = Count()
    decoding: Count = Count()
    reused: int = 0


@dataclass(frozen=True, slots=True)
class EngineStats:
    """`in_flight` requests are started, `waiting` ones are not yet; `resident` models are loaded."""

    models: Mapping[str, ModelStats]
    in_flight: int
    waiting: int
    resident: tuple[str, ...]
