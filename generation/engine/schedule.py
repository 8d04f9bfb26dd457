"""Which waiting calls run next, together. Pure Python: no torch and no clock of its own.

The same code runs in the engine and in a simulator; times come in as arguments, in seconds of any clock.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

# A second of waiting counts as much as this many seconds less of remaining work. At 0.5 a 40 s job is
# overtaken by new 1 s jobs for at most about 80 s.
AGEING = 0.5

# How much of the newest measurement goes into the estimate of seconds per row of a step.
SMOOTHING = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One parked call of one request.

    Calls with equal `key` may run together. `place` is the part of the key that decides memory (component and
    shape). `denoising` is False for text encoding and decoding. `steps_left` counts the step that waits.
    """

    request: int
    key: Hashable
    place: Hashable
    denoising: bool
    rows: int
    steps_left: int
    arrived: float
    share: str

    def __post_init__(self) -> None:
        assert self.rows >= 1
        assert self.steps_left >= 0


class Schedule:
    """Least remaining work first, with ageing, fair between shares, no wider than memory allows."""

    def __init__(self, *, max_rows: int) -> None:
        assert max_rows >= 1
        self._max_rows = max_rows
        self._width: dict[Hashable, int] = {}
        self._seconds_per_row: dict[Hashable, float] = {}
        self._served: dict[str, float] = {}

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        """The calls to run now: the best ranked one and those that fit beside it. Empty if nothing waits."""
        if not waiting:
            return []
        self._lift(waiting)
        ranked = sorted(waiting, key=lambda call: self._rank(call, now))
        leader = ranked[0]
        chosen: list[Waiting] = []
        rows = 0
        for call in ranked:
            if call.key == leader.key and (not chosen or rows + call.rows <= self.width(leader.place)):
                chosen.append(call)
                rows += call.rows
        return chosen

    def charge(self, chosen: Sequence[Waiting], seconds: float) -> None:
        """The chosen calls took `seconds` together: learn the cost and charge the shares by rows."""
        rows = sum(call.rows for call in chosen)
        place, per_row = chosen[0].place, seconds / rows
        known = self._seconds_per_row.get(place, per_row)
        self._seconds_per_row[place] = known + SMOOTHING * (per_row - known)
        for call in chosen:
            self._served[call.share] = self._served.get(call.share, 0.0) + per_row * call.rows

    def width(self, place: Hashable) -> int:
        """The most rows to run at once at this component and shape."""
        return self._width.get(place, self._max_rows)

    def narrow(self, place: Hashable, rows: int) -> None:
        """`rows` rows did not fit into memory: from now on run at most half as many at this place."""
        self._width[place] = max(1, rows // 2)

    def _rank(self, call: Waiting, now: float) -> tuple[bool, float, float, int]:
        """Smaller runs earlier.

        Encoding and decoding come first: they are short, and an encoded newcomer shares the very next step.
        After that all is seconds: work left, plus how far the share is ahead of the others, less the wait.
        """
        work = call.steps_left * call.rows * self._seconds_per_row.get(call.place, 1.0)
        ahead = self._served[call.share] - min(self._served.values())
        score = work + ahead - AGEING * (now - call.arrived)
        return call.denoising, score, call.arrived, call.request

    def _lift(self, waiting: Sequence[Waiting]) -> None:
        """A share that comes back after a pause gets no credit for it: it starts level with the least served.

        As in start-time fair queueing (Goyal, Vin and Cheng 1996). A share that left ahead stays ahead.
        """
        present = {call.share for call in waiting}
        known = [served for share, served in self._served.items() if share in present]
        floor = min(known, default=0.0)
        ahead = {share: served for share, served in self._served.items() if served > floor}
        self._served = dict.fromkeys(present, floor) | ahead
