"""The deterministic mode: a picture is the same to the last bit, alone and in any company."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline

from generation import starter
from generation.engine import Engine, ImageRequest, Picture
from tests.engine.plain import difference, keep_pixels
from tests.engine.test_exactness import Traffic, any_plan
from tests.engine.tiny_pipelines import FAMILIES

Load = Callable[[str], DiffusionPipeline]


@contextmanager
def running(load: Load, max_rows: int) -> Iterator[Engine]:
    engine = Engine(load, max_rows=max_rows, deterministic=True)
    engine.start()
    yield engine
    engine.stop()


def drawn(pipeline: DiffusionPipeline, requests: list[ImageRequest]) -> list[bytes]:
    """The pictures in full precision, to the last bit, as they were made last."""
    return [pipeline.pixels[request.seed].tobytes() for request in requests]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "max_rows"), [*((family, 8) for family in FAMILIES), ("sd15", 3)])
def test_a_picture_is_bit_equal_alone_and_whatever_joins_and_leaves(
    family: str, max_rows: int, load: Load
) -> None:
    pipeline = load(family)
    with running(load, max_rows) as engine:
        plan = any_plan(random.Random(f"bits of {family}"), family, requests=7)
        finished = Traffic(engine, plan).run()
        in_company = drawn(pipeline, finished)
        assert max(difference(pipeline, request) for request in finished) <= 1e-5
    with running(load, max_rows) as engine:
        for request in finished:
            engine.submit(request).result(timeout=240)
    assert len(finished) >= 3
    assert in_company == drawn(pipeline, finished)


@pytest.mark.slow
def test_the_starter_is_bit_equal_too() -> None:
    pipeline = keep_pixels(starter.load())
    pipeline.set_progress_bar_config(disable=True)
    chance = random.Random("starter")
    requests = [
        ImageRequest(
            model="starter",
            prompt=chance.choice(["a red cup", "blue confetti, room for text on the left"]),
            width=256,
            height=chance.choice([256, 320]),
            steps=chance.randint(2, 6),
            guidance=2.0,
            seed=seed,
        )
        for seed in range(6)
    ]
    with running(lambda model: pipeline, 8) as engine:
        pictures = [ticket.result(timeout=240) for ticket in [engine.submit(request) for request in requests]]
        alone = [engine.submit(request).result(timeout=240) for request in requests]
    assert [pixels(one) for one in pictures] == [pixels(one) for one in alone]


def pixels(picture: Picture) -> bytes:
    return np.asarray(picture.image).tobytes()


def test_every_call_of_the_denoiser_has_the_same_number_of_rows(load_fresh: Load) -> None:
    pipeline, widths = load_fresh("sd15"), []
    pipeline.unet.register_forward_pre_hook(lambda module, args: widths.append(len(args[0])))
    with running(lambda model: pipeline, 6) as engine:
        Traffic(engine, any_plan(random.Random(1), "sd15", requests=5)).run()
    assert set(widths) == {6}


def test_a_bucket_that_does_not_fit_into_memory_is_halved(load_fresh: Load) -> None:
    pipeline, widths = load_fresh("sd15"), []

    def allocate(module: object, args: tuple[torch.Tensor, ...]) -> None:
        widths.append(len(args[0]))
        if len(args[0]) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")

    pipeline.unet.register_forward_pre_hook(allocate)
    request = ImageRequest(model="sd15", prompt="a table", width=32, height=32, steps=2, guidance=3.0, seed=1)
    with running(lambda model: pipeline, 8) as engine:
        assert isinstance(engine.submit(request).result(timeout=240), Picture)
    assert widths == [8, 4, 4]
