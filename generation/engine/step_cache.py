"""Steps that need no call: a request's denoiser output forecast from its own last outputs.

On the way to one picture the denoiser's output is a smooth function of time, so that a straight line through
its last two values tells the next ones well; TaylorSeer (Liu et al. 2025, arXiv 2503.06923) does the same to
features. Here each request decides for itself, from its own error alone: its neighbours in a batch neither
skip with it nor wait for it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from generation.engine.arguments import layout_of, time_of
from generation.engine.standins import Call

# Points a forecast is drawn through: two are a line. Measured on the starter model, a curve through three is
# mostly further off below 50 steps, as it follows every wiggle.
POINTS = 2

# Which component and method, on how many rows.
Kind = tuple[str, str, int]


class StepCache:
    """Which steps of one request are forecast, and what. Belongs to one running request.

    A step may be skipped when the forecast of the last real one was at most `tolerance` off, relative to what
    came (mean absolute values); never two in a row, so that a check follows each. The first three steps and
    the last are always real, and of a step's calls (two for true guidance, a ControlNet's and its model's)
    all are forecast or none is.

    An infinite tolerance is a pattern for benchmarks: every second step, whatever becomes of the picture.
    """

    def __init__(self, tolerance: float) -> None:
        assert tolerance > 0
        self.steps = 0  # forecast so far
        self._tolerance = tolerance
        self._tracks: list[_Track] = []  # one for each call of a step, in order
        self._place = 0  # of the next call within its step
        self._trusted = False  # whether the last step was real and its forecast good
        self._skipping = False
        self._error = 0.0  # the largest of this step's calls

    def skip(self, call: Call, steps_left: int) -> Any | None:
        """The answer to a denoiser's call, or None when it must really run; `steps_left` counts this step."""
        if self._place == 0:
            self._skipping = self._trusted and (steps_left > 1 or math.isinf(self._tolerance))
        track = self._tracks[self._place] if self._place < len(self._tracks) else None
        time = time_of(call)
        if not self._skipping or track is None or time is None or track.kind != _kind_of(call):
            self._skipping = False  # a step of another form than the last one: nothing is known about it
            return None
        self._place += 1
        return track.at(time)

    def record(self, call: Call, value: Any) -> None:
        """Note what the component really answered."""
        time, kind = time_of(call), _kind_of(call)
        if self._place == len(self._tracks) or self._tracks[self._place].kind != kind:
            self._tracks[self._place :] = [_Track(kind)]
        error = self._tracks[self._place].record(time, value) if time is not None else math.nan
        self._error = error if math.isnan(error) else max(self._error, error)
        self._place += 1

    def step_done(self) -> None:
        """The pipeline has made its step: the next call begins another."""
        self.steps += self._skipping
        self._trusted = not self._skipping and self._error <= self._tolerance
        del self._tracks[self._place :]
        self._place, self._error, self._skipping = 0, 0.0, False


class _Track:
    """The last outputs of one of a step's calls, by time."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        # A ControlNet's residuals are read by its model alone, which is skipped with it: the last will do.
        self._held = kind[0].startswith("controlnet")
        self._points: deque[tuple[float, Any]] = deque(maxlen=1 if self._held else POINTS)

    def at(self, time: float) -> Any:
        """The output to expect at `time`."""
        if self._held:
            return self._points[-1][1]
        times = [known for known, _ in self._points]
        return _weighted([(_lagrange(times, known, time), value) for known, value in self._points])

    def record(self, time: float, value: Any) -> float:
        """Keep an output; how far off its forecast was: infinite if there was none, NaN if it is broken."""
        error = 0.0 if self._held else self._error(time, value)
        if self._points and self._points[-1][0] == time:
            self._points.pop()  # the second call of Heun's method at one time: the newer one is the better
        self._points.append((time, value))
        return error

    def _error(self, time: float, value: Any) -> float:
        size = _mean_size(value)
        if not math.isfinite(size):
            return math.nan
        if len(self._points) < POINTS:
            return math.inf
        return _mean_size(_weighted([(1.0, self.at(time)), (-1.0, value)])) / size if size else math.nan


def _kind_of(call: Call) -> Kind:
    return call.component, call.method, layout_of(call).rows


def _lagrange(times: Sequence[float], known: float, time: float) -> float:
    """The weight at `time` of the point at `known` in the polynomial through all `times`."""
    return math.prod((time - other) / (known - other) for other in times if other != known)


def _weighted(terms: Sequence[tuple[float, Any]]) -> Any:
    """The sum of weights times values of one form; what is no number is the last value's."""
    form = terms[-1][1]
    if isinstance(form, torch.Tensor) and form.is_floating_point():
        # Half precision would round away what two like values differ in.
        wide = torch.promote_types(form.dtype, torch.float32)
        total = torch.zeros_like(form, dtype=wide)
        for weight, value in terms:
            total.add_(value, alpha=weight)
        return total.to(form.dtype)
    if isinstance(form, (list, tuple)):
        parts = [_weighted([(weight, value[index]) for weight, value in terms]) for index in range(len(form))]
        return type(form)(parts)
    if isinstance(form, dict):  # diffusers' outputs are dicts and dataclasses in one
        return type(form)(
            **{key: _weighted([(weight, value[key]) for weight, value in terms]) for key in form}
        )
    return form


def _mean_size(value: Any) -> float:
    """The mean of the absolute values of all tensors in `value`, in one visit to the device."""
    sizes = [tensor.abs().mean(dtype=torch.float32) for tensor in _tensors(value)]
    return float(torch.stack(sizes).mean()) if sizes else math.nan


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _tensors(part)
