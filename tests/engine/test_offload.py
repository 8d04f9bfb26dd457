"""Work that needs no accelerator runs beside the engine's thread, and may fail or be dropped there."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline

from generation import starter
from generation.engine import Cancelled, Engine, GenerationError, ImageRequest, Picture, Progress, offload
from generation.engine.offload import Offload
from generation.starter.pipeline import SceneRenderer


@pytest.fixture
def pipeline() -> DiffusionPipeline:
    pipeline = starter.load()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def request(seed: int, **changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": "starter", "prompt": "a red cup", "width": 256, "height": 256, "steps": 3, "guidance": 2.0,
        "seed": seed,
    }  # fmt: skip
    return ImageRequest(**(values | changes))


class Renderer(SceneRenderer):
    """Draws as the starter does, when it is let; a height of 264 is more than it can do."""

    def __init__(self) -> None:
        super().__init__()
        self.may_draw = threading.Event()
        self.drawing = threading.Event()
        self.threads: set[str] = set()

    def decode(
        self, latents: torch.Tensor, known: torch.Tensor, seeds: list[int], height: int, width: int
    ) -> list[Any]:
        self.threads.add(threading.current_thread().name)
        self.drawing.set()
        assert self.may_draw.wait(120)
        if height == 264:
            raise ValueError("too high")
        return super().decode(latents, known, seeds, height, width)


def test_others_go_on_while_one_is_drawn(
    pipeline: DiffusionPipeline, start_engine: Callable[..., Engine]
) -> None:
    pipeline.renderer = renderer = Renderer()
    engine = start_engine(lambda model: pipeline)
    drawn = engine.submit(request(1))
    assert renderer.drawing.wait(120)
    stepping, done = threading.Event(), []

    def tell(progress: Progress) -> None:
        done.append(1)
        stepping.set()

    other = engine.submit(request(2, steps=9), tell)
    assert stepping.wait(120)
    assert not drawn.done()
    renderer.may_draw.set()
    alone = starter.load()(
        "a red cup",
        height=256,
        width=256,
        num_inference_steps=3,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(1),
    )
    first = np.asarray(drawn.result(timeout=120).image).astype(int)
    assert np.abs(first - np.asarray(alone.images[0]).astype(int)).max() <= 1
    assert isinstance(other.result(timeout=120), Picture)
    assert "engine" not in renderer.threads


def test_an_error_there_fails_that_request_only(
    pipeline: DiffusionPipeline, start_engine: Callable[..., Engine]
) -> None:
    pipeline.renderer = renderer = Renderer()
    renderer.may_draw.set()
    engine = start_engine(lambda model: pipeline)
    failing, fine = engine.submit(request(1, height=264)), engine.submit(request(2))
    with pytest.raises(GenerationError, match=r"ValueError in test_offload\.py"):
        failing.result(timeout=120)
    assert isinstance(fine.result(timeout=120), Picture)


def test_a_request_cancelled_while_it_is_drawn_ends_at_once(
    pipeline: DiffusionPipeline, start_engine: Callable[..., Engine]
) -> None:
    pipeline.renderer = renderer = Renderer()
    engine = start_engine(lambda model: pipeline)
    leaving = engine.submit(request(1))
    assert renderer.drawing.wait(120)
    time.sleep(0.02)
    leaving.cancel("changed my mind")
    with pytest.raises(Cancelled):
        leaving.result(timeout=120)
    assert leaving.seconds > 0.01  # What was drawn until then is not forgotten.
    renderer.may_draw.set()
    assert isinstance(engine.submit(request(2)).result(timeout=120), Picture)


def test_stopping_waits_for_no_drawing(pipeline: DiffusionPipeline) -> None:
    pipeline.renderer = renderer = Renderer()
    engine = Engine(lambda model: pipeline)
    ticket = engine.submit(request(1))
    engine.start()
    assert renderer.drawing.wait(120)
    engine.stop(timeout=120)
    with pytest.raises(Cancelled):
        ticket.result(timeout=1)
    renderer.may_draw.set()


def test_a_lone_piece_of_work_has_all_cores_and_several_share_them() -> None:
    cores = torch.get_num_threads()
    woken, gate = threading.Semaphore(0), threading.Barrier(2)
    narrow = Offload(woken.release)
    narrow.send(1, torch.get_num_threads)
    assert woken.acquire(timeout=120)
    assert [done.answer.value for done in narrow.collect()] == [cores]
    torch.set_num_threads(2)
    wide = Offload(woken.release)
    torch.set_num_threads(cores)

    def meet() -> int:
        gate.wait(120)
        return torch.get_num_threads()

    for number in (1, 2):
        wide.send(number, meet)
    for _ in range(2):
        assert woken.acquire(timeout=120)
    answers = [done.answer.value for done in wide.collect()]
    assert answers == [2, 1]
    assert torch.get_num_threads() == cores
    narrow.close()
    wide.close()


def test_a_number_that_another_thread_sets_meanwhile_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cores = torch.get_num_threads()

    def while_another_sets_one() -> float:
        other = threading.Thread(target=torch.set_num_threads, args=(1,))
        other.start()
        other.join()
        return time.perf_counter()

    woken = threading.Semaphore(0)
    torch.set_num_threads(2)
    wide = Offload(woken.release)
    monkeypatch.setattr(offload, "time", SimpleNamespace(perf_counter=while_another_sets_one))
    wide.send(1, torch.get_num_threads)
    assert woken.acquire(timeout=120)
    assert [done.answer.value for done in wide.collect()] == [2]
    wide.close()
    torch.set_num_threads(cores)
