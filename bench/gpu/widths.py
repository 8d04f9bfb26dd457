"""Seconds of one denoiser call by its rows, in each form of a model, and the useful work in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch.utils.flop_counter import FlopCounterMode

from bench.gpu.model import EAGER, Model
from bench.gpu.plan import Section
from bench.gpu.record import Record
from bench.harness import Cell
from generation.engine.arguments import layout_of
from generation.engine.standins import Call
from generation.tuning.measuring import seconds_in_turns

# Seconds that compiling may take: it is not begun for less.
COMPILING = 40.0


@dataclass(frozen=True, slots=True)
class Widths:
    """`probe`: TFLOP/s that this device can do, None where that could not be measured."""

    model: Model
    record: Record
    probe: float | None

    def measure(self, section: Section, call: Call, forms: Sequence[str]) -> list[str]:
        """The curves of these forms, saved width by width; returns those that ran, the eager one anyway."""
        flops = _flops_of(call)
        return [form for form in forms if self._curve(section, call, form, flops) or form == EAGER]

    def _curve(self, section: Section, call: Call, form: str, flops: int) -> bool:
        """Whether it ran in the narrowest width; the wider ones may not fit."""
        seconds: dict[int, float] = {}
        each = layout_of(call).rows
        for calls in (rows // each for rows in section.rows if rows % each == 0):
            what = f"{section.kind} {section.side} px, a step of {calls * each} rows"
            width = partial(self._width, what, form, [self.model.call_in(form, call)] * calls, flops, seconds)
            compiling = COMPILING if form != EAGER and not seconds else 0.0
            if not self.record.attempt(f"{what}, {form}", width, compiling):
                break
            self.model.record(form, section.side, call, seconds)
        return bool(seconds)

    def _width(
        self, what: str, form: str, calls: Sequence[Call], flops: int, seconds: dict[int, float]
    ) -> None:
        """Enter into `seconds` what these calls take together."""
        with torch.inference_mode():
            (taken,) = seconds_in_turns([calls])
        seconds[len(calls)] = taken
        rate = flops * len(calls) / taken / 1e12
        self.record.keep(Cell(what, form, "s", (taken,)), Cell(what, form, "TFLOP/s", (rate,)))
        if self.probe is not None:
            self.record.keep(Cell(what, form, "% of the probe", (100 * rate / self.probe,)))


def _flops_of(call: Call) -> int:
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        call.module(*call.args, **call.kwargs)
    return counter.get_total_flops()
