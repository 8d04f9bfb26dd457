"""Requests share component calls: the point of the engine, counted."""

from collections.abc import Callable

import pytest
from diffusers import DiffusionPipeline

from generation.engine import Engine, ImageRequest, Progress
from tests.engine.counting import Calls
from tests.engine.plain import difference, stopped
from tests.engine.tiny_pipelines import FAMILIES

PROMPTS = ["a red apple", "summer sale poster for a bakery", "studio light", "bold text on a table"] * 2
Load = Callable[[str], DiffusionPipeline]

# Calls by which the schedule learns that narrow ones do not pay.
TRIED = 2


def eight(model: str) -> list[ImageRequest]:
    """Eight requests of 3 to 6 steps, with prompts of different lengths and different guidance."""
    return [
        ImageRequest(
            model=model,
            prompt=prompt,
            width=64,
            height=64,
            steps=3 + number % 4,
            guidance=2.0 + number % 3,
            seed=number,
            preview_every=0,
        )
        for number, prompt in enumerate(PROMPTS)
    ]


def run_at_once(engine: Engine, requests: list[ImageRequest]) -> None:
    tickets = [engine.submit(request) for request in requests]
    engine.start()
    for ticket in tickets:
        ticket.result(timeout=240)
    engine.stop()


@pytest.mark.parametrize("family", FAMILIES)
def test_eight_requests_need_hardly_more_calls_than_the_longest_alone(
    family: str, load: Load, calls: Calls
) -> None:
    requests = eight(family)
    engine = Engine(load, max_rows=16, clock=stopped)
    run_at_once(engine, requests)
    # FLUX takes guidance as an input; FLUX.2 and Qwen-Image guide by a second call, others by a second row.
    passes = 1 if family == "flux" else 2
    assert sum(calls["denoising"]) == passes * sum(request.steps for request in requests)
    longest = 6 * (2 if family in ("flux2", "qwen") else 1)
    assert longest <= len(calls["denoising"]) <= longest + TRIED


def test_text_of_one_length_is_encoded_together_and_once(load: Load, calls: Calls) -> None:
    engine = Engine(load, max_rows=8)
    run_at_once(engine, eight("sd15"))
    # Four prompts twice each, then the empty negative prompt of all.
    assert calls["encoding"] == [4, 1]


def test_pictures_that_end_together_are_decoded_together(load: Load, calls: Calls) -> None:
    engine = Engine(load, max_rows=16, clock=stopped)
    run_at_once(engine, eight("sd15"))
    assert sum(calls["decoding"]) == 8
    assert 4 <= len(calls["decoding"]) <= 4 + TRIED  # two requests each of 3, 4, 5 and 6 steps


def test_a_late_request_joins_at_the_next_step(load: Load, calls: Calls) -> None:
    engine = Engine(load, clock=stopped)
    early, late = (
        ImageRequest(
            model="sd15", prompt="a table", width=64, height=64, steps=steps, guidance=4.0, seed=steps
        )
        for steps in (6, 4)
    )
    late_tickets = []

    def join(progress: Progress) -> None:
        if progress.step == 2:
            late_tickets.append(engine.submit(late))

    early_ticket = engine.submit(early, join)
    engine.start()
    early_ticket.result(timeout=240)
    late_tickets[0].result(timeout=240)
    engine.stop()
    assert len(calls["denoising"]) == 6  # steps 3 to 6 are shared
    assert difference(load("sd15"), early) <= 1e-5
    assert difference(load("sd15"), late) <= 1e-5


@pytest.mark.slow
def test_no_call_is_wider_than_allowed(load_fresh: Load) -> None:
    widths = []

    def watched(model: str) -> DiffusionPipeline:
        pipeline = load_fresh(model)
        pipeline.unet.register_forward_pre_hook(lambda module, args: widths.append(len(args[0])))
        return pipeline

    run_at_once(Engine(watched, max_rows=6, clock=stopped), eight("sd15"))
    assert max(widths) == 6


def test_seconds_are_shared_by_rows_and_add_up(load: Load, calls: Calls) -> None:
    ticks = iter(range(10_000))
    engine = Engine(load, max_rows=16, clock=lambda: float(next(ticks)))
    tickets = [engine.submit(request) for request in eight("sd15")]
    engine.start()
    seconds = [ticket.result(timeout=240).seconds for ticket in tickets]
    engine.stop()
    assert sum(seconds) == pytest.approx(sum(map(len, calls.values())))  # a call takes one tick of this clock


def test_perturbed_attention_requests_take_turns(load: Load, calls: Calls) -> None:
    """They swap the attention processors of the shared model during a call."""
    from diffusers import AutoPipelineForText2Image

    from tests.engine.plain import keep_pixels

    pipeline = keep_pixels(AutoPipelineForText2Image.from_pipe(load("sd15"), enable_pag=True))
    pipeline.set_progress_bar_config(disable=True)
    requests = eight("sd15")[:3]
    engine = Engine(lambda model: pipeline)
    run_at_once(engine, requests)
    assert len(calls["denoising"]) == sum(request.steps for request in requests)
    assert max(difference(pipeline, request) for request in requests) <= 1e-5
