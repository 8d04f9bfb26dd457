"""The seconds that are left of a lent machine's minutes."""

from __future__ import annotations

import time
from collections.abc import Callable


class Budget:
    """`seconds` from now on by `clock`."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        return self._end - self.clock()

    def part(self, seconds: float) -> Budget:
        """A share of it: `seconds` from now on, or what is left."""
        return Budget(min(seconds, self.left()), self.clock)
