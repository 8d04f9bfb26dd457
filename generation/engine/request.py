"""What is asked of the engine and what it answers. Knows nothing of torch, pipelines or threads of work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal

from PIL.Image import Image

Reason = Literal["out_of_memory", "model_unavailable", "bad_picture", "internal"]


class GenerationError(Exception):
    """A request failed. `reason` is a short code; the message never holds the prompt."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Cancelled(Exception):
    """A request was withdrawn. `reason` is what was given to `Ticket.cancel`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """One picture to make. `width` and `height` in pixels, `guidance` None for the pipeline's own default.

    `model` is a key that the engine's loader understands. `share` names who the work is for: engine time is
    divided fairly between shares. `preview_every` is in steps, 0 for no previews.
    """

    model: str
    # Texts stay out of repr, so that no log line that prints a request can hold them.
    prompt: str = field(repr=False)
    negative_prompt: str = field(default="", repr=False)
    width: int
    height: int
    steps: int
    guidance: float | None
    seed: int
    preview_every: int = 2
    share: str = ""

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.steps) < 1:
            raise ValueError("width, height and steps must be at least 1")
        if self.preview_every < 0:
            raise ValueError("preview_every must not be negative")


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` of `steps` is done. `preview` is a small picture (longest side <= 96 px) or None."""

    step: int
    steps: int
    preview: Image | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture. `seconds` is this request's share of the time its components ran."""

    image: Image
    scheduler: str
    seconds: float
    steps: int
    seed: int


class Ticket:
    """The caller's hold on a submitted request. Every method may be called from any thread."""

    def __init__(
        self, request: ImageRequest, on_progress: Callable[[Progress], None] | None, wake: Callable[[], None]
    ) -> None:
        self.request = request
        self._on_progress = on_progress
        self._wake = wake
        self._lock = threading.Lock()
        self._cancelled: str | None = None
        self._future: Future[Picture] = Future()

    def result(self, timeout: float | None = None) -> Picture:
        """Wait for the picture.

        Raises Cancelled, GenerationError, or TimeoutError when `timeout` seconds pass first.
        """
        return self._future.result(timeout)

    def cancel(self, reason: str) -> None:
        """Withdraw the request: its rows are freed before the next step. A finished ticket stays as it is."""
        with self._lock:
            if self._cancelled is None:
                self._cancelled = reason
        self._wake()

    def done(self) -> bool:
        return self._future.done()

    @property
    def cancelled(self) -> str | None:
        """The reason given to `cancel`, or None."""
        return self._cancelled

    def report(self, progress: Progress) -> None:
        """Hand progress to the caller. After a cancel nothing is told any more."""
        if self._on_progress is not None and self._cancelled is None:
            self._on_progress(progress)

    def finish(self, outcome: Picture | GenerationError | Cancelled) -> None:
        """End the ticket, once. A cancel that came before the end wins over the picture."""
        with self._lock:
            if self._future.done():
                return
            if self._cancelled is not None:
                outcome = Cancelled(self._cancelled)
            if isinstance(outcome, Picture):
                self._future.set_result(outcome)
            else:
                self._future.set_exception(outcome)
