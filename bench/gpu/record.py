"""What one model's cells have found, on disk as soon as it is known."""

from __future__ import annotations

import math
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from bench import report
from bench.gpu.budget import Budget
from bench.harness import Cell, Result
from bench.pipelines import SEED
from generation.engine.memory import free_cached_memory

# Of an error, as much as one needs to mend it: a lent machine hands back the end of what was printed.
TRACE, CHARACTERS = 4, 1200


class Record:
    """The result `name`, saved with each cell. `budget` is the whole run's."""

    def __init__(self, name: str, budget: Budget, *, quick: bool) -> None:
        self.result = Result(name, seed=SEED)
        self.budget = budget
        self._quick = quick

    def keep(self, *cells: Cell) -> None:
        self.result.cells += cells
        report.save(self.result, quick=self._quick, folder=results_folder())

    def leave_out(self, what: str, why: str) -> None:
        self.keep(Cell(what, "all", "", (), note=why))

    def reach(self, target: str, value: float) -> None:
        """Hold a figure against a target; the best one counts."""
        self.result.measured[target] = max(value, self.result.measured.get(target, -math.inf))

    def attempt(self, what: str, cell: Callable[[], object], expected: float = 0.0) -> bool:
        """Whether a cell that takes about `expected` seconds was measured; if not, why is noted."""
        if self.budget.left() <= expected:
            about = f"about {expected:.0f} s" if expected and self.budget.left() > 0 else "no time left"
            self.leave_out(what, f"left out: {about}")
            return False
        try:
            cell()
        except Exception as error:  # whatever it was, the others are worth their minutes
            self.leave_out(what, failed(error))
            free_cached_memory()
            return False
        return True


def failed(error: Exception) -> str:
    """Its kind alone: the text of a compiler's error fills pages. Where it was raised is printed."""
    print("".join(traceback.format_exception(error, limit=-TRACE))[-CHARACTERS:], file=sys.stderr, flush=True)
    return f"failed: {type(error).__name__}"


def results_folder() -> Path:
    """$OUT, what a lent machine hands back; elsewhere the folder of results."""
    return Path(os.environ["OUT"]) if os.environ.get("OUT") else report.RESULTS
