"""One model's cells on this device, section by section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial

import torch

from bench import gate
from bench.arms import Job, OmniLikeScheduler, Resident, one_by_one, static_batch
from bench.gpu import live
from bench.gpu.model import EAGER, Model
from bench.gpu.plan import Extent, Section
from bench.gpu.race import Race, against
from bench.gpu.record import Record
from bench.gpu.widths import Widths
from bench.harness import Cell, seconds_of
from bench.own_cost import Shares, shares_of
from bench.pipelines import tiny_autoencoder, with_parts
from bench.simulate import Costs
from bench.traces import Arrival
from generation.engine import device
from generation.engine.arguments import layout_of
from generation.engine.batch_scheduler import BatchScheduler
from generation.engine.latency_curve import LatencyCurve
from generation.engine.request import Ticket
from generation.engine.standins import Call
from generation.tuning.measuring import seconds_in_turns

# Seconds that loading may take: it is not begun for less.
LOADING = 45.0


@dataclass(frozen=True, slots=True)
class Best:
    """The fastest exact cell of ours in a section: its form, its job, and pictures a second."""

    form: str
    job: Job
    rate: float


class Trial:
    """One model on this device, from its probe to its last section."""

    def __init__(self, kind: str, extent: Extent, record: Record) -> None:
        self._kind, self._extent, self._record = kind, extent, record
        self._model: Model | None = None
        self._probe: float | None = None
        self._best: Best | None = None
        self._calls: dict[int, Call] = {}
        self._forms = [EAGER]  # of the section

    def prepare(self) -> bool:
        """What comes before all sections: whether the model is there."""
        self._record.attempt("probe", self._measure_probe)
        self._record.attempt("exactness", self._measure_exactness)
        return self._record.attempt("loading", self._load, expected=LOADING)

    def section(self, section: Section) -> None:
        for form in section.forms:
            if form not in self._there.forms:
                self._record.attempt(f"{section.kind}, {form}", partial(self._there.add, form))
        self._forms = [EAGER, *(form for form in section.forms if form in self._there.forms)]
        self._record.attempt(
            f"{section.kind} {section.side} px, a step", partial(self._measure_widths, section)
        )
        self._best = None
        for pictures in section.pictures:
            job = Job(section.side, section.steps, pictures, section.guidance)
            # A warm-up and a round.
            expected = self._expected(job, alone=4, together=2 * (1 + len(self._forms)))
            self._record.attempt(_words(section, job), partial(self._race, section, job), expected)
        for extra in section.extras:
            getattr(self, extra)(section)

    # --- before the cells ---------------------------------------------------------------------------------

    @property
    def _there(self) -> Model:
        assert self._model is not None, "the model is loaded"
        return self._model

    def _load(self) -> None:
        self._model = Model(self._kind, self._extent)

    def _measure_exactness(self) -> None:
        """On a GPU kernels depend on how many rows there are: what holds is measured, not promised."""
        for dtype in (torch.float32, torch.bfloat16):
            worst = gate.worst_difference(self._kind, device=self._extent.device, dtype=dtype)
            self._record.keep(Cell(f"batched against plain, tiny, {dtype}", self._kind, "of 1", (worst,)))

    def _measure_probe(self) -> None:
        """TFLOP/s of a large product of random matrices: what this device can do today."""
        side = self._extent.probe
        left, right = (torch.randn(side, side, device=self._extent.device).bfloat16() for _ in range(2))
        seconds = [seconds_of(partial(_product, left, right)) for _ in range(25)][5:]
        cell = Cell(
            f"matrix product, {side}, bf16",
            "probe",
            "TFLOP/s",
            tuple(2 * side**3 / each / 1e12 for each in seconds),
        )
        self._record.keep(cell)
        self._probe = cell.median

    def _measure_widths(self, section: Section) -> None:
        call = self._there.drawn(section.side, section.guidance).calls["denoising"]
        self._calls[section.side] = call
        self._forms = Widths(self._there, self._record, self._probe).measure(section, call, self._forms)

    # --- the cells ----------------------------------------------------------------------------------------

    def _race(self, section: Section, job: Job) -> None:
        with ExitStack() as stack:
            arms = self._arms(job, stack)
            cells = self._run(_words(section, job), arms)
        ours = {name: cell for name, cell in cells.items() if name.startswith("ours") and cell.samples}
        ours.pop("ours, fp8", None)  # That loses bits.
        if not ours:
            return
        name, best = max(ours.items(), key=lambda item: item[1].median)
        if self._best is None or best.median > self._best.rate:
            self._best = Best(name.removeprefix("ours, "), job, best.median)
        if section.speed:
            self._record.reach(section.speed, best.median)
        if section.ratio and cells["plain"].samples:
            self._record.reach(section.ratio, against(best, cells["plain"]))
        self._record.keep()

    def _run(self, what: str, arms: dict[str, Callable[[], float]]) -> dict[str, Cell]:
        race = Race(arms, self._record.budget.part(self._extent.cell))
        cells = race.run(what, self._extent.rounds)
        self._record.keep(*cells.values())
        return cells

    def _arms(self, job: Job, stack: ExitStack) -> dict[str, Callable[[], float]]:
        """In order of worth. Policies are compared in one form, and ours also runs in the others."""
        model, fastest = self._there, self._fastest
        pipeline, one = model.forms[fastest], replace(job, pictures=1)
        arms: dict[str, Callable[[], float]] = {
            "plain": partial(_drawn, partial(one_by_one, model.plain), one)
        }
        for form in self._forms[1:] or [EAGER]:
            arms[f"ours, {form}"] = partial(_drawn, self._resident(form, job, stack), job)
        omni = self._resident(fastest, job, stack, OmniLikeScheduler)
        arms[f"omni-like, {fastest}"] = partial(_drawn, omni, job)
        arms[f"static batch, {fastest}"] = partial(_drawn, partial(static_batch, pipeline), job)
        if fastest != EAGER:
            arms[f"plain, {fastest}"] = partial(_drawn, partial(one_by_one, pipeline), one)
        return arms

    def _resident(
        self, form: str, job: Job, stack: ExitStack, policy: type[OmniLikeScheduler] | None = None
    ) -> Resident:
        curves = self._there.curves(form, job.side)
        pipeline = self._there.forms[form]
        return stack.enter_context(Resident(pipeline, pictures=job.pictures, policy=policy, curves=curves))

    def _expected(self, job: Job, *, alone: int, together: int) -> float:
        """Seconds of so many arms that draw one picture and all, as far as the curve tells: without decoding
        and compiling.
        """
        rows = self._rows(job)
        one, many = (self._step(job.side, width) for width in (rows, rows * job.pictures))
        return job.steps * (alone * one + together * many)

    def _step(self, side: int, rows: int) -> float:
        curve = self._there.curve(EAGER, side)
        return curve.at(rows) if curve is not None else 0.0

    def _rows(self, job: Job) -> int:
        """Of one picture."""
        call = self._calls.get(job.side)
        return 1 if call is None or job.guidance <= 1 else layout_of(call).rows

    @property
    def _fastest(self) -> str:
        """The form in which policies are compared: compiled, if that can be."""
        return "compiled" if "compiled" in self._forms else EAGER

    # --- extras, as a section names them -------------------------------------------------------------------

    def few_steps(self, section: Section) -> None:
        """Four steps without guidance, as a distilled SDXL is used, with the tiny decoder in our arm."""
        job = Job(section.side, 4, 2 * max(section.pictures), guidance=1.0)
        what = f"{section.kind} {job.side} px, 4 steps, no guidance, {job.pictures} at once"
        expected = self._expected(job, alone=4, together=2)
        self._record.attempt(what, partial(self._race_few_steps, what, job), expected)

    def _race_few_steps(self, what: str, job: Job) -> None:
        form, one = self._fastest, replace(job, pictures=1)
        fast = self._there.forms[form]
        tiny = with_parts(fast, vae=tiny_autoencoder(fast))
        with Resident(tiny, pictures=job.pictures, curves=self._there.curves(form, job.side)) as ours:
            arms: dict[str, Callable[[], float]] = {
                "plain": partial(_drawn, partial(one_by_one, self._there.plain), one),
                f"ours, {form}, tiny decoder": partial(_drawn, ours, job),
                f"plain, {form}, tiny decoder": partial(_drawn, partial(one_by_one, tiny), one),
            }
            plain, best, _ = self._run(what, arms).values()
        if best.samples:
            self._record.reach("few_steps", best.median)
        if best.samples and plain.samples:
            self._record.reach("few_steps_ratio", against(best, plain))
        self._record.keep()

    def own_cost(self, section: Section) -> None:
        """What a step costs outside of forwards."""
        job = Job(section.side, section.steps, 4, section.guidance)
        what = f"outside of forwards, {section.kind} {job.side} px, {job.steps} steps, 4 at once"
        expected = self._expected(job, alone=0, together=1 + self._extent.rounds)
        self._record.attempt(what, partial(self._measure_own_cost, what, job), expected)

    def _measure_own_cost(self, what: str, job: Job) -> None:
        plain, part = self._there.plain, self._record.budget.part(self._extent.cell)
        shares: list[Shares] = []
        with Resident(plain, pictures=job.pictures) as ours:
            ours(job)
            while len(shares) < self._extent.rounds and (not shares or part.left() > 0):
                shares.append(shares_of(plain, partial(ours, job)))
        engine = Cell(what, "the engine alone", "%", tuple(share.engine for share in shares))
        self._record.result.measured["own_cost_gpu"] = engine.median
        self._record.keep(Cell(what, "with their schedulers", "%", tuple(s.outside for s in shares)), engine)

    def live(self, section: Section) -> None:
        """Poisson arrivals near the capacity that was just measured, beside what the simulator says."""
        if self._best is None:
            self._record.leave_out("Poisson arrivals", "left out: no capacity was measured")
            return
        best, seconds = self._best, self._extent.live
        rows = self._rows(best.job)
        trace = live.arrivals(best.rate * rows * best.job.steps, section.side, rows, seconds)
        what = f"{section.kind} {section.side} px, {len(trace)} Poisson arrivals in {seconds:g} s"
        costs = cache(partial(self._costs, section, best.form))  # one measurement for both arms
        for arm, policy in (("omni-like", OmniLikeScheduler), ("ours", None)):
            simulate = partial(self._simulate, what, arm, policy or BatchScheduler, best, trace, costs)
            self._record.attempt(f"{what}, {arm}, simulated", simulate)
            serve = partial(self._serve, what, arm, policy, best, trace)
            self._record.attempt(f"{what}, {arm}", serve, expected=seconds + live.PATIENCE)

    def _simulate(
        self,
        what: str,
        arm: str,
        policy: type[BatchScheduler],
        best: Best,
        trace: Sequence[Arrival],
        costs: Callable[[], Costs],
    ) -> None:
        told = live.foretold(trace, partial(policy, max_rows=2 * best.job.pictures), costs())
        self._record.keep(*live.cells(what, f"{arm}, simulated", told))

    def _serve(
        self,
        what: str,
        arm: str,
        policy: type[OmniLikeScheduler] | None,
        best: Best,
        trace: Sequence[Arrival],
    ) -> None:
        with ExitStack() as stack:
            resident = self._resident(best.form, best.job, stack, policy)
            resident(best.job)  # warm-up

            def submit(arrival: Arrival) -> Ticket:
                return resident.submit(replace(best.job, steps=arrival.steps), arrival.share)

            served = live.serve(submit, trace)
        self._record.keep(*live.cells(what, arm, served))

    def _costs(self, section: Section, form: str) -> Costs:
        """What the simulator needs to know: seconds of each call, as measured."""
        steps = self._there.curve(form, section.side)
        if steps is None:
            raise LookupError("a step was not measured")
        drawn = self._there.drawn(section.side, section.guidance)
        decoding = drawn.calls["decoding"]
        with torch.inference_mode():
            decode = {calls: seconds_in_turns([[decoding] * calls])[0] for calls in (1, 4)}
        return Costs(
            {section.side: steps}, LatencyCurve({1: drawn.encoding}), {section.side: LatencyCurve(decode)}
        )


def _words(section: Section, job: Job) -> str:
    return f"{section.kind} {job.side} px, {job.steps} steps, {job.pictures} at once"


def _product(left: torch.Tensor, right: torch.Tensor) -> None:
    torch.mm(left, right)
    device.wait()


def _drawn(draw_all: Callable[[Job], None], job: Job) -> float:
    """Pictures a second of one go. It is over when they are on the host.

    In the mode that the engine runs in: compiled code is made for one mode or the other.
    """
    with torch.inference_mode():
        return job.pictures / seconds_of(partial(draw_all, job))
