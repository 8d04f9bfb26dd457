"""A request between its first and its last call: its fiber, and its progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from diffusers import DiffusionPipeline
from PIL.Image import Image
from torch import nn

from generation.engine.adapters import Adapters
from generation.engine.arguments import layout_of
from generation.engine.batch_scheduler import Waiting
from generation.engine.device import Arriving
from generation.engine.encodings import EncodingKey, bytes_of_tensors, encoding_key
from generation.engine.fiber import Fiber, private_copy
from generation.engine.forward import Answer, run_alone
from generation.engine.grouping import key_of
from generation.engine.pictures import fetching, is_flagged, leave_on_device, not_finite
from generation.engine.pipelines import arguments_for, reports_steps
from generation.engine.preview import LatentPreview
from generation.engine.request import GenerationError, Picture, Progress, Ticket
from generation.engine.standins import Call
from generation.engine.step_cache import StepCache
from generation.engine.variants import variant_of

# Steps between two looks at whether a picture is still made of numbers.
FINITE_EVERY = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """What is loaded for a request: the model's pipeline, its ControlNets, the adapters of each component."""

    pipeline: DiffusionPipeline
    controls: Sequence[nn.Module] = ()
    adapters: Mapping[str, Adapters] = field(default_factory=dict)


class RunningRequest:
    """One started request. Belongs to the engine's thread. `waiting` is None once the fiber has ended."""

    def __init__(
        self, number: int, ticket: Ticket, parts: Parts, preview: LatentPreview, arrived: float
    ) -> None:
        self.number = number
        self.ticket = ticket
        self.waiting: Waiting | None = None
        self.arrived = arrived
        # Bytes of latents, text states and masks that it keeps between its calls, once it denoises.
        self.held = 0
        # Of a parked call of a text encoder.
        self.encoding: EncodingKey | None = None
        self._preview = preview
        self._steps_done = 0
        self._denoiser_calls = 0
        # Whether the latents were finite, as far as it was asked and not yet looked at.
        self._finite: Arriving | None = None
        request = ticket.request
        own = private_copy(
            variant_of(parts.pipeline, request, parts.controls),
            scheduler=request.scheduler,
            adapters=parts.adapters,
        )
        vars(own).pop("_num_timesteps", None)  # a count of somebody else's call
        leave_on_device(own)
        self._own = own
        self.adapters = {name for adapters in parts.adapters.values() for name, _ in adapters}
        # A pipeline's own preview knows the request it belongs to; an estimate needs the real components.
        self._drawn_by = own if hasattr(own, "preview") else parts.pipeline
        self._scheduler: Any = getattr(own, "scheduler", None)
        self._reports_steps = reports_steps(own)
        # Without word of its steps it is unknown which calls belong to one, so every one is run.
        tolerance = request.row_skip if self._reports_steps else 0.0
        self._forecast = StepCache(tolerance) if tolerance else None
        arguments = arguments_for(own, request, self._on_step)
        self.fiber: Fiber[Any] = Fiber(lambda: own(**arguments))

    def start(self) -> None:
        self.fiber.start()
        self._park()

    def resume(self, answer: Answer) -> None:
        """Give the parked call its answer and run on to the next one. Raises what the pipeline raises."""
        if (error := answer.error or self._broken()) is not None:
            self.fiber.throw(error)
        else:
            self._count_step()
            if self._forecast is not None and self._denoises() and not answer.is_forecast:
                self._forecast.record(self.call, answer.value)
            self.fiber.resume(answer.value)
        self._park()

    def foretold(self) -> Answer | None:
        """The answer to the parked call if it may be forecast. To be asked once a call."""
        if self._forecast is None or self.waiting is None or not self._denoises():
            return None
        value = self._forecast.skip(self.call, self.waiting.steps_left)
        return None if value is None else Answer(value, is_forecast=True)

    @property
    def call(self) -> Call:
        """The parked call of a fiber that has not ended."""
        assert self.fiber.call is not None
        return self.fiber.call

    def work_elsewhere(self) -> Callable[[], object] | None:
        """What can go on beside the engine's thread: the parked call, or the picture of an ended fiber."""
        if self.waiting is None:
            return fetching(self.fiber.result)
        return partial(run_alone, self.call) if self.call.is_offloaded else None

    def picture(self, image: Image) -> Picture:
        request = self.ticket.request
        scheduler = type(self._scheduler).__name__
        forecast = self._forecast.steps if self._forecast is not None else 0
        flagged = is_flagged(self.fiber.result)
        return Picture(image, scheduler, self.ticket.seconds, request.steps, request.seed, forecast, flagged)

    def _broken(self) -> GenerationError | None:
        """Why the fiber cannot go on. A step later the device has long found it out."""
        finite, self._finite = self._finite, None
        return not_finite() if finite is not None and not finite.tensor() else None

    def _denoises(self) -> bool:
        return self.call.stage == "denoising"

    def _park(self) -> None:
        call = self.fiber.call
        if call is None:
            self.waiting = self.encoding = None
            if (error := self._broken()) is not None:  # of a pipeline that decodes nothing by a component
                raise error
            return
        request = self.ticket.request
        # A ControlNet is the same one whatever model it steers.
        owner = request.models[1:] if call.component == "controlnet" else request.model
        key, steps = key_of(owner, call), self._steps()
        self.waiting = Waiting(
            request=self.number,
            key=key,
            place=key.place,
            denoising=call.stage == "denoising",
            rows=layout_of(call).rows,
            steps_left=max(0, steps - self._steps_done),
            steps=steps,
            arrived=self.arrived,
            share=request.share,
            weight=request.weight,
        )
        self.encoding = encoding_key(request.model, request.share, key, call)
        if self.waiting.denoising and not self.held:
            self.held = bytes_of_tensors((call.args, call.kwargs))

    def _steps(self) -> int:
        """Steps the pipeline really takes, as far as it is known.

        A picture that is redrawn skips the first ones; a second-order scheduler takes more than asked for.
        """
        request = self.ticket.request
        # Asked of the class first: an attribute that a pipeline lacks is looked for in its whole config.
        counts = hasattr(type(self._own), "num_timesteps")
        if counts and (counted := getattr(self._own, "num_timesteps", None)) is not None:
            return int(counted)
        asked = int(request.steps * (request.strength or 1))
        timesteps = getattr(self._scheduler, "timesteps", None)
        return asked if timesteps is None or not self._steps_done else max(asked, len(timesteps))

    def _count_step(self) -> None:
        """Progress of pipelines that offer no callback: a denoiser call counts as a step."""
        call = self.fiber.call
        if not self._reports_steps and call is not None and call.stage == "denoising":
            self._denoiser_calls += 1
            self._on_step(min(self._denoiser_calls, self.ticket.request.steps), None)

    def _on_step(self, step: int, latents: torch.Tensor | None) -> None:
        self._steps_done = step
        if self._forecast is not None:
            self._forecast.step_done()
        if self.ticket.cancelled is not None:
            return
        request, draw, steps = self.ticket.request, None, self._steps()
        if latents is not None and (step % FINITE_EVERY == 0 or step == steps):
            self._finite = Arriving(latents.isfinite().all())
        if latents is not None and request.preview_every and step % request.preview_every == 0:
            draw = self._preview.prepare(self._drawn_by, latents, request.height, request.width)
        self.ticket.report(Progress(step, steps, draw))
