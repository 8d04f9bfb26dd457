"""The call that the device is busy with, while fibers go on behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.engine.device import Span
from generation.engine.flight import Flight
from generation.engine.schedule import Schedule, Waiting


@dataclass(frozen=True, slots=True)
class Running:
    """`chosen` are the parked calls of `flights` that it answers, one each, within `span`."""

    chosen: Sequence[Waiting]
    flights: Sequence[Flight]
    span: Span
    is_usual: bool

    def charge(self, schedule: Schedule) -> None:
        """Wait until it is over, and let the schedule and the tickets know what it took."""
        seconds, rows = self.span.seconds(), sum(call.rows for call in self.chosen)
        schedule.charge(self.chosen, seconds, is_usual=self.is_usual)
        for flight, call in zip(self.flights, self.chosen, strict=True):
            flight.ticket.seconds += seconds * call.rows / rows
