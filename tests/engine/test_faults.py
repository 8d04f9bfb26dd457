"""What goes wrong in one request stays with it, and nobody waits for ever."""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
from diffusers import DiffusionPipeline

from generation.engine import (
    DEADLINE,
    Cancelled,
    Engine,
    GenerationError,
    ImageRequest,
    ModelNotLoaded,
    Picture,
    Progress,
    Ticket,
)
from tests.engine.counting import Calls
from tests.engine.plain import difference

Load = Callable[[str], DiffusionPipeline]
SECRET = "the mayor's surprise party"


def request(seed: int, **changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": "sd15",
        "prompt": f"a table, number {seed}",
        "width": 32,
        "height": 32,
        "steps": 4,
        "guidance": 3.0,
        "seed": seed,
    }
    return ImageRequest(**(values | changes))


def start_together(engine: Engine, requests: list[ImageRequest]) -> list[Ticket]:
    """Submit before the engine starts, so that all requests share their first step."""
    tickets = [engine.submit(request) for request in requests]
    engine.start()
    return tickets


def outcome(ticket: Ticket) -> Picture | Exception:
    try:
        return ticket.result(timeout=240)
    except (GenerationError, Cancelled) as error:
        return error


def text_states(pipeline: DiffusionPipeline, prompt: str) -> torch.Tensor:
    with torch.inference_mode():
        return pipeline.encode_prompt(prompt, "cpu", 1, False)[0][0].clone()


def marked_rows(states: torch.Tensor, marker: torch.Tensor) -> list[int]:
    return [row for row, state in enumerate(states) if torch.allclose(state, marker, atol=1e-4)]


