"""How long one call of a component takes, by its rows: measured once by tuning, and on by every call."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

# Wide enough when a call makes this part of the most rows a second that any width makes. The last twentieth
# of throughput costs half the width again (Qwen-Image at 512 pixels: 7 rows against 16), and every row more
# makes all its neighbours wait.
KNEE = 0.95

# How much of a newer measurement goes into the estimate: half of it is from the last three calls.
SMOOTHING = 0.2

# The first call of a width pays for kernels being chosen, compiled and given memory: it counts until the
# second one only.
WARM = 2

# Seconds of a call of any width before one was measured. Only ratios count then, so any number would do.
UNKNOWN = 1.0


class LatencyCurve:
    """Seconds of one call by its rows, for one component and shape.

    Between measured widths it is a straight line. Below the narrowest a row costs what it costs there, and
    above the widest the last slope goes on, or nothing if only one width is known. Both guesses invite the
    scheduler to try that width when rows are there, and then it is measured.
    """

    def __init__(self, seconds: Mapping[int, float] | None = None) -> None:
        """seconds: by rows, as measured warm."""
        assert all(rows >= 1 and taken > 0 for rows, taken in (seconds or {}).items())
        self._seconds = dict(sorted((seconds or {}).items()))
        self._calls = dict.fromkeys(self._seconds, WARM)
        self._points = self._seconds

    @property
    def seconds(self) -> dict[int, float]:
        """The measured points, by rows, in order."""
        return dict(self._points)

    def record(self, rows: int, seconds: float) -> None:
        """A call of `rows` rows took `seconds`."""
        calls = self._calls.get(rows, 0)
        known = self._seconds.get(rows, seconds)
        estimate = known + (SMOOTHING if calls >= WARM else 1.0) * (seconds - known)
        self._calls[rows] = calls + 1
        # A clock that did not move during the call still leaves a cost above zero.
        self._seconds = dict(sorted((self._seconds | {rows: max(estimate, 1e-9)}).items()))
        warm = {rows: taken for rows, taken in self._seconds.items() if self._calls[rows] >= WARM}
        self._points = warm or self._seconds

    def at(self, rows: int) -> float:
        """Seconds that a call of `rows` rows takes, measured or estimated."""
        widths = list(self._points)
        if not widths:
            return UNKNOWN
        if rows <= widths[0]:
            return self._points[widths[0]] * rows / widths[0]
        if len(widths) == 1:
            return self._points[widths[0]]
        right = min(bisect_left(widths, rows), len(widths) - 1)
        low, high = widths[right - 1], widths[right]
        slope = max(0.0, self._points[high] - self._points[low]) / (high - low)
        if rows > high:
            return self._points[high] + slope * (rows - high)
        return self._points[high] if rows == high else self._points[low] + slope * (rows - low)

    def best_width(self, most: int) -> int:
        """The narrowest width up to `most` rows that makes nearly as many rows a second as any of them."""
        speeds = [rows / self.at(rows) for rows in range(1, most + 1)]
        enough = KNEE * max(speeds)
        return next(rows for rows, speed in enumerate(speeds, start=1) if speed >= enough)

    def per_row(self, most: int) -> float:
        """Seconds a row at the knee: what a step of a row costs while the machine is well used."""
        width = self.best_width(most)
        return self.at(width) / width
