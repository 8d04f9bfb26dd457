"""A whole run: the sections in order of worth, each model loaded once and dropped after its last."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from bench import report
from bench.gpu.budget import Budget
from bench.gpu.plan import TARGETS, Extent, Section
from bench.gpu.record import Record
from bench.gpu.trial import Trial
from bench.harness import GPU, Result
from generation.engine.memory import free_cached_memory


def run(sections: Sequence[Section], extent: Extent, *, quick: bool, budget: Budget | None = None) -> Result:
    """All results in one; each model's is saved by itself on the way."""
    budget = budget or Budget(extent.seconds)
    records: dict[str, Record] = {}
    trials: dict[str, Trial | None] = {}
    for place, section in enumerate(sections):
        kind = section.kind
        if kind not in records:
            records[kind] = Record(f"engine-gpu-{kind}", budget, quick=quick)
            trials[kind] = _prepared(section, extent, records[kind])
        if (trial := trials[kind]) is not None:
            trial.section(section)
        del trial
        if kind not in {later.kind for later in sections[place + 1 :]}:
            del trials[kind]
            free_cached_memory()
    return _whole(records)


def _prepared(section: Section, extent: Extent, record: Record) -> Trial | None:
    """None where the model does not fit, or does not load."""
    if gigabytes() < section.gigabytes:
        record.leave_out(section.kind, f"left out: needs {section.gigabytes:.0f} GB")
        return None
    trial = Trial(section.kind, extent, record)
    return trial if trial.prepare() else None


def gigabytes() -> float:
    """Of the device's memory."""
    if not torch.cuda.is_available():
        return math.inf
    return torch.cuda.get_device_properties(torch.cuda.current_device()).total_memory / 1e9


def _whole(records: dict[str, Record]) -> Result:
    not_run = dict.fromkeys((target.key for target in TARGETS), "not run")
    whole = Result("engine-gpu", missing=not_run, is_saved=True)
    for record in records.values():
        whole.absorb(record.result)
    whole.missing = {key: why for key, why in whole.missing.items() if key not in whole.measured}
    return whole


def last_measured() -> dict[str, str]:
    """For a machine without a GPU: what the committed results say, and whose they are."""
    said = dict.fromkeys((target.key for target in TARGETS), GPU)
    for written in report.committed("engine-gpu-*"):
        gpu = str(written["machine"]["gpu"]).split(",")[0]
        for key, value in written["measured"].items():
            said[key] = f"{GPU} ({report.figure(value)} on {gpu})"
    return said
