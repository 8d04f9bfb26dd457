"""A request's picture does not depend on its neighbours: it is the plain pipeline's, in any company."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from diffusers import DiffusionPipeline
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.engine import Cancelled, Engine, ImageRequest, Progress, Ticket
from tests.engine.counting import Calls
from tests.engine.plain import difference, draw_plainly, stopped
from tests.engine.tiny_pipelines import FAMILIES, SINGULAR
from tests.sampling import many

TOLERANCE = 1e-5

PROMPTS = [
    "a red apple",
    "summer sale poster for a bakery, bold text",
    "studio light",
    "product shot of a jar on a white table, soft light from the left, shallow depth of field",
]


# After how many steps of anybody it comes, what, and at which of its own steps it is cancelled.
Planned = tuple[int, ImageRequest, int | None]


@dataclass
class Traffic:
    """Submits requests as others make progress, and cancels some of them on the way."""

    engine: Engine
    plan: list[Planned]
    tickets: list[tuple[ImageRequest, Ticket]] = field(default_factory=list)
    steps_seen: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)  # progress comes on the engine's thread

    def run(self) -> list[ImageRequest]:
        """The requests that were not cancelled, all finished."""
        self.plan.sort(key=lambda entry: entry[0])
        finished = []
        while entry := self._next_ticket():
            request, ticket = entry
            try:
                ticket.result(timeout=240)
                finished.append(request)
            except Cancelled:
                pass
        return finished

    def _next_ticket(self) -> tuple[ImageRequest, Ticket] | None:
        with self.lock:
            if not self.tickets and self.plan:
                self._submit_next()
            return self.tickets.pop(0) if self.tickets else None

    def _submit_next(self) -> None:
        _, request, cancel_at = self.plan.pop(0)

        def on_progress(progress: Progress) -> None:
            with self.lock:
                self.steps_seen += 1
                if progress.step == cancel_at:
                    ticket.cancel("changed my mind")
                while self.plan and self.plan[0][0] <= self.steps_seen:
                    self._submit_next()

        ticket = self.engine.submit(request, on_progress)
        self.tickets.append((request, ticket))


def any_request(chance: random.Random, model: str, seed: int) -> ImageRequest:
    return ImageRequest(
        model=model,
        prompt=chance.choice(PROMPTS),
        negative_prompt=chance.choice(["", "", "blurry, ugly"]),
        width=chance.choice([64, 64, 32]),
        height=64,
        steps=chance.randint(2, 5),
        guidance=chance.choice([2.0, 3.5, 7.0]),
        seed=seed,
        preview_every=chance.choice([0, 1, 2]),
        share=chance.choice(["bakery", "florist"]),
    )


def any_plan(chance: random.Random, model: str, requests: int) -> list[Planned]:
    return [
        (
            chance.choice([0, 0, 3, 6, 12]),
            any_request(chance, model, seed),
            chance.choice([None, None, None, None, 1, 2]),
        )
        for seed in range(requests)
    ]


def assert_exact(pipeline: DiffusionPipeline, requests: list[ImageRequest]) -> None:
    worst = {request.seed: difference(pipeline, request) for request in requests}
    assert max(worst.values(), default=0.0) <= TOLERANCE, worst


# A picture that its safety checker blackens depends on no text any more; it is sd15's otherwise.
@pytest.mark.parametrize("family", [*FAMILIES, "kolors", "hunyuan_image"])
def test_every_familys_picture_depends_on_its_text(
    family: str, load: Callable[[str], DiffusionPipeline]
) -> None:
    """Or a request that got another's text states, or its guidance, would look right."""
    request = ImageRequest(
        model=family, prompt=PROMPTS[0], width=64, height=64, steps=3, guidance=3.5, seed=1
    )
    one, other = (draw_plainly(load(family), replace(request, prompt=prompt)) for prompt in PROMPTS[:3:2])
    assert np.abs(one - other).max() > 10 * TOLERANCE


