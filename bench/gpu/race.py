"""Arms that take turns until there are rounds enough, or the cell's share of the time is spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.gpu.budget import Budget
from bench.gpu.record import failed
from bench.harness import Cell, ratio
from generation.engine.memory import free_cached_memory

# Each draws its pictures and says how many a second.
Arms = Mapping[str, Callable[[], float]]


class Race:
    """One cell. An arm that fails is out, the others go on; what was measured before the end is kept."""

    def __init__(self, arms: Arms, budget: Budget) -> None:
        self._arms, self._budget = arms, budget
        self._first: dict[str, float] = {}
        self._rates: dict[str, list[float]] = {name: [] for name in arms}
        self._broken: dict[str, str] = {}

    def run(self, what: str, rounds: int) -> dict[str, Cell]:
        """Pictures a second of each arm, in `rounds` rounds after a warm-up."""
        for turn in range(1 + rounds):
            for name in self._arms:
                if self._budget.left() <= 0:
                    break
                self._let(name, warm=turn > 0)
        return {name: self._cell(what, name) for name in self._arms}

    def _let(self, name: str, *, warm: bool) -> None:
        if name in self._broken:
            return
        try:
            rate = self._arms[name]()
        except Exception as error:
            self._broken[name] = failed(error)
            free_cached_memory()
            return
        if warm:
            self._rates[name].append(rate)
        else:
            self._first[name] = rate

    def _cell(self, what: str, name: str) -> Cell:
        samples = () if name in self._broken else tuple(self._rates[name])
        note = self._broken.get(name, "")
        if not samples and not note:
            samples = (self._first[name],) if name in self._first else ()
            note = "its first call alone: no time left" if samples else "left out: no time left"
        return Cell(what, name, "pictures/s", samples, note)


def against(over: Cell, under: Cell) -> float:
    """The ratio of two cells' rounds, as far as both have any."""
    both = min(len(over.samples), len(under.samples))
    return ratio(over.samples[:both], under.samples[:both])
