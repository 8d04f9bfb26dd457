"""Steps that are forecast: by each request's own criterion, without a trace on its neighbours."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline
from torch import nn

from generation import starter
from generation.engine import Engine, ImageRequest, Picture
from generation.engine.standins import Call
from generation.engine.step_cache import StepCache
from tests.engine.counting import Calls
from tests.engine.plain import difference
from tests.engine.tiny_pipelines import FAMILIES

EVERY_SECOND = math.inf


def request(model: str, seed: int, *, steps: int = 8, row_skip: float = 0.0, **fields) -> ImageRequest:
    whole = {
        "prompt": "a red apple",
        "width": 64,
        "height": 64,
        "guidance": 4.0,
        "preview_every": 0,
        **fields,
    }
    return ImageRequest(model=model, seed=seed, steps=steps, row_skip=row_skip, **whole)


def draw(engine: Engine, requests: Sequence[ImageRequest]) -> list[Picture]:
    tickets = [engine.submit(request) for request in requests]
    return [ticket.result(timeout=240) for ticket in tickets]


# --- in the engine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
def test_a_forced_pattern_runs_half_of_the_denoisers_rows(
    family: str, load: Callable[[str], DiffusionPipeline], start_engine: Callable[..., Engine], calls: Calls
) -> None:
    (whole,) = draw(start_engine(load), [request(family, 1)])
    rows = sum(calls.pop("denoising"))
    (half,) = draw(start_engine(load), [request(family, 1, row_skip=EVERY_SECOND)])
    assert 2 * sum(calls["denoising"]) == rows
    assert (whole.steps_forecast, half.steps_forecast) == (0, 4)
    assert whole.image != half.image


@pytest.mark.slow
@pytest.mark.parametrize("scheduler", ["HeunDiscreteScheduler", "KDPM2DiscreteScheduler"])
def test_schedulers_that_call_twice_a_step_are_forecast_too(
    scheduler: str, load_fresh: Callable[[str], DiffusionPipeline], start_engine: Callable[..., Engine]
) -> None:
    pipeline = load_fresh("sd15")
    pipeline.scheduler = getattr(diffusers, scheduler).from_config(pipeline.scheduler.config)
    engine = start_engine(lambda model: pipeline)
    whole, skipping = draw(engine, [request("sd15", 1), request("sd15", 1, row_skip=0.05)])
    assert 0 < skipping.steps_forecast <= 7
    assert np.abs(floats(whole) - floats(skipping)).mean() < 0.02


@pytest.mark.slow
def test_neighbours_of_a_skipping_request_stay_exact_and_it_is_what_it_is_alone(
    load: Callable[[str], DiffusionPipeline], start_engine: Callable[..., Engine]
) -> None:
    skipping = request("sd15", 1, row_skip=EVERY_SECOND)
    others = [request("sd15", seed, steps=5 + seed % 2) for seed in (2, 3, 4)]
    draw(start_engine(load), [skipping])
    alone = load("sd15").pixels[1]
    draw(start_engine(load, max_rows=12), [skipping, *others])
    assert np.abs(load("sd15").pixels[1] - alone).max() <= 1e-5
    assert max(difference(load("sd15"), other) for other in others) <= 1e-5


def test_a_request_that_skips_nothing_is_exact_bit_for_bit(
    load: Callable[[str], DiffusionPipeline], start_engine: Callable[..., Engine]
) -> None:
    # So strict that no forecast is ever good enough: all the checks run and change nothing.
    plain, checked = request("sd15", 1), request("sd15", 1, row_skip=1e-12)
    draw(start_engine(load), [plain])
    pixels = load("sd15").pixels[1]
    (picture,) = draw(start_engine(load), [checked])
    assert picture.steps_forecast == 0
    assert (load("sd15").pixels[1] == pixels).all()


@pytest.mark.slow
def test_a_trained_model_skips_a_quarter_of_20_steps_and_looks_the_same() -> None:
    pipeline = starter.load()
    pipeline.set_progress_bar_config(disable=True)
    engine = Engine(lambda model: pipeline, max_rows=16)
    engine.start()
    fields: dict[str, Any] = {"steps": 20, "guidance": 2.0, "width": 256, "height": 256}
    whole = [request("starter", seed, **fields) for seed in range(4)]
    pictures = draw(engine, [*whole, *(replace(one, row_skip=0.1) for one in whole)])
    engine.stop()
    errors = [np.abs(floats(a) - floats(b)).mean() for a, b in zip(pictures[:4], pictures[4:], strict=True)]
    assert sum(picture.steps_forecast for picture in pictures[4:]) >= 20
    assert max(errors) < 0.02


def floats(picture: Picture) -> np.ndarray:
    return np.asarray(picture.image, dtype=np.float32) / 255


# --- the criterion alone ----------------------------------------------------------------------------------


class Model(nn.Module):
    def forward(self, sample: torch.Tensor, timestep: float) -> tuple[torch.Tensor]:
        raise NotImplementedError


Answer = Callable[[float], torch.Tensor]


def a_line(slope: float) -> Answer:
    return lambda time: torch.full((1, 2), 1 + slope * time)


def run(
    tolerance: float, times: Sequence[float], **answers: Answer
) -> list[dict[str, tuple[bool, torch.Tensor]]]:
    """Steps at `times`, each with a call of every component in `answers`: was it forecast, and what."""
    forecast = StepCache(tolerance)
    told: list[dict[str, tuple[bool, torch.Tensor]]] = []
    for number, time in enumerate(times):
        told.append({})
        for component, answer in answers.items():
            call = Call(component, "forward", Model(), None, (torch.zeros(1, 2), time), {})
            value = forecast.skip(call, len(times) - number)
            told[-1][component] = (value is not None, answer(time) if value is None else value[0])
            if value is None:
                forecast.record(call, (answer(time),))
        forecast.step_done()
    return told


def pattern(told: list[dict[str, tuple[bool, torch.Tensor]]], component: str = "unet") -> str:
    return "".join("s" if step[component][0] else "R" for step in told)


def test_what_lies_on_a_line_is_forecast_exactly_between_checks() -> None:
    times = [1000, 900, 800, 650, 600, 500, 350, 200, 100]
    told = run(1e-5, times, unet=a_line(0.01))
    assert pattern(told) == "RRRsRsRsR"
    for time, step in zip(times, told, strict=True):
        assert torch.allclose(step["unet"][1], a_line(0.01)(time), rtol=1e-5)


def test_the_first_three_steps_and_the_last_are_real() -> None:
    assert pattern(run(1.0, [4, 3, 2, 1], unet=a_line(1.0))) == "RRRR"
    assert pattern(run(1.0, [5, 4, 3, 2, 1], unet=a_line(1.0))) == "RRRsR"


def test_two_calls_of_one_step_are_forecast_each_from_its_own_line() -> None:
    told = run(1e-5, [6, 5, 4, 3, 2, 1], transformer=a_line(1.0), other=a_line(-3.0))
    assert pattern(told, "transformer") == pattern(told, "other") == "RRRsRR"
    assert torch.allclose(told[3]["transformer"][1], a_line(1.0)(3))
    assert torch.allclose(told[3]["other"][1], a_line(-3.0)(3))


def test_one_bad_forecast_of_a_step_makes_all_its_calls_real() -> None:
    chance = torch.Generator().manual_seed(0)
    told = run(
        0.1, list(range(9, 0, -1)), first=a_line(1.0), second=lambda time: torch.randn(1, 2, generator=chance)
    )
    assert pattern(told, "first") == pattern(told, "second") == "R" * 9


def test_a_controlnet_is_skipped_with_its_model_and_never_judged() -> None:
    chance = torch.Generator().manual_seed(0)
    told = run(
        1e-5,
        [6, 5, 4, 3, 2, 1],
        controlnet=lambda time: torch.randn(1, 2, generator=chance),
        unet=a_line(1.0),
    )
    assert pattern(told, "controlnet") == pattern(told, "unet") == "RRRsRR"


@pytest.mark.parametrize("tolerance", [0.5, EVERY_SECOND])
def test_what_is_not_a_number_is_never_forecast(tolerance: float) -> None:
    def broken(time: float) -> torch.Tensor:
        return torch.full((1, 2), math.nan if time == 6 else time)

    told = run(tolerance, [9, 8, 7, 6, 5, 4, 3, 2, 1], unet=broken)
    forecast = [step["unet"][1] for step in told if step["unet"][0]]
    assert all(value.isfinite().all() for value in forecast)
    assert pattern(run(tolerance, [4, 3, 2, 1], unet=lambda time: torch.full((1, 2), math.nan))) == "RRRR"


def test_two_calls_at_one_time_are_no_division_by_zero() -> None:
    told = run(1e-5, [9, 8, 8, 7, 7, 6, 6, 5, 5], unet=a_line(1.0))
    assert pattern(told) == "RRRsRsRsR"
    assert all(step["unet"][1].isfinite().all() for step in told)
