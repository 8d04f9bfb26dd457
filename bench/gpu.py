"""The engine's cells on a GPU: full-size models with random weights in bf16, built on the device.

Every model's result is a file of its own, written after each of its cells, since a lent machine may be taken
back at any time. `python -m bench engine --only sdxl flux` runs some of them.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import torch
from diffusers import DiffusionPipeline
from torch.utils.flop_counter import FlopCounterMode

from bench import gate, report
from bench.arms import Job, OmniLike, Resident, compiled, one_by_one, static_batch
from bench.harness import GPU, Cell, Result, Target, ratio, seconds_of
from bench.own_cost import shares_of
from bench.pipelines import build, tiny_autoencoder
from generation.engine.memory import free_cached_memory
from generation.engine.request import ImageRequest
from generation.engine.standins import Call
from generation.tuning.measuring import draw, seconds_in_turns

TARGETS = (
    Target("sd15_512", "SD 1.5 512, pictures a second against plain", 6),
    Target("sdxl_512", "SDXL 512, pictures a second against plain", 6),
    Target("sdxl_1024", "SDXL 1024, 20 steps, guidance", 2.0, " pictures/s"),
    Target("few_steps", "SDXL 1024, 4 steps, tiny decoder", 15, " pictures/s"),
    Target("few_steps_ratio", "the same against plain", 3.5),
    Target("flow", "FLUX or Z-Image 1024 against plain", 2.3),
    Target("own_cost_gpu", "engine's own cost per step, SDXL on a GPU", 2, " %", at_most=True),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One model: its sizes in pixels, and where its figures go. `guidance` 1 runs one row a picture."""

    kind: str
    sides: tuple[int, ...]
    guidance: float = 5.0


