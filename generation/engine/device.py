"""What an accelerator has done by now: its kernels run behind Python's back.

On a processor a call that has returned is over, and nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable

import torch


def mark() -> torch.Event | None:
    """A mark behind all that this thread has asked of the accelerator; None without one."""
    if not torch.accelerator.is_available():
        return None
    event = torch.Event(enable_timing=True)
    event.record()
    return event


def wait() -> None:
    """Until the accelerator has done all that was asked of it."""
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


class Span:
    """From now until `end`, in the device's own time; `clock`, in seconds, is a processor's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._marks = [mark()]
        self._times = [clock()]

    def end(self) -> None:
        self._times.append(self._clock())
        self._marks.append(mark())

    def seconds(self) -> float:
        """Waits until the device has come to its end."""
        began, ended = self._marks
        if began is None or ended is None:
            return self._times[1] - self._times[0]
        ended.synchronize()
        return float(began.elapsed_time(ended)) / 1e3


class Arriving:
    """A tensor on its way to the host: it sets out when the device comes to it, and this thread goes on."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor.to("cpu", non_blocking=True)
        self._arrived = mark()

    def tensor(self) -> torch.Tensor:
        """Waits until it is there. For any thread."""
        if self._arrived is not None:
            self._arrived.synchronize()
        return self._tensor
