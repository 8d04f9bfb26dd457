"""What is asked of the engine and what it answers. Knows nothing of torch, pipelines or threads of work."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL.Image import Image

Reason = Literal[
    "out_of_memory", "model_unavailable", "bad_picture", "unsupported", "engine_lost", "internal"
]

# The reason of a request that was cancelled because its time was up.
DEADLINE = "deadline"


class GenerationError(Exception):
    """A request failed. `reason` is a short code; the message never holds the prompt."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ModelNotLoaded(GenerationError):
    """The request's models could not be loaded. Whatever the reason, it is none of the request's doing."""


class Cancelled(Exception):
    """A request was withdrawn. `reason` is what was given to `Ticket.cancel`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A picture that guides another one's shapes, through the ControlNet that the loader knows as `model`.

    `image` is what that ControlNet was trained on (edges, depth, a pose), `scale` how much it counts.
    """

    model: str
    image: Image = field(repr=False)
    scale: float = 1.0

    def __post_init__(self) -> None:
        _require(bool(self.model), "a control must name its model")
        _require(math.isfinite(self.scale), "the scale of a control must be finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """An adapter for one request: a local .safetensors file, or a folder with one, and how much it counts."""

    path: Path
    scale: float = 1.0

    def __post_init__(self) -> None:
        _require(math.isfinite(self.scale), "the scale of a LoRA must be finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """One picture to make. `width` and `height` in pixels, `guidance` None for the pipeline's own default.

    `model` is a key that the engine's loader understands. `share` names who the work is for: engine time is
    divided fairly between shares, by `weight`. `preview_every` is in steps, 0 for no previews. `scheduler` is
    the name of a diffusers scheduler class, empty for the model's own.

    `image` is redrawn, only where `mask` is white if there is one; `strength` in (0, 1] says how much, and so
    how many of the steps are taken. `deadline` is in seconds after `submit`. `row_skip` is the error that a
    step may have which is forecast from the last ones, 0 to run every step.
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
    scheduler: str = ""
    image: Image | None = field(default=None, repr=False)
    strength: float | None = None
    mask: Image | None = field(default=None, repr=False)
    controls: tuple[Control, ...] = ()
    loras: tuple[Lora, ...] = ()
    deadline: float | None = None
    row_skip: float = 0.0
    weight: float = 1.0

    @property
    def models(self) -> tuple[str, ...]:
        """Keys of all that must be loaded: the model, then its ControlNets."""
        return (self.model, *(control.model for control in self.controls))

    def __post_init__(self) -> None:
        _require(len({lora.path for lora in self.loras}) == len(self.loras), "a LoRA must be named once only")
        _require(min(self.width, self.height, self.steps) >= 1, "width, height and steps must be at least 1")
        _require(self.preview_every >= 0, "preview_every must not be negative")
        _require(self.mask is None or self.image is not None, "a mask must come with an image")
        _require(self.strength is None or self.image is not None, "strength must come with an image")
        _require(self.strength is None or 0 < self.strength <= 1, "strength must be above 0 and at most 1")
        _require(int(self.steps * (self.strength or 1)) >= 1, "strength must leave at least one step")
        _require(self.deadline is None or 0 < self.deadline < math.inf, "deadline must be above 0 seconds")
        _require(self.row_skip >= 0, "row_skip must not be negative")
        _require(0 < self.weight < math.inf, "weight must be above 0")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


class Progress:
    """`step` of `steps` is done."""

    def __init__(self, step: int, steps: int, draw: Callable[[], Image] | None = None) -> None:
        self.step = step
        self.steps = steps
        self._draw = draw
        self._preview: Image | None = None

    @property
    def preview(self) -> Image | None:
        """A small picture (longest side <= 96 px) or None. Drawn by the thread that looks at it first."""
        if self._draw is not None:
            self._preview, self._draw = self._draw(), None
        return self._preview


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture. `seconds` is this request's share of the time its components ran.

    `steps_forecast` of its steps were forecast from others and never run. `is_flagged`: the pipeline's own
    safety checker took it for one that is not to be shown, and mostly blackened it.
    """

    image: Image
    scheduler: str
    seconds: float
    steps: int
    seed: int
    steps_forecast: int = 0
    is_flagged: bool = False


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
        # The engine's thread writes these: whether the request has begun, and the seconds that components
        # have run for it so far, its share of them where they ran for others too.
        self.begun = False
        self.seconds = 0.0

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
    def is_under_way(self) -> bool:
        """Whether the device may be at work for the request: after a cancel, until its running call ends."""
        return self.begun and not self.done()

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
