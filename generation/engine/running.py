"""The call that the device is busy with, while fibers go on behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.engine.batch_scheduler import BatchScheduler, Waiting
from generation.engine.device import Span
from generation.engine.running_request import RunningRequest


@dataclass(frozen=True, slots=True)
class Running:
    """`chosen` are the parked calls of `runs` that it answers, one each, within `span`."""

    chosen: Sequence[Waiting]
    runs: Sequence[RunningRequest]
    span: Span
    is_usual: bool

    def charge(self, scheduler: BatchScheduler) -> None:
        """Wait until it is over, and let the scheduler and the tickets know what it took."""
        seconds, rows = self.span.seconds(), sum(call.rows for call in self.chosen)
        scheduler.charge(self.chosen, seconds, is_usual=self.is_usual)
        for run, call in zip(self.runs, self.chosen, strict=True):
            run.ticket.seconds += seconds * call.rows / rows
