"""How much each share, a business in the product, was served, and how long it has been waiting its turn."""

from __future__ import annotations

from collections.abc import Iterable

# A share that was away for a while may catch up at most as many seconds as this many requests take. Enough
# that somebody who comes for a few pictures goes before whoever keeps the machine busy all day; not so much
# that a day's absence could be turned into an hour's monopoly.
CREDIT = 20.0


class FairScheduler:
    """Weighted served seconds a share, on one virtual time.

    Start-time fair queueing (Goyal, Vin and Cheng 1996) with a bounded credit: a share that comes back
    starts where the least served of those at work is, or at most the credit before it.
    """

    def __init__(self) -> None:
        self._served: dict[str, float] = {}
        self._turned: dict[str, float] = {}
        self._present: frozenset[str] = frozenset()
        self._virtual = 0.0
        self._floor = 0.0

    def enter(self, present: Iterable[str], credit: float) -> None:
        """These shares, and no others, wait now. `credit` in seconds."""
        shares = frozenset(present)
        stayed = shares & self._present
        # When all have left, whoever comes next starts where the most served of them ended.
        at_work = [self._served[share] for share in stayed] or [
            max((self._served[share] for share in self._present), default=0.0)
        ]
        self._virtual = max(self._virtual, min(at_work))
        if shares != self._present:
            self._admit(shares - stayed, self._virtual - credit)
        self._present = shares
        self._floor = min((self._served[share] for share in shares), default=self._virtual)

    def _admit(self, newcomers: frozenset[str], start: float) -> None:
        kept = {share: served for share, served in self._served.items() if served > start}
        self._served = dict.fromkeys(newcomers | self._present, start) | kept
        self._turned = {share: moment for share, moment in self._turned.items() if share in self._served}

    def charge(self, share: str, seconds: float) -> None:
        """`share` was served `seconds`, already divided by its weight."""
        self._served[share] = self._served.get(share, self._virtual) + seconds

    def turn(self, share: str, now: float) -> None:
        """A request of `share` was finished: those behind it begin to wait for others only now."""
        self._turned[share] = now

    def ahead(self, share: str) -> float:
        """Seconds that `share` was served more than the least served one that waits."""
        return self._served[share] - self._floor

    def waiting_since(self, share: str, arrived: float) -> float:
        """When a request that came at `arrived` began to wait for other shares, not for its own."""
        return max(arrived, self._turned.get(share, arrived))