@pytest.mark.parametrize("family", FAMILIES)
def test_pictures_are_the_plain_pipelines_whatever_joins_and_leaves(
    family: str, load: Callable[[str], DiffusionPipeline], start_engine: Callable[..., Engine]
) -> None:
    plan = any_plan(random.Random(f"joins and leaves of {family}"), family, requests=9)
    finished = Traffic(start_engine(load, max_rows=12), plan).run()
    assert len(finished) >= 4
    assert_exact(load(family), finished)


@pytest.mark.slow
@pytest.mark.parametrize("family", SINGULAR)
def test_requests_of_several_shares_get_their_own_from_parts_that_answer_in_other_forms(
    family: str, load: Callable[[str], DiffusionPipeline], calls: Calls
) -> None:
    """A safety checker's list of flags, an encoder with its rows in the second place, a guider's momentum."""
    chance = random.Random(family)
    requests = [
        replace(any_request(chance, family, seed), width=64, steps=3, share=f"share {seed}", preview_every=0)
        for seed in range(6)
    ]
    engine = Engine(load, max_rows=12, clock=stopped)
    tickets = [engine.submit(request) for request in requests]
    engine.start()
    for ticket in tickets:
        ticket.result(timeout=240)
    engine.stop()
    assert_exact(load(family), requests)
    assert all(len(calls[stage]) < sum(calls[stage]) / 2 for stage in ("encoding", "denoising", "decoding"))
    black = [not load(family).pixels[request.seed].any() for request in requests]
    assert set(black) == ({True, False} if family == "sd15_checked" else {False})
    # What a model's own checker said of each is not lost, whoever shared the call.
    assert [ticket.result().is_flagged for ticket in tickets] == black


SCHEDULERS = [
    "EulerAncestralDiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "HeunDiscreteScheduler",
    "DDIMScheduler",
    "DDPMScheduler",
    "DPMSolverSinglestepScheduler",
    "UniPCMultistepScheduler",
    "PNDMScheduler",
    "LCMScheduler",
    "TCDScheduler",
]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "schedulers"), [("sd15", SCHEDULERS), ("sdxl", SCHEDULERS[:3])])
def test_every_request_may_bring_a_scheduler_that_keeps_its_own_state(
    family: str,
    schedulers: list[str],
    load: Callable[[str], DiffusionPipeline],
    start_engine: Callable[..., Engine],
) -> None:
    chance = random.Random(family)
    requests = [
        replace(any_request(chance, family, seed), scheduler=scheduler, width=64, steps=chance.randint(4, 6))
        for seed, scheduler in enumerate(["", *schedulers, schedulers[0]])
    ]
    engine = start_engine(load)
    tickets = [engine.submit(request) for request in requests]
    used = [ticket.result(timeout=240).scheduler for ticket in tickets]
    assert used[1:] == [*schedulers, schedulers[0]]
    assert_exact(load(family), requests)


@st.composite
def plans(draw: st.DrawFn) -> list[Planned]:
    """Arrivals and cancels of a few short requests, no two alike."""
    seeds = draw(st.lists(st.integers(0, 5), min_size=1, max_size=5, unique=True))
    return [
        (
            draw(st.integers(0, 8)),
            ImageRequest(
                model="sd15",
                prompt=PROMPTS[seed % len(PROMPTS)],
                width=32,
                height=32,
                steps=draw(st.integers(1, 4)),
                guidance=draw(st.sampled_from([1.0, 3.0])),
                seed=seed,
                share=draw(st.sampled_from(["bakery", "florist"])),
            ),
            draw(st.sampled_from([None, None, 1, 2])),
        )
        for seed in seeds
    ]


@settings(
    max_examples=many(fast=3, usual=10, full=250),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(plan=plans(), max_rows=st.integers(1, 8))
def test_any_order_of_arrivals_and_cancels_is_exact(
    plan: list[Planned], max_rows: int, load: Callable[[str], DiffusionPipeline]
) -> None:
    wanted = {request.seed: cancel_at is None or cancel_at > request.steps for _, request, cancel_at in plan}
    engine = Engine(load, max_rows=max_rows)
    engine.start()
    finished = Traffic(engine, plan).run()
    engine.stop()
    assert {request.seed for request in finished} == {seed for seed, stays in wanted.items() if stays}
    assert_exact(load("sd15"), finished)
