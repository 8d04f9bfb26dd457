"""The search: every candidate against the best so far, in turns on the same machine in the same minutes."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline

from generation.engine import Engine, ImageRequest
from generation.engine.memory import free_cached_memory
from generation.engine.standins import Call

from . import measuring
from .applying import apply
from .candidates import Candidate, candidates
from .measuring import Drawn
from .report import Difference, Trial
from .tuning import Settings, Timing

# Any subject will do: what a call costs does not depend on it.
PROMPT = "a cup of coffee on a wooden table, soft light"

# Steps of the pictures that are compared at the first size. At the others two show that it works at all.
CHECK_STEPS, FEW_STEPS = 8, 2

# A setting has to win this much of a picture's time to be worth its own risks.
MARGIN = 0.05

# Differences, of 0..1, that only come from adding numbers in another order: in single precision, and in half,
# where the plain pipeline itself is no closer to the exact picture.
EXACT, HALF_EXACT = 1e-5, 0.01

LEVEL = 1 / 255


@dataclass(frozen=True, slots=True)
class Subject:
    """A model to tune.

    `load` gives its plain pipeline anew at each call. `sizes` are (width, height) in pixels, the usual first.
    """

    folder: Path
    load: Callable[[], DiffusionPipeline]
    sizes: Sequence[tuple[int, int]]
    steps: int
    guidance: float

    def request(self, size: tuple[int, int], **changes: Any) -> ImageRequest:
        steps = CHECK_STEPS if size == self.sizes[0] else FEW_STEPS
        whole: dict[str, Any] = {"steps": min(steps, self.steps), "guidance": self.guidance, **changes}
        return ImageRequest(
            model="tuned", prompt=PROMPT, width=size[0], height=size[1], seed=0, preview_every=0, **whole
        )


@dataclass(frozen=True, slots=True)
class Arm:
    """A pipeline with settings, and what it draws at each size."""

    settings: Settings
    pipeline: DiffusionPipeline
    drawn: dict[tuple[int, int], Drawn]


class Search:
    """Runs on one thread, in inference mode as the engine does. `say` shows a person a line."""

    def __init__(self, subject: Subject, allowed: Collection[str], say: Callable[[str], None]) -> None:
        self._subject = subject
        self._allowed = allowed
        self._say = say
        self.trials: list[Trial] = []
        self.best = self._arm(Settings())
        # Of the plain pipeline no more than this is kept: two models at a time have to fit, not three.
        self._plain = {size: drawn.pixels for size, drawn in self.best.drawn.items()}
        self._in_half = any(_is_half(drawn.calls["denoising"]) for drawn in self.best.drawn.values())

    def run(self) -> None:
        for candidate in list(candidates(self.best.pipeline, self._subject.folder)):
            self._say(f"Trying: {candidate.words} ...")
            self.trials.append(self.try_out(candidate))
            self._say(f"  {self.trials[-1].words()}")

    def try_out(self, candidate: Candidate) -> Trial:
        """One candidate against the best so far; it is the best from now on if it is worth it."""
        try:
            return self._forecast(candidate) if "row_skip" in candidate.changes else self._race(candidate)
        except Exception as error:  # whatever keeps a means from working here, the others may work
            return Trial(candidate, missing=f"not available here ({type(error).__name__})")
        finally:
            free_cached_memory()

    def curves(self, rows: Sequence[int]) -> list[Timing]:
        """Seconds by rows at each size, with the settings that were chosen."""
        found: list[Timing] = []
        for size in self._subject.sizes:
            self._say(f"Measuring 1 to {max(rows)} rows at {size[0]} x {size[1]} ...")
            # Without guidance a picture is one row, so that every number of rows can be made of it.
            request = self._subject.request(size, guidance=1.0, steps=FEW_STEPS)
            found += measuring.timings(measuring.draw(self.best.pipeline, request), size, rows)
        return found

    def confirm(self) -> tuple[float, float]:
        """Seconds of a picture, plain and as chosen, measured once more, as single gains do not multiply.

        What does not hold the second time was noise, and is taken back.
        """
        plain = self._arm(Settings())
        before, after = self._seconds(plain, self.best)
        skipping = [trial for trial in self.trials if trial.is_on and "row_skip" in trial.candidate.changes]
        after *= skipping[0].after / skipping[0].before if skipping else 1.0
        if after < before:
            return before, after
        self.best = plain
        self.trials = [replace(trial, is_on=False) for trial in self.trials]
        return before, before

    def _seconds(self, one: Arm, other: Arm) -> tuple[float, float]:
        """Of a picture, the mean over all sizes, by each of the two."""
        pairs = [self._seconds_at(size, one, other) for size in self._subject.sizes]
        first, second = (float(np.mean(times)) for times in zip(*pairs, strict=True))
        return first, second

    def _arm(self, settings: Settings) -> Arm:
        with torch.inference_mode(False):
            pipeline = self._subject.load()
            apply(pipeline, settings, self._subject.folder)
        drawn = {size: measuring.draw(pipeline, self._subject.request(size)) for size in self._subject.sizes}
        return Arm(settings, pipeline, drawn)

    def _race(self, candidate: Candidate) -> Trial:
        arm = self._arm(candidate.on(self.best.settings))
        difference = _difference((arm.drawn[size].pixels, one) for size, one in self._plain.items())
        before, after = self._seconds(self.best, arm)
        trial = Trial(candidate, before, after, difference, self._is_on(candidate, difference, before, after))
        if trial.is_on:
            self.best = arm
        return trial

    def _forecast(self, candidate: Candidate) -> Trial:
        """Whole pictures, as a step is forecast from others; through the engine, which does it."""
        if candidate.allowed_by not in self._allowed:
            return Trial(candidate, missing=f"not measured; ask for it with --allow {candidate.allowed_by}")
        settings = candidate.on(self.best.settings)
        size = self._subject.sizes[0]
        engine = Engine(lambda model: self.best.pipeline)
        engine.start()
        try:
            pictures = [
                engine.submit(self._subject.request(size, steps=self._subject.steps, row_skip=skip)).result()
                for skip in (0.0, 0.0, settings.row_skip)  # the first one warms up
            ]
        finally:
            engine.stop()
        whole, skipped = (np.asarray(picture.image, dtype=np.float32) / 255 for picture in pictures[1:])
        difference = _difference([(whole, skipped)])
        before, after = pictures[1].seconds, pictures[2].seconds
        is_on = self._is_on(candidate, difference, before, after)
        if is_on:
            self.best = Arm(settings, self.best.pipeline, self.best.drawn)
        return Trial(candidate, before, after, difference, is_on)

    def _is_on(self, candidate: Candidate, difference: Difference, before: float, after: float) -> bool:
        if after > (1 - MARGIN) * before or not np.isfinite(difference.mean):
            return False
        if candidate.allowed_by:
            return candidate.allowed_by in self._allowed
        return self._is_exact(difference)

    def _is_exact(self, difference: Difference) -> bool:
        """Whether nothing but the order of additions can have changed."""
        if self._in_half:
            return difference.mean <= HALF_EXACT
        # Pictures that come in 256 levels, as the starter's do, differ by one where a rounding turned.
        turned = LEVEL if all(map(_is_in_levels, self._plain.values())) else 0.0
        return difference.mean <= EXACT and difference.most <= turned + EXACT

    def _seconds_at(self, size: tuple[int, int], *arms: Arm) -> list[float]:
        drawn = [arm.drawn[size] for arm in arms]
        stages = {
            stage: measuring.seconds_in_turns([[one.calls[stage]] for one in drawn])
            for stage in ("denoising", "decoding")
            if all(stage in one.calls for one in drawn)
        }
        decoding = stages.get("decoding", [0.0] * len(arms))
        encoding = min(one.encoding for one in drawn)  # no setting is about it
        return [
            encoding + self._subject.steps * step + decode
            for step, decode in zip(stages["denoising"], decoding, strict=True)
        ]


def _is_half(call: Call) -> bool:
    return call.dtype is not None and call.dtype.itemsize < 4


def _is_in_levels(pixels: np.ndarray) -> bool:
    return bool(np.allclose(pixels * 255, np.round(pixels * 255), atol=1e-3))


def _difference(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> Difference:
    gaps = [np.abs(one - other) for one, other in pairs]
    return Difference(max(float(gap.max()) for gap in gaps), max(float(gap.mean()) for gap in gaps))
