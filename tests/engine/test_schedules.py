"""Over random arrivals, cancels, faults and deadlines: who is not hit is exact, all end, nothing hangs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from diffusers import DiffusionPipeline
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.engine import DEADLINE, Cancelled, Engine, GenerationError, ImageRequest, Progress, Ticket
from tests.engine.plain import difference
from tests.sampling import many

Load = Callable[[str], DiffusionPipeline]
Fate = Literal["stays", "cancelled", "raises", "breaks", "late"]

# What its prompt does to a request's rows in the denoiser.
PROMPTS: dict[Fate, str] = {"raises": "a row that raises", "breaks": "a row that is not finite"}


@dataclass(frozen=True)
class Asked:
    """A request that comes after `after` steps of anybody, and what becomes of it."""

    after: int
    request: ImageRequest
    fate: Fate


@st.composite
def asked(draw: st.DrawFn, seed: int) -> Asked:
    fate: Fate = draw(st.sampled_from(["stays", "stays", "stays", "cancelled", "raises", "breaks", "late"]))
    request = ImageRequest(
        model="sd15",
        prompt=PROMPTS.get(fate, draw(st.sampled_from(["a table", "a red apple, studio light"]))),
        width=32,
        height=draw(st.sampled_from([32, 64])),
        steps=draw(st.integers(2, 5)),
        guidance=draw(st.sampled_from([1.0, 3.0])),
        seed=seed,
        share=draw(st.sampled_from(["bakery", "florist"])),
        deadline=1e-9 if fate == "late" else draw(st.sampled_from([None, 600.0])),
    )
    return Asked(draw(st.integers(0, 10)), request, fate)


plans = st.integers(1, 7).flatmap(lambda count: st.tuples(*(asked(seed=seed) for seed in range(count))))


class Crowd:
    """Submits what is planned as others make progress."""

    def __init__(self, engine: Engine, plan: tuple[Asked, ...]) -> None:
        self._engine = engine
        self._plan = sorted(plan, key=lambda one: one.after)
        self._steps = 0
        self._lock = threading.RLock()  # progress comes on the engine's thread
        self.tickets: list[tuple[Asked, Ticket]] = []

    def run(self) -> dict[int, str]:
        """What became of each, by seed."""
        outcomes = {}
        while entry := self._next():
            one, ticket = entry
            outcomes[one.request.seed] = outcome(ticket)
        return outcomes

    def _next(self) -> tuple[Asked, Ticket] | None:
        with self._lock:
            if not self.tickets and self._plan:
                self._submit()
            return self.tickets.pop(0) if self.tickets else None

    def _submit(self) -> None:
        one = self._plan.pop(0)

        def on_progress(progress: Progress) -> None:
            with self._lock:
                self._steps += 1
                if one.fate == "cancelled":
                    ticket.cancel("changed my mind")
                while self._plan and self._plan[0].after <= self._steps:
                    self._submit()

        ticket = self._engine.submit(one.request, on_progress)
        self.tickets.append((one, ticket))


def outcome(ticket: Ticket) -> str:
    try:
        ticket.result(timeout=240)
    except (Cancelled, GenerationError) as error:
        return error.reason
    return "made"


def sabotage(pipeline: DiffusionPipeline) -> list[Any]:
    """Let rows of the prompts that are to fail raise, or be not finite, wherever they are in a batch."""
    with torch.inference_mode():
        states = {
            fate: pipeline.encode_prompt(prompt, "cpu", 1, False)[0][0].clone()
            for fate, prompt in PROMPTS.items()
        }

    def rows(kwargs: dict[str, Any], fate: Fate) -> list[int]:
        texts = kwargs["encoder_hidden_states"]
        return [row for row, text in enumerate(texts) if torch.allclose(text, states[fate], atol=1e-4)]

    def trip(module: Any, args: Any, kwargs: Any) -> None:
        if rows(kwargs, "raises"):
            raise RuntimeError("no such row")

    def poison(module: Any, args: Any, kwargs: Any, output: Any) -> Any:
        sample = output[0].clone()
        sample[rows(kwargs, "breaks")] = float("nan")
        return (sample,)

    return [
        pipeline.unet.register_forward_pre_hook(trip, with_kwargs=True),
        pipeline.unet.register_forward_hook(poison, with_kwargs=True),
    ]


@settings(
    max_examples=many(fast=2, usual=8, full=250),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(plan=plans, max_rows=st.integers(1, 8), deterministic=st.booleans())
def test_whoever_is_not_hit_is_exact_and_every_ticket_ends_as_it_should(
    plan: tuple[Asked, ...], max_rows: int, deterministic: bool, load: Load
) -> None:
    pipeline = load("sd15")
    hooks = sabotage(pipeline)
    engine = Engine(load, max_rows=max_rows, deterministic=deterministic)
    engine.start()
    outcomes = Crowd(engine, plan).run()
    kept = [*engine._executor._runs, *engine._executor._queue]
    engine.stop()
    for hook in hooks:
        hook.remove()
    ends = {
        "stays": "made",
        "cancelled": "changed my mind",
        "raises": "internal",
        "breaks": "bad_picture",
        "late": DEADLINE,
    }
    assert outcomes == {one.request.seed: ends[one.fate] for one in plan}
    assert not kept
    worst = [difference(pipeline, one.request) for one in plan if one.fate == "stays"]
    assert max(worst, default=0.0) <= 1e-5
