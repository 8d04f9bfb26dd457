"""The engine's cells on a GPU: full-size models with random weights in bf16, built on the device.

A lent machine may be taken back at any time: what is worth most is measured first, every model's result is a
file of its own, written to $OUT after each of its cells, a cell that fails or does not fit is noted and the
next one goes on. `python -m bench engine --only sdxl flux` runs some of them.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from diffusers import DiffusionPipeline
from torch.utils.flop_counter import FlopCounterMode

from bench import gate, report
from bench.arms import Job, OmniLike, Resident, compiled, one_by_one, static_batch
from bench.budget import Budget
from bench.harness import GPU, Cell, Result, Target, ratio, seconds_of
from bench.own_cost import shares_of
from bench.pipelines import build, tiny_autoencoder
from generation.engine.arguments import layout_of
from generation.engine.curve import Curve
from generation.engine.grouping import key_of
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


# In order of worth.
SUBJECTS = (
    Subject("sdxl", (1024, 512)),
    Subject("sd15", (512,)),
    Subject("flux", (1024,), guidance=3.5),
    Subject("zimage", (1024,), guidance=1.0),
)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is run: the defaults are the full run's; `scale` and `probe` as in the tests are small."""

    pictures: tuple[int, ...] = (8, 1, 16)
    steps: tuple[int, ...] = (20, 4)
    rounds: int = 2
    # Of the whole run, and of all rounds of one cell.
    seconds: float = 540.0
    enough: float = 30.0
    probe: int = 8192
    scale: int = 1
    device: str = "cuda"


FULL = Extent()
QUICK = Extent(pictures=(1, 4), steps=(4,), rounds=1)