SUBJECTS = (
    Subject("sd15", (512,)),
    Subject("sdxl", (512, 1024)),
    Subject("flux", (1024,), guidance=3.5),
    Subject("zimage", (1024,), guidance=1.0),
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is run: the defaults are the full run's; `scale` and `probe` as in the tests are small."""

    pictures: tuple[int, ...] = (1, 2, 4, 8, 16)
    steps: tuple[int, ...] = (4, 20)
    rounds: int = 3
    # Seconds of one round of a cell beyond which it is left out, with that said, and of all its rounds.
    longest: float = 45.0
    enough: float = 30.0
    probe: int = 8192
    scale: int = 1
    device: str = "cuda"


FULL = Extent()
QUICK = Extent(pictures=(1, 4), steps=(4,), rounds=1)


def run(quick: bool, subjects: Sequence[Subject], extent: Extent | None = None) -> Result:
    """All results in one; each model's is saved by itself on the way."""
    extent = extent or (QUICK if quick else FULL)
    not_run = dict.fromkeys((target.key for target in TARGETS), "not run")
    whole = Result("engine-gpu", missing=not_run, is_saved=True)
    for subject in subjects:
        whole.absorb(Trial(subject, extent, quick).run())
        free_cached_memory()
    whole.missing = {key: why for key, why in whole.missing.items() if key not in whole.measured}
    return whole


def last_measured() -> dict[str, str]:
    """For a machine without a GPU: what the committed results say, and whose they are."""
    said = dict.fromkeys((target.key for target in TARGETS), GPU)
    for path in sorted(report.RESULTS.glob("engine-gpu-*.json")):
        written = json.loads(path.read_text())
        if written["run"] == "full":
            gpu = str(written["machine"]["gpu"]).split(",")[0]
            for key, value in written["measured"].items():
                said[key] = f"{GPU} ({report.figure(value)} on {gpu})"
    return said


class Trial:
    """One model on this device, from its probe to its last cell."""

    def __init__(self, subject: Subject, extent: Extent, quick: bool) -> None:
        self._subject, self._extent, self._quick = subject, extent, quick
        self._result = Result(f"engine-gpu-{subject.kind}")
        self._seconds_a_step: dict[int, float] = {}

    def run(self) -> Result:
        self._keep(*self._gate())
        self._pipeline = self._build()
        self._probe = self._measure_probe()
        for side in self._subject.sides:
            self._keep(*self._curve(side))
        self._compiled = compiled(self._pipeline)
        for side in self._subject.sides:
            for steps in self._extent.steps:
                for pictures in self._extent.pictures:
                    self._cell(Job(side, steps, pictures, self._subject.guidance))
        if self._subject.kind == "sdxl":
            self._few_steps()
            self._own_cost()
        return self._result

    def _build(self) -> DiffusionPipeline:
        dtype = torch.bfloat16 if self._extent.scale == 1 else torch.float32
        return build(self._subject.kind, scale=self._extent.scale, device=self._extent.device, dtype=dtype)

    def _keep(self, *cells: Cell) -> None:
        """Note cells, and save what there is so far."""
        self._result.cells += cells
        report.save(self._result, quick=self._quick)

    def _gate(self) -> list[Cell]:
        """On a GPU kernels depend on how many rows there are: what holds is measured, not promised."""
        kind, device = self._subject.kind, self._extent.device
        return [
            Cell(f"batched against plain, tiny, {dtype}", kind, "of 1", (self._worst(dtype, device),))
            for dtype in (torch.float32, torch.bfloat16)
        ]

    def _worst(self, dtype: torch.dtype, device: str) -> float:
        return gate.worst_difference(self._subject.kind, device=device, dtype=dtype)

    def _measure_probe(self) -> float:
        """TFLOP/s of a large product of random matrices: what this device can do today."""
        side = self._extent.probe
        left, right = (torch.randn(side, side, device=self._extent.device).bfloat16() for _ in range(2))
        seconds = [seconds_of(partial(_product, left, right)) for _ in range(25)][5:]
        rates = tuple(2 * side**3 / each / 1e12 for each in seconds)
        self._keep(Cell(f"matrix product, {side}, bf16", "probe", "TFLOP/s", rates))
        return self._result.cells[-1].median

    def _curve(self, side: int) -> list[Cell]:
        """Seconds of one denoiser call by rows, and the useful work in it."""
        call = self._denoiser_call(side)
        flops = _flops_of(call)
        cells = []
        for pictures in self._extent.pictures:
            with torch.inference_mode():
                samples = tuple(seconds_in_turns([[call] * pictures])[0] for _ in range(self._extent.rounds))
            what = f"{self._subject.kind} {side} px, one step of {pictures} pictures"
            cells.append(Cell(what, "denoiser", "s", samples))
            rates = tuple(flops * pictures / each / 1e12 for each in samples)
            cells.append(Cell(what, "denoiser", "TFLOP/s", rates))
            shares = tuple(100 * rate / self._probe for rate in rates)
            cells.append(Cell(what, "denoiser", "% of the probe", shares))
            # At the fewest pictures, where one costs the most.
            self._seconds_a_step.setdefault(side, cells[-3].median / pictures)
        return cells

    def _denoiser_call(self, side: int) -> Call:
        request = ImageRequest(
            model="bench",
            prompt="a jar",
            width=side,
            height=side,
            steps=2,
            guidance=self._subject.guidance,
            seed=1,
        )
        with torch.inference_mode():
            return draw(self._pipeline, request).calls["denoising"]

    def _cell(self, job: Job) -> None:
        what = f"{self._subject.kind} {job.side} px, {job.steps} steps, {job.pictures} at once"
        # Four arms draw all the pictures, two draw one.
        expected = self._seconds_a_step[job.side] * job.steps * (4 * job.pictures + 2)
        if expected > self._extent.longest:
            self._keep(Cell(what, "all", "", (), note=f"left out: about {expected:.0f} s a round"))
            return
        with ExitStack() as stack:
            arms = self._arms(job, stack)
            rates = self._rates(what, arms)
        self._keep(*rates.values())
        best = max((rates["ours"], rates["ours, compiled"]), key=lambda cell: cell.median)
        self._reach(job, best, ratio(best.samples, rates["plain"].samples))

    def _arms(self, job: Job, stack: ExitStack) -> dict[str, Callable[[], float]]:
        """Each draws its pictures and says how many."""
        one = Job(job.side, job.steps, 1, job.guidance)

        def resident(pipeline: DiffusionPipeline, policy: type[OmniLike] | None = None) -> Resident:
            return stack.enter_context(Resident(pipeline, pictures=job.pictures, policy=policy))

        return {
            "plain": partial(_drawn, partial(one_by_one, self._pipeline), one),
            "plain, compiled": partial(_drawn, partial(one_by_one, self._compiled), one),
            "static batch": partial(_drawn, partial(static_batch, self._pipeline), job),
            "omni-like": partial(_drawn, resident(self._pipeline, OmniLike), job),
            "ours": partial(_drawn, resident(self._pipeline), job),
            "ours, compiled": partial(_drawn, resident(self._compiled), job),
        }

    def _rates(self, what: str, arms: Mapping[str, Callable[[], float]]) -> dict[str, Cell]:
        """Pictures a second, the arms taking turns, until there are rounds enough or time is up."""
        for arm in arms.values():
            arm()
        rates: dict[str, list[float]] = {name: [] for name in arms}
        began = time.monotonic()
        while len(rates["plain"]) < self._extent.rounds:
            for name, arm in arms.items():
                rates[name].append(arm())
            if time.monotonic() - began > self._extent.enough:
                break
        return {name: Cell(what, name, "pictures/s", tuple(found)) for name, found in rates.items()}

    def _reach(self, job: Job, best: Cell, against_plain: float) -> None:
        """Hold a cell against the targets it is meant by."""
        kind, measured = self._subject.kind, self._result.measured
        reached: dict[str, float] = {}
        if job.side == 512 and job.steps == 20:
            reached = {f"{kind}_512": against_plain}
        elif kind == "sdxl" and job.steps == 20:
            reached = {"sdxl_1024": best.median}
        elif kind in ("flux", "zimage"):
            reached = {"flow": against_plain}
        for key, value in reached.items():
            measured[key] = max(value, measured.get(key, -math.inf))

    def _few_steps(self) -> None:
        """Four steps without guidance, as a distilled SDXL is used, with the tiny decoder in our arm."""
        job = Job(max(self._subject.sides), 4, max(self._extent.pictures), guidance=1.0)
        tiny, one = compiled(self._pipeline), Job(job.side, job.steps, 1, job.guidance)
        tiny.vae = tiny_autoencoder(self._pipeline)
        what = f"sdxl {job.side} px, {job.steps} steps, no guidance, {job.pictures} at once"
        with Resident(tiny, pictures=job.pictures) as ours:
            arms = {
                "plain": partial(_drawn, partial(one_by_one, self._pipeline), one),
                "plain, compiled, tiny decoder": partial(_drawn, partial(one_by_one, tiny), one),
                "ours, compiled, tiny decoder": partial(_drawn, ours, job),
            }
            plain, _, best = (rates := self._rates(what, arms)).values()
        self._result.measured["few_steps"] = best.median
        self._result.measured["few_steps_ratio"] = ratio(best.samples, plain.samples)
        self._keep(*rates.values())

    def _own_cost(self) -> None:
        job = Job(max(self._subject.sides), 20, 4, self._subject.guidance)
        with Resident(self._pipeline, pictures=job.pictures) as ours:
            draw_all = partial(ours, job)
            shares = [shares_of(self._pipeline, draw_all) for _ in range(self._extent.rounds)]
        what = f"outside of forwards, sdxl {job.side} px, {job.steps} steps, {job.pictures} at once"
        engine = Cell(what, "the engine alone", "%", tuple(share.engine for share in shares))
        self._result.measured["own_cost_gpu"] = engine.median
        self._keep(Cell(what, "with their schedulers", "%", tuple(s.outside for s in shares)), engine)


def _product(left: torch.Tensor, right: torch.Tensor) -> None:
    torch.mm(left, right)
    _wait()


def _drawn(draw_all: Callable[[Job], None], job: Job) -> float:
    """Pictures a second of one go."""
    return job.pictures / seconds_of(partial(_settled, draw_all, job))


def _settled(draw_all: Callable[[Job], None], job: Job) -> None:
    draw_all(job)
    _wait()


def _wait() -> None:
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


def _flops_of(call: Call) -> int:
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        call.module(*call.args, **call.kwargs)
    return counter.get_total_flops()
