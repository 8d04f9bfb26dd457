"""A fiber runs one request's pipeline, exactly as diffusers wrote it, and stops at each costly call."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar, cast

import greenlet
from diffusers import DiffusionPipeline, SchedulerMixin
from torch import nn
from transformers import (
    FeatureExtractionMixin,
    ImageProcessingMixin,
    PreTrainedTokenizerBase,
    ProcessorMixin,
)

from generation.engine.adapters import Adapters
from generation.engine.request import GenerationError
from generation.engine.standins import Call, StandIn
from generation.engine.variants import scheduler_like

T = TypeVar("T")

# Parts of a pipeline that are large to copy and keep nothing of a request.
_STATELESS = (PreTrainedTokenizerBase, ImageProcessingMixin, FeatureExtractionMixin, ProcessorMixin)


def private_copy(
    pipeline: DiffusionPipeline, *, scheduler: str = "", adapters: Mapping[str, Adapters] | None = None
) -> DiffusionPipeline:
    """A shallow copy that shares the weights, with schedulers of its own and stand-ins for its modules.

    What else a pipeline is made of may keep a state from step to step, as a guider keeps its momentum: that
    is copied too, but for those that only turn text and pictures into numbers.
    `scheduler` names a class to take in place of the pipeline's own, `adapters` are those of each component.
    Combined pipelines (Kandinsky, Stable Cascade) hold pipelines: those are copied the same way.

    Raises GenerationError("unsupported") for a scheduler that does not fit.
    """
    if scheduler and not isinstance(getattr(pipeline, "scheduler", None), SchedulerMixin):
        raise GenerationError("unsupported", f"{type(pipeline).__name__} has no scheduler to replace.")
    own = copy.copy(pipeline)
    # Written past DiffusionPipeline.__setattr__, which would record the stand-ins in the pipeline's config.
    fields = vars(own)
    for name, value in vars(pipeline).items():
        if isinstance(value, nn.Module):
            fields[name] = StandIn(name, value, (adapters or {}).get(name, ()))
        elif isinstance(value, SchedulerMixin):
            fields[name] = scheduler_like(value, scheduler if name == "scheduler" else "")
        elif isinstance(value, DiffusionPipeline):
            fields[name] = private_copy(value)
        elif name in pipeline.components and not isinstance(value, _STATELESS):
            fields[name] = copy.deepcopy(value)
    own.set_progress_bar_config(disable=True)
    return own


class Fiber(Generic[T]):
    """A function in a greenlet. `call` is the component call it waits for, None once it ended.

    All methods belong to the one thread that made the fiber. `start`, `resume` and `throw` raise what the
    function raises.
    """

    def __init__(self, function: Callable[[], T]) -> None:
        self._greenlet = greenlet.greenlet(function)
        self._result: T | None = None
        self.call: Call | None = None

    def start(self) -> None:
        self._settle(self._greenlet.switch())

    def resume(self, value: object) -> None:
        """Answer the parked call with `value`; returns at the next parked call or at the end."""
        self._settle(self._greenlet.switch(value))

    def throw(self, error: BaseException) -> None:
        """Answer the parked call with an error."""
        self._settle(self._greenlet.throw(type(error), error, error.__traceback__))

    def kill(self) -> None:
        """Unwind the function where it is parked; its `finally` blocks run and its tensors are freed."""
        self.call = None
        self._greenlet.throw(greenlet.GreenletExit())

    @property
    def result(self) -> T:
        assert self.call is None, "the fiber has not ended"
        return cast(T, self._result)

    def _settle(self, answer: object) -> None:
        if self._greenlet.dead:
            self.call, self._result = None, cast(T, answer)
        else:
            self.call = cast(Call, answer)