def run(
    quick: bool, subjects: Sequence[Subject], extent: Extent | None = None, budget: Budget | None = None
) -> Result:
    """All results in one; each model's is saved by itself on the way."""
    extent = extent or (QUICK if quick else FULL)
    not_run = dict.fromkeys((target.key for target in TARGETS), "not run")
    whole = Result("engine-gpu", missing=not_run, is_saved=True)
    budget = budget or Budget(extent.seconds)
    for subject in subjects:
        whole.absorb(Trial(subject, extent, quick, budget).run())
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

    def __init__(self, subject: Subject, extent: Extent, quick: bool, budget: Budget) -> None:
        self._subject, self._extent, self._quick, self._budget = subject, extent, quick, budget
        self._result = Result(f"engine-gpu-{subject.kind}")
        self._curves: dict[int, dict[Hashable, Curve]] = {}
        self._pipelines: dict[str, DiffusionPipeline] = {}
        self._probe = math.nan

    def run(self) -> Result:
        self._try("probe", self._measure_probe)
        self._try("exactness", lambda: self._keep(*self._gate()))
        if not self._try("loading", self._load):
            return self._result
        for side in self._subject.sides:
            self._try(f"curve at {side} px", partial(self._curve, side))
            for steps in self._extent.steps:
                for pictures in self._extent.pictures:
                    job = Job(side, steps, pictures, self._subject.guidance)
                    self._try(_words(self._subject.kind, job), partial(self._cell, job))
            if self._subject.kind == "sdxl" and side == max(self._subject.sides):
                self._try("few steps", self._few_steps)
                self._try("own cost", self._own_cost)
        return self._result

    def _try(self, what: str, cell: Callable[[], object]) -> bool:
        """Whether a cell could be measured; if not, why is noted, and the next one goes on."""
        if self._budget.left() <= 0:
            self._keep(Cell(what, "all", "", (), note="left out: no time left"))
            return False
        try:
            cell()
        except Exception as error:  # whatever it was, the others are worth their minutes
            # Its kind alone: the text of a compiler's error fills pages.
            self._keep(Cell(what, "all", "", (), note=f"failed: {type(error).__name__}"))
            return False
        finally:
            free_cached_memory()
        return True

    def _load(self) -> None:
        self._pipeline = self._build()
        self._try("compiling", self._compile)

    def _compile(self) -> None:
        self._pipelines["compiled"] = compiled(self._pipeline)
        if importlib.util.find_spec("torchao"):
            self._try("fp8", self._quantize)

    def _quantize(self) -> None:
        self._pipelines["fp8"] = compiled(self._pipeline, quantization="float8")

    def _build(self) -> DiffusionPipeline:
        dtype = torch.bfloat16 if self._extent.scale == 1 else torch.float32
        return build(self._subject.kind, scale=self._extent.scale, device=self._extent.device, dtype=dtype)

    def _keep(self, *cells: Cell) -> None:
        """Note cells, and save what there is so far."""
        self._result.cells += cells
        report.save(self._result, quick=self._quick, folder=results_folder())

    def _gate(self) -> list[Cell]:
        """On a GPU kernels depend on how many rows there are: what holds is measured, not promised."""
        kind, device = self._subject.kind, self._extent.device
        return [
            Cell(f"batched against plain, tiny, {dtype}", kind, "of 1", (self._worst(dtype, device),))
            for dtype in (torch.float32, torch.bfloat16)
        ]

    def _worst(self, dtype: torch.dtype, device: str) -> float:
        return gate.worst_difference(self._subject.kind, device=device, dtype=dtype)

    def _measure_probe(self) -> None:
        """TFLOP/s of a large product of random matrices: what this device can do today."""
        side = self._extent.probe
        left, right = (torch.randn(side, side, device=self._extent.device).bfloat16() for _ in range(2))
        seconds = [seconds_of(partial(_product, left, right)) for _ in range(25)][5:]
        rates = tuple(2 * side**3 / each / 1e12 for each in seconds)
        self._keep(Cell(f"matrix product, {side}, bf16", "probe", "TFLOP/s", rates))
        self._probe = self._result.cells[-1].median

    def _curve(self, side: int) -> None:
        """Seconds of one denoiser call by rows, and the useful work in it; saved width by width."""
        call = self._denoiser_call(side)
        flops, seconds = _flops_of(call), {}
        for pictures in sorted(self._extent.pictures):
            with torch.inference_mode():
                samples = tuple(seconds_in_turns([[call] * pictures])[0] for _ in range(self._extent.rounds))
            what = f"{self._subject.kind} {side} px, one step of {pictures} pictures"
            rates = tuple(flops * pictures / each / 1e12 for each in samples)
            shares = tuple(100 * rate / self._probe for rate in rates)
            cell = Cell(what, "denoiser", "s", samples)
            self._keep(
                cell,
                Cell(what, "denoiser", "TFLOP/s", rates),
                Cell(what, "denoiser", "% of the probe", shares),
            )
            seconds[pictures * layout_of(call).rows] = cell.median
            self._curves[side] = {key_of("bench", call).place: Curve(seconds)}

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
        what = _words(self._subject.kind, job)
        expected = self._expected(job)
        if expected > self._budget.left():
            self._keep(Cell(what, "all", "", (), note=f"left out: about {expected:.0f} s"))
            return
        with ExitStack() as stack:
            arms = self._arms(job, stack)
            rates = self._rates(what, arms)
        self._keep(*rates.values())
        exact = {name: cell for name, cell in rates.items() if "fp8" not in name}  # That loses bits.
        ours = [cell for name, cell in exact.items() if name.startswith("ours") and cell.samples]
        best = max(ours, key=lambda cell: cell.median)
        self._reach(job, best, ratio(best.samples, rates["plain"].samples))
        self._keep()

    def _expected(self, job: Job) -> float:
        """Seconds of a warm-up and a round: three arms and those compiled draw all, two draw one picture."""
        (curve,) = self._curves[job.side].values()
        rows = 1 if job.guidance == 1 else 2
        many = 3 + len(self._pipelines)
        return 2 * job.steps * (2 * curve.at(rows) + many * curve.at(rows * job.pictures))

    def _arms(self, job: Job, stack: ExitStack) -> dict[str, Callable[[], float]]:
        """Each draws its pictures and says how many."""
        one = Job(job.side, job.steps, 1, job.guidance)

        def resident(pipeline: DiffusionPipeline, policy: type[OmniLike] | None = None) -> Resident:
            curves = self._curves[job.side]
            return stack.enter_context(
                Resident(pipeline, pictures=job.pictures, policy=policy, curves=curves)
            )

        arms = {
            "plain": partial(_drawn, partial(one_by_one, self._pipeline), one),
            "static batch": partial(_drawn, partial(static_batch, self._pipeline), job),
            "omni-like": partial(_drawn, resident(self._pipeline, OmniLike), job),
            "ours": partial(_drawn, resident(self._pipeline), job),
        }
        for name, pipeline in self._pipelines.items():
            arms[f"plain, {name}"] = partial(_drawn, partial(one_by_one, pipeline), one)
            arms[f"ours, {name}"] = partial(_drawn, resident(pipeline), job)
        return arms

    def _rates(self, what: str, arms: Mapping[str, Callable[[], float]]) -> dict[str, Cell]:
        """Pictures a second, the arms taking turns, until there are rounds enough or time is up."""
        rates: dict[str, list[float]] = {name: [] for name in arms}
        broken: dict[str, str] = {}
        self._turn(arms, broken, {})  # warm-up
        began = time.monotonic()
        for _ in range(self._extent.rounds):
            self._turn(arms, broken, rates)
            if time.monotonic() - began > self._extent.enough or self._budget.left() <= 0:
                break
        return {
            name: Cell(what, name, "pictures/s", () if name in broken else tuple(found), broken.get(name, ""))
            for name, found in rates.items()
        }

    def _turn(
        self,
        arms: Mapping[str, Callable[[], float]],
        broken: dict[str, str],
        rates: dict[str, list[float]],
    ) -> None:
        """One round. An arm that fails is out of the race, the others go on."""
        for name, arm in arms.items():
            if name in broken:
                continue
            try:
                rates.setdefault(name, []).append(arm())
            except Exception as error:
                broken[name] = f"failed: {type(error).__name__}"
                free_cached_memory()

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
        self._keep(*rates.values())
        self._result.measured["few_steps"] = best.median
        self._result.measured["few_steps_ratio"] = ratio(best.samples, plain.samples)
        self._keep()

    def _own_cost(self) -> None:
        job = Job(max(self._subject.sides), 20, 4, self._subject.guidance)
        with Resident(self._pipeline, pictures=job.pictures) as ours:
            draw_all = partial(ours, job)
            shares = [shares_of(self._pipeline, draw_all) for _ in range(self._extent.rounds)]
        what = f"outside of forwards, sdxl {job.side} px, {job.steps} steps, {job.pictures} at once"
        engine = Cell(what, "the engine alone", "%", tuple(share.engine for share in shares))
        self._result.measured["own_cost_gpu"] = engine.median
        self._keep(Cell(what, "with their schedulers", "%", tuple(s.outside for s in shares)), engine)


def results_folder() -> Path:
    """$OUT, what a lent machine hands back; elsewhere the folder of results."""
    return Path(os.environ["OUT"]) if os.environ.get("OUT") else report.RESULTS


def _words(kind: str, job: Job) -> str:
    return f"{kind} {job.side} px, {job.steps} steps, {job.pictures} at once"


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