def test_an_error_in_one_row_leaves_its_neighbours_alone(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    marker = text_states(pipeline, SECRET)

    def trip(module: Any, args: Any, kwargs: Any) -> None:
        if marked_rows(kwargs["encoder_hidden_states"], marker):
            raise RuntimeError(f"cannot draw {SECRET}")

    hook = pipeline.unet.register_forward_pre_hook(trip, with_kwargs=True)
    engine = Engine(lambda model: pipeline)
    requests = [request(0), request(1, prompt=SECRET), request(2)]
    outcomes = [outcome(ticket) for ticket in start_together(engine, requests)]
    engine.stop()
    hook.remove()
    assert isinstance(outcomes[1], GenerationError)
    assert outcomes[1].reason == "internal"
    assert [difference(pipeline, requests[seed]) <= 1e-5 for seed in (0, 2)] == [True, True]


def test_no_message_or_log_holds_the_prompt(
    load_fresh: Load, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    pipeline = load_fresh("sd15")

    def trip(module: Any, args: Any, kwargs: Any) -> None:
        raise RuntimeError(f"cannot draw {SECRET}")

    pipeline.vae.decoder.register_forward_pre_hook(trip, with_kwargs=True)
    engine = Engine(lambda model: pipeline)
    asked = request(0, prompt=f"{SECRET} " * 40)  # longer than CLIP reads, of which diffusers likes to tell
    with caplog.at_level(logging.DEBUG):
        error = outcome(start_together(engine, [asked])[0])
        engine.stop()
    assert isinstance(error, GenerationError)
    assert "RuntimeError" in str(error)
    printed = capfd.readouterr()
    for text in (
        str(error),
        repr(error.__cause__),
        repr(error.__context__),
        repr(asked),
        caplog.text,
        *printed,
    ):
        assert "mayor" not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_out_of_memory_halves_the_width_and_goes_on(error: Exception, load_fresh: Load) -> None:
    pipeline, widths = load_fresh("sd15"), []

    def allocate(module: Any, args: Any) -> None:
        widths.append(len(args[0]))
        if len(args[0]) > 4:
            raise error

    hook = pipeline.unet.register_forward_pre_hook(allocate)
    engine = Engine(lambda model: pipeline, max_rows=16)
    requests = [request(seed) for seed in range(6)]
    outcomes = [outcome(ticket) for ticket in start_together(engine, requests)]
    engine.stop()
    hook.remove()
    assert all(isinstance(one, Picture) for one in outcomes)
    assert widths[:3] == [12, 6, 2]  # 12 rows did not fit, then 6; from then on 3 rows, which is one request
    assert max(widths[2:]) == 2
    assert max(difference(pipeline, one) for one in requests) <= 1e-5


def test_a_picture_too_large_for_memory_fails_alone(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")

    def allocate(module: Any, args: Any) -> None:
        if args[0].shape[-1] > 16:
            raise torch.OutOfMemoryError("CUDA out of memory")

    pipeline.unet.register_forward_pre_hook(allocate)
    engine = Engine(lambda model: pipeline)
    outcomes = [outcome(one) for one in start_together(engine, [request(0), request(1, width=64, height=64)])]
    engine.stop()
    assert isinstance(outcomes[0], Picture)
    assert isinstance(outcomes[1], GenerationError)
    assert outcomes[1].reason == "out_of_memory"


def test_a_row_that_is_not_finite_fails_alone(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    marker = text_states(pipeline, SECRET)

    def poison(module: Any, args: Any, kwargs: Any, output: Any) -> Any:
        sample = output[0].clone()
        sample[marked_rows(kwargs["encoder_hidden_states"], marker)] = float("nan")
        return (sample,)

    hook = pipeline.unet.register_forward_hook(poison, with_kwargs=True)
    engine = Engine(lambda model: pipeline)
    requests = [request(0), request(1, prompt=SECRET), request(2)]
    outcomes = [outcome(ticket) for ticket in start_together(engine, requests)]
    engine.stop()
    hook.remove()
    assert isinstance(outcomes[1], GenerationError)
    assert outcomes[1].reason == "bad_picture"
    assert [difference(pipeline, requests[seed]) <= 1e-5 for seed in (0, 2)] == [True, True]


def test_a_cancelled_request_frees_its_rows_at_the_next_step(load: Load, calls: Calls) -> None:
    engine, told = Engine(load), []

    def on_progress(progress: Progress) -> None:
        told.append(progress.step)
        if progress.step == 2:
            leaving.cancel("too slow")

    staying = engine.submit(request(0, steps=6))
    leaving = engine.submit(request(1, steps=6), on_progress)
    engine.start()
    assert isinstance(outcome(staying), Picture)
    error = outcome(leaving)
    engine.stop()
    assert isinstance(error, Cancelled)
    assert error.reason == "too slow"
    assert told == [1, 2]
    assert sum(calls["denoising"]) == 6 * 2 + 2 * 2
    assert difference(load("sd15"), request(0, steps=6)) <= 1e-5


def test_a_cancelled_request_is_under_way_until_its_running_call_ends_and_pays_for_it(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    def draw(module: Any, args: Any) -> None:
        drawing.set()
        assert let_go.wait(120)

    drawing, let_go = threading.Event(), threading.Event()
    pipeline = load_fresh("sd15")
    pipeline.unet.register_forward_pre_hook(draw)
    ticket = start_engine(lambda model: pipeline).submit(request(0, steps=100))
    assert drawing.wait(120)
    encoded = ticket.seconds
    ticket.cancel("changed my mind")
    assert ticket.is_under_way
    time.sleep(0.05)
    let_go.set()
    assert isinstance(outcome(ticket), Cancelled)
    assert not ticket.is_under_way
    assert ticket.seconds >= encoded + 0.05


def test_a_request_cancelled_before_it_starts_costs_nothing(load: Load, calls: Calls) -> None:
    engine = Engine(load)
    ticket = engine.submit(request(0))
    ticket.cancel("never mind")
    engine.start()
    assert isinstance(outcome(ticket), Cancelled)
    engine.stop()
    assert not calls


def test_cancelling_a_finished_ticket_changes_nothing(
    load: Load, start_engine: Callable[..., Engine]
) -> None:
    ticket = start_engine(load).submit(request(0))
    picture = ticket.result(timeout=240)
    ticket.cancel("too late")
    assert ticket.result() is picture


def test_an_error_in_the_callers_progress_fails_that_request_only(load: Load) -> None:
    engine = Engine(load)

    def on_progress(progress: Progress) -> None:
        raise ValueError("no such page")

    failing = engine.submit(request(0), on_progress)
    other = engine.submit(request(1))
    engine.start()
    error = outcome(failing)
    assert isinstance(error, GenerationError)
    assert error.reason == "internal"
    assert isinstance(outcome(other), Picture)
    assert engine.healthy()
    engine.stop()


def test_a_size_that_the_pipeline_refuses_fails_with_a_place(
    load: Load, start_engine: Callable[..., Engine]
) -> None:
    error = outcome(start_engine(load).submit(request(0, width=33)))
    assert isinstance(error, GenerationError)
    assert error.reason == "internal"
    assert "ValueError in pipeline_stable_diffusion.py" in str(error)


def test_an_unknown_model_is_unavailable(load: Load, start_engine: Callable[..., Engine]) -> None:
    engine = start_engine(lambda model: {"sd15": load("sd15")}[model])
    error = outcome(engine.submit(request(0, model="no-such-model")))
    assert isinstance(error, GenerationError)
    assert error.reason == "model_unavailable"
    assert isinstance(outcome(engine.submit(request(0))), Picture)


def test_stopping_cancels_what_is_in_flight_and_refuses_what_comes(load: Load) -> None:
    engine = Engine(load)
    ticket = engine.submit(request(0, steps=500))
    waiting = engine.submit(request(1, steps=500))
    engine.start()
    assert engine.healthy()
    engine.stop(timeout=120)
    assert isinstance(outcome(ticket), Cancelled)
    assert isinstance(outcome(waiting), Cancelled)
    assert not engine.healthy()
    with pytest.raises(GenerationError):
        engine.submit(request(2))


def test_an_engine_stopped_before_it_started_ends_its_tickets(load: Load) -> None:
    engine = Engine(load)
    ticket = engine.submit(request(0))
    engine.stop()
    assert isinstance(outcome(ticket), Cancelled)


def test_a_fault_of_the_engine_itself_ends_every_ticket(load: Load, caplog: pytest.LogCaptureFixture) -> None:
    readings = iter([0.0, 0.0, 1.0, 2.0, 3.0])

    def clock() -> float:
        return next(readings)  # StopIteration once the battery is empty

    engine = Engine(load, clock=clock)
    outcomes = [outcome(ticket) for ticket in start_together(engine, [request(0), request(1)])]
    assert all(isinstance(one, GenerationError) and one.reason == "engine_lost" for one in outcomes)
    assert not engine.healthy()
    assert "The engine failed: StopIteration" in caplog.text
    with pytest.raises(GenerationError):
        engine.submit(request(2))


def test_a_lost_device_stops_the_engine(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")

    def fail(module: Any, args: Any) -> None:
        raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    pipeline.unet.register_forward_pre_hook(fail)
    engine = Engine(lambda model: pipeline)
    outcomes = [outcome(ticket) for ticket in start_together(engine, [request(0), request(1)])]
    assert all(isinstance(one, GenerationError) for one in outcomes)
    assert not engine.healthy()


def test_a_decode_that_does_not_fit_whole_is_made_of_tiles_from_then_on(load_fresh: Load) -> None:
    pipeline, sizes = load_fresh("sd15"), []
    pipeline.vae.tile_latent_min_size, pipeline.vae.tile_sample_min_size = 8, 16

    def allocate(module: Any, args: Any) -> None:
        sizes.append(args[0].shape[-1])
        if args[0].shape[-1] > 16:
            raise torch.OutOfMemoryError("CUDA out of memory")

    hook = pipeline.vae.decoder.register_forward_pre_hook(allocate)
    engine = Engine(lambda model: pipeline)
    large = [request(seed, width=64, height=64, preview_every=0) for seed in (1, 2)]
    engine.start()
    assert all(isinstance(outcome(engine.submit(one)), Picture) for one in large)
    assert sizes.count(32) == 1  # the first try; the second picture is made of tiles at once
    small = request(3, width=32, height=32)
    assert isinstance(outcome(engine.submit(small)), Picture)
    assert sizes[-1] == 16  # whole, as it fits
    engine.stop()
    hook.remove()
    assert not pipeline.vae.use_tiling
    assert difference(pipeline, small) <= 1e-5
    assert difference(pipeline, large[1]) < 0.5  # the same picture, but for what tiles cannot know


def test_a_request_past_its_deadline_is_cancelled_with_that_reason(load: Load) -> None:
    seconds = itertools.count()
    engine = Engine(load, clock=lambda: float(next(seconds)))  # each look at the clock takes a second
    late, waiting, other = (
        engine.submit(one)
        for one in (request(0, steps=500, deadline=60), request(1, deadline=1), request(2, steps=6))
    )
    engine.start()
    for ticket in (late, waiting):
        error = outcome(ticket)
        assert isinstance(error, Cancelled)
        assert error.reason == DEADLINE
    assert isinstance(outcome(other), Picture)
    engine.stop()


@pytest.mark.slow
def test_a_deadline_ends_a_request_that_waits_for_memory(load_fresh: Load) -> None:
    engine = Engine(lambda model: load_fresh("sd15"), memory_bytes=1)
    hurried = threading.Event()

    def on_progress(progress: Progress) -> None:
        if not hurried.is_set():
            hurried.set()
            behind.append(engine.submit(request(1, model="other", deadline=0.05)))

    behind: list[Ticket] = []
    first = engine.submit(request(0, steps=60), on_progress)
    engine.start()
    assert hurried.wait(120)
    error = outcome(behind[0])
    assert isinstance(error, Cancelled)
    assert isinstance(outcome(first), Picture)
    engine.stop()


def test_a_row_that_is_not_finite_fails_long_before_its_last_step(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")
    told: list[Progress] = []
    pipeline.unet.register_forward_hook(lambda module, args, output: (output[0] * float("nan"),))
    engine = Engine(lambda model: pipeline)
    ticket = engine.submit(request(0, steps=40), told.append)
    engine.start()
    error = outcome(ticket)
    engine.stop()
    assert isinstance(error, GenerationError)
    assert error.reason == "bad_picture"
    assert len(told) < 8


def test_a_load_that_failed_is_not_tried_for_each_who_waits(start_engine: Callable[..., Engine]) -> None:
    def load(model: str) -> DiffusionPipeline:
        tried.append(model)
        gate.wait()
        raise OSError("the files are damaged")

    tried: list[str] = []
    gate = threading.Event()
    engine = start_engine(load)
    tickets = [engine.submit(request(seed)) for seed in range(6)]
    gate.set()
    errors = [outcome(ticket) for ticket in tickets]
    assert all(isinstance(error, ModelNotLoaded) for error in errors)
    assert len(tried) <= 2  # The first may have come before the others.


def test_a_device_lost_while_a_model_loads_is_lost_for_all(start_engine: Callable[..., Engine]) -> None:
    def load(model: str) -> DiffusionPipeline:
        gate.wait()
        raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    gate = threading.Event()
    engine = start_engine(load)
    tickets = [engine.submit(request(seed)) for seed in range(3)]
    gate.set()
    errors = [outcome(ticket) for ticket in tickets]
    assert [error.reason for error in errors if isinstance(error, GenerationError)] == ["engine_lost"] * 3
    assert not engine.healthy()
