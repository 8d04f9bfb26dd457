"""Pictures a second: diffusers plainly, in static batches, with another's policy, and by our engine.

Needs torch, diffusers and greenlet, and no web framework. Where there is a GPU its cells run (`bench.gpu`),
elsewhere those of small models on the processor.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial

import diffusers
import torch
import transformers
from diffusers import DiffusionPipeline

from bench import gate, gpu
from bench.arms import Job, OmniLikeScheduler, Resident, compiled, one_by_one, static_batch, why_not_compiled
from bench.harness import Cell, Result, Target, interleaved, ratio, seconds_of
from bench.own_cost import shares_of
from bench.pipelines import SEED, build

TARGETS = (
    Target("exact", "batched output against plain, all families, CPU float32", 1e-5, "", at_most=True),
    Target("row_skip", "row skip forced at 50 %, pictures a second", 1.7),
    Target("own_cost", "engine's own cost per step, starter on 2 cores", 5, " %", at_most=True),
    Target("starter", "4 short jobs at once, starter, against plain float32", 2.5),
    *gpu.TARGETS,
)

# A short job of the starter: few steps, the smallest side. Its own default guidance.
SHORT = Job(side=256, steps=4, pictures=4, guidance=2.0)

Draw = Callable[[Job], None]


def run(quick: bool, only: Sequence[str] = (), rehearse: bool = False) -> Result:
    """`only`: the models to run on a GPU, all when empty. `rehearse`: the same, tiny, on any machine."""
    _quiet()
    sections = [section for section in gpu.SECTIONS if not only or section.kind in only]
    has_gpu = torch.cuda.is_available()
    if rehearse:
        tiny = gpu.rehearsal("cuda" if has_gpu else "cpu")
        return gpu.run([gpu.small(section) for section in sections], tiny, quick=True)
    if has_gpu:
        return gpu.run(sections, gpu.QUICK if quick else gpu.FULL, quick=quick)
    result = Result("engine", missing=gpu.last_measured(), seed=SEED)
    result.cells += gate.cells()
    result.measured["exact"] = max(cell.median for cell in result.cells)
    _starter(result, rounds=5 if quick else 15)
    _row_skip(result, Job(128, 16, 2) if quick else Job(256, 50, 4), rounds=1 if quick else 3)
    for kind, job in _small_cells(quick):
        result.cells += _small(kind, job, quick)
    return result


def _small_cells(quick: bool) -> list[tuple[str, Job]]:
    if quick:
        return [("sd15", Job(128, 4, 2))]
    counts = [(4, pictures) for pictures in (1, 2, 4, 8, 16)] + [(20, 1), (20, 4)]
    return [(kind, Job(256, *each)) for kind in ("sd15", "sdxl") for each in counts]


def _small(kind: str, job: Job, quick: bool) -> list[Cell]:
    """A model of a quarter of the widths, so that two cores can run it."""
    pipeline = build(kind, scale=4)
    what = f"{kind}, widths / 4, {job.side} px, {job.steps} steps, {job.pictures} at once"
    why_not = "left out of quick runs" if quick else why_not_compiled()
    with ExitStack() as stack:
        arms: dict[str, Draw] = {
            "plain": partial(one_by_one, pipeline),
            "static batch": partial(static_batch, pipeline),
            "omni-like": stack.enter_context(
                Resident(pipeline, pictures=job.pictures, policy=OmniLikeScheduler)
            ),
            "ours": stack.enter_context(Resident(pipeline, pictures=job.pictures)),
        }
        if not why_not:
            arms["plain, compiled"] = partial(one_by_one, compiled(pipeline))
        cells = rates(what, arms, job, rounds=2 if quick else 3)
    return [*cells, Cell(what, "plain, compiled", "", (), note=why_not)] if why_not else cells


def rates(what: str, arms: Mapping[str, Draw], job: Job, rounds: int) -> list[Cell]:
    """Pictures a second of each arm, the arms taking turns."""
    taken = interleaved({name: partial(draw, job) for name, draw in arms.items()}, rounds=rounds)
    return [
        Cell(what, name, "pictures/s", tuple(job.pictures / each for each in seconds))
        for name, seconds in taken.items()
    ]


def _starter(result: Result, rounds: int) -> None:
    from generation import starter  # not on a machine that only has the engine's packages

    pipeline = starter.load()
    pipeline.set_progress_bar_config(disable=True)
    what = f"starter, {SHORT.side} px, {SHORT.steps} steps, {SHORT.pictures} at once"
    with Resident(pipeline, pictures=SHORT.pictures) as ours:
        arms: dict[str, Draw] = {"plain": partial(one_by_one, pipeline), "ours": ours}
        plain, batched = rates(what, arms, SHORT, rounds)
        result.measured["starter"] = ratio(batched.samples, plain.samples)
        longer = Job(SHORT.side, 20, SHORT.pictures, SHORT.guidance)
        shares = _own_shares(pipeline, arms, longer, rounds)
    result.cells += [plain, batched, *shares]
    result.measured["own_cost"] = shares[-1].median


def _own_shares(pipeline: DiffusionPipeline, arms: Mapping[str, Draw], job: Job, rounds: int) -> list[Cell]:
    """How much of a denoising phase no component runs, and how much of that is ours."""
    what = f"outside of forwards, starter, {job.steps} steps"
    alone = Job(job.side, job.steps, 1, job.guidance)
    plain = [shares_of(pipeline, partial(arms["plain"], alone)) for _ in range(rounds)]
    ours = [shares_of(pipeline, partial(arms["ours"], job)) for _ in range(rounds)]
    return [
        Cell(what, "plain, one", "% of the phase", tuple(each.outside for each in plain)),
        Cell(what, f"{job.pictures} at once, with their schedulers", "%", tuple(e.outside for e in ours)),
        Cell(what, f"{job.pictures} at once, the engine alone", "%", tuple(each.engine for each in ours)),
    ]


def _row_skip(result: Result, job: Job, rounds: int) -> None:
    """Every second step forecast, whatever becomes of the picture: what skipping rows can win at most."""
    pipeline = build("sd15", scale=4)
    what = f"sd15, widths / 4, {job.side} px, {job.steps} steps, {job.pictures} at once"
    with (
        Resident(pipeline, pictures=job.pictures) as every,
        Resident(pipeline, pictures=job.pictures, row_skip=math.inf) as second,
    ):
        arms = {"every step run": every, "every second forecast": second}
        warm_up = Job(job.side, 4, job.pictures)
        for arm in arms.values():
            seconds_of(partial(arm, warm_up))
        cells = rates(what, arms, job, rounds)
    result.cells += cells
    result.measured["row_skip"] = ratio(cells[1].samples, cells[0].samples)


def _quiet() -> None:
    warnings.filterwarnings("ignore", category=FutureWarning, module="diffusers")
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
