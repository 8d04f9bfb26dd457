"""A request between its first and its last call: its fiber, its progress and what it has cost so far."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import DiffusionPipeline
from PIL.Image import Image

from generation.engine.fiber import Fiber, private_copy
from generation.engine.forward import Answer
from generation.engine.grouping import key_of, layout_of
from generation.engine.pipelines import arguments_for, picture_from, reports_steps
from generation.engine.preview import LatentPreview
from generation.engine.request import Picture, Progress, Ticket
from generation.engine.schedule import Waiting
from generation.engine.standins import Call


class Flight:
    """One started request. Belongs to the engine's thread. `waiting` is None once the fiber has ended."""

    def __init__(
        self, number: int, ticket: Ticket, pipeline: DiffusionPipeline, preview: LatentPreview, arrived: float
    ) -> None:
        self.number = number
        self.ticket = ticket
        self.seconds = 0.0
        self.waiting: Waiting | None = None
        self._arrived = arrived
        self._preview = preview
        self._steps_done = 0
        self._denoiser_calls = 0
        own = private_copy(pipeline)
        # A pipeline's own preview knows the request it belongs to; an estimate needs the real components.
        self._drawn_by = own if hasattr(own, "preview") else pipeline
        self._scheduler: Any = getattr(own, "scheduler", None)
        self._reports_steps = reports_steps(own)
        arguments = arguments_for(own, ticket.request, self._on_step)
        self.fiber: Fiber[Image] = Fiber(lambda: picture_from(own(**arguments)))

    def start(self) -> None:
        self.fiber.start()
        self._park()

    def resume(self, answer: Answer) -> None:
        """Give the parked call its answer and run on to the next one. Raises what the pipeline raises."""
        if answer.error is not None:
            self.fiber.throw(answer.error)
        else:
            self._count_step()
            self.fiber.resume(answer.value)
        self._park()

    @property
    def call(self) -> Call:
        """The parked call of a fiber that has not ended."""
        assert self.fiber.call is not None
        return self.fiber.call

    @property
    def picture(self) -> Picture:
        """Of a fiber that has ended."""
        request = self.ticket.request
        scheduler = type(self._scheduler).__name__
        return Picture(self.fiber.result, scheduler, self.seconds, request.steps, request.seed)

    def _park(self) -> None:
        call = self.fiber.call
        if call is None:
            self.waiting = None
            return
        request = self.ticket.request
        key = key_of(request.model, call)
        self.waiting = Waiting(
            request=self.number,
            key=key,
            place=key.place,
            denoising=call.stage == "denoising",
            rows=layout_of(call).rows,
            steps_left=max(0, self._steps() - self._steps_done),
            arrived=self._arrived,
            share=request.share,
        )

    def _steps(self) -> int:
        """Steps the scheduler really takes; a second-order one takes more than were asked for."""
        timesteps = getattr(self._scheduler, "timesteps", None)
        asked = self.ticket.request.steps
        return asked if timesteps is None or not self._steps_done else max(asked, len(timesteps))

    def _count_step(self) -> None:
        """Progress of pipelines that offer no callback: a denoiser call counts as a step."""
        call = self.fiber.call
        if not self._reports_steps and call is not None and call.stage == "denoising":
            self._denoiser_calls += 1
            self._on_step(min(self._denoiser_calls, self.ticket.request.steps), None)

    def _on_step(self, step: int, latents: torch.Tensor | None) -> None:
        self._steps_done = step
        if self.ticket.cancelled is not None:
            return
        request, image = self.ticket.request, None
        if latents is not None and request.preview_every and step % request.preview_every == 0:
            image = self._preview.draw(self._drawn_by, latents, request.height, request.width)
        self.ticket.report(Progress(step, self._steps(), image))
