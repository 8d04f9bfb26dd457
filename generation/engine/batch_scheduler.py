"""Which waiting calls run next, together. Pure Python: no torch and no clock of its own.

The same code runs in the engine and in a simulator; times come in as arguments, in seconds of any clock.
Every pick is free of the one before, so a request is preempted at any step, at no cost.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from generation.engine.fair_scheduler import CREDIT, FairScheduler
from generation.engine.latency_curve import LatencyCurve

# A request that has waited as long as this many times its own work counts as half the work it has left.
# Shorter ones overtake a request of work W that has L left until it has waited W (L / shorter - 1) seconds.
PATIENCE = 1.0

# A share that is ahead of the others by as many seconds as this many requests take counts double the work.
# Less would put short requests of anybody served a little more behind long ones of others; more would let
# one busy share slow the others down.
LEAD = 3.0

# Requests by which seconds become "as many requests take": a mean over about the last hundred finished.
MEMORY = 0.01

# Bytes that requests in flight may keep beside the weights: latents, text states, masks. Some hundreds of
# requests; beyond that those that wait cost memory and win nothing.
HELD_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One parked call of one request.

    Calls with equal `key` may run together. `place` is the part of the key that decides cost and memory
    (model, component and shape). `denoising` is False for text encoding and decoding. `steps_left` of
    `steps` counts the step that waits. A share of twice the `weight` is served twice the seconds.
    """

    request: int
    key: Hashable
    place: Hashable
    denoising: bool
    rows: int
    steps_left: int
    steps: int
    arrived: float
    share: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        assert self.rows >= 1
        assert self.steps_left >= 0
        assert self.weight > 0


class BatchScheduler:
    """Least remaining work first, with ageing, fair between shares, as wide as it pays and as fits."""

    def __init__(self, *, max_rows: int, held_bytes: int = HELD_BYTES) -> None:
        assert max_rows >= 1
        self._max_rows = max_rows
        self._held_bytes = held_bytes
        self._fits: dict[Hashable, int] = {}
        self._curves: dict[Hashable, LatencyCurve] = {}
        # Width and seconds a row, of the curve as it is now.
        self._best_widths: dict[Hashable, tuple[int, float]] = {}
        self._shares = FairScheduler()
        self._typical: float | None = None
        # Of this pick: its time, and the seconds that a request takes.
        self._now = 0.0
        self._request_seconds = 1.0

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        """The calls to run now: the best ranked one and those that fit beside it. Empty if nothing waits."""
        if not waiting:
            return []
        self._now = now
        self._request_seconds = self._typical or self._mean_work(waiting)
        self._shares.enter({call.share for call in waiting}, CREDIT * self._request_seconds)
        leader = min(self._fronts(waiting), key=self._rank)
        width = self.width(leader.place)
        chosen, rows = [leader], leader.rows
        for call in sorted((call for call in waiting if call.key == leader.key), key=self._rank):
            if call.request != leader.request and rows + call.rows <= width:
                chosen.append(call)
                rows += call.rows
        return chosen

    def charge(self, chosen: Sequence[Waiting], seconds: float, *, is_usual: bool = True) -> None:
        """The chosen calls took `seconds` together: learn the cost, if it is the usual one, and charge it."""
        rows, place = sum(call.rows for call in chosen), chosen[0].place
        if is_usual:
            self._curves.setdefault(place, LatencyCurve()).record(rows, seconds)
            self._best_widths.pop(place, None)
        for call in chosen:
            self._shares.charge(call.share, seconds * call.rows / rows / call.weight)
            if call.steps_left <= 1:
                self._shares.turn(call.share, self._now + seconds)
            if call.steps_left <= 1 and call.denoising:
                self._typical = self._smoothed(self._work(call, call.steps))

    def width(self, place: Hashable) -> int:
        """The most rows to run at once at this place: at the knee of its curve, and no more than fit."""
        return min(self._knee(place)[0], self._fits.get(place, self._max_rows))

    def narrow(self, place: Hashable, rows: int) -> None:
        """`rows` rows did not fit into memory: from now on run at most half as many at this place."""
        self._fits[place] = max(1, rows // 2)

    def record(self, place: Hashable, curve: LatencyCurve) -> None:
        """Start from a measured curve where nothing was learned yet."""
        if place not in self._curves:
            self._curves[place] = LatencyCurve(curve.seconds)
            self._best_widths.pop(place, None)

    def may_start(self, held: Sequence[int]) -> bool:
        """Whether one more request may start beside those in flight, which keep `held` bytes each.

        The newcomer counts as the largest of them. Alone it always may.
        """
        return not held or sum(held) + max(held) <= self._held_bytes

    # --- order --------------------------------------------------------------------------------------------

    def _fronts(self, waiting: Iterable[Waiting]) -> list[Waiting]:
        """The first call of each share by its own order: least remaining work, with ageing since arrival."""
        fronts: dict[str, tuple[tuple[float, ...], Waiting]] = {}
        for call in waiting:
            own = (call.denoising, self._aged(call, call.arrived), call.arrived, call.request)
            if call.share not in fronts or own < fronts[call.share][0]:
                fronts[call.share] = own, call
        return [call for _, call in fronts.values()]

    def _rank(self, call: Waiting) -> tuple[bool, float, float, int]:
        """Smaller runs earlier, between shares.

        Encoding and decoding come first: they are short, and an encoded newcomer shares the very next step.
        After that all is seconds: work left, more of it the further the share is ahead, less of it the longer
        the request waited for others.
        """
        lead = 1.0 + self._shares.ahead(call.share) / (LEAD * self._request_seconds)
        aged = self._aged(call, self._shares.waiting_since(call.share, call.arrived))
        return call.denoising, aged * lead, call.arrived, call.request

    def _aged(self, call: Waiting, since: float) -> float:
        waited = max(0.0, self._now - since)
        return self._work(call, call.steps_left) / (1.0 + waited / (PATIENCE * self._work(call, call.steps)))

    def _work(self, call: Waiting, steps: int) -> float:
        """Seconds that `steps` steps of this request take while the machine is well used."""
        return max(1, steps) * call.rows * self._knee(call.place)[1]

    # --- what a call costs --------------------------------------------------------------------------------

    def _knee(self, place: Hashable) -> tuple[int, float]:
        if place not in self._best_widths:
            curve = self._curves.setdefault(place, LatencyCurve())
            self._best_widths[place] = curve.best_width(self._max_rows), curve.per_row(self._max_rows)
        return self._best_widths[place]

    def _mean_work(self, waiting: Sequence[Waiting]) -> float:
        return sum(self._work(call, call.steps) for call in waiting) / len(waiting)

    def _smoothed(self, seconds: float) -> float:
        known = seconds if self._typical is None else self._typical
        return known + MEMORY * (seconds - known)
