"""Pictures from pictures: image-to-image, inpainting and ControlNet are diffusers' own, and share steps."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from diffusers import DiffusionPipeline
from PIL import Image

from generation.engine import Control, Engine, GenerationError, ImageRequest, Picture, Progress
from generation.engine.memory import ResidentModels
from tests.engine.counting import Calls
from tests.engine.plain import difference, draw_plainly, stopped

Load = Callable[[str], Any]

PROMPTS = ["a red apple", "summer sale poster for a bakery, bold text", "studio light"]
REDRAWN = ["sd15", "sdxl", "sd3", "flux", "qwen", "zimage"]
TOLERANCE = 1e-5


def photo(seed: int, size: tuple[int, int] = (32, 32)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def mask(size: tuple[int, int] = (32, 32)) -> Image.Image:
    half = Image.new("L", size)
    half.paste(255, (0, 0, size[0] // 2, size[1]))
    return half


def request(model: str, seed: int, **changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": model,
        "prompt": PROMPTS[seed % len(PROMPTS)],
        "width": 32,
        "height": 32,
        "steps": 4 + seed % 3,
        "guidance": 2.0 + seed % 2,
        "seed": seed,
    }
    return ImageRequest(**(values | changes))


def every_task(model: str) -> list[ImageRequest]:
    """From text, from pictures with little and much strength, and within masks."""
    return [
        request(model, 0),
        request(model, 1, image=photo(1), strength=0.8),
        request(model, 2, image=photo(2), strength=0.5),
        request(model, 3, image=photo(3), strength=1.0, mask=mask()),
        request(model, 4, image=photo(4), strength=0.6, mask=mask()),
    ]


def run_at_once(engine: Engine, requests: list[ImageRequest]) -> list[Picture]:
    tickets = [engine.submit(request) for request in requests]
    engine.start()
    pictures = [ticket.result(timeout=240) for ticket in tickets]
    engine.stop()
    return pictures


def assert_exact(pipeline: DiffusionPipeline, requests: list[ImageRequest], load: Load | None = None) -> None:
    worst = {request.seed: difference(pipeline, request, load) for request in requests}
    assert max(worst.values()) <= TOLERANCE, worst


@pytest.mark.parametrize("family", REDRAWN)
def test_redrawn_and_filled_in_pictures_are_the_plain_pipelines(family: str, load: Load) -> None:
    requests = every_task(family)
    run_at_once(Engine(load, max_rows=16), requests)
    assert_exact(load(family), requests)


@pytest.mark.parametrize("family", ["sd15", "flux"])
def test_all_tasks_of_a_model_share_its_steps(family: str, load: Load, calls: Calls) -> None:
    requests = every_task(family)
    engine = Engine(load, max_rows=16, clock=stopped)
    run_at_once(engine, requests)
    assert len(calls["denoising"]) == 4  # as many as the longest takes by itself
    # Pictures are laid together too: one pass for four pictures, one for two masked ones.
    texts = 2
    assert len(calls["encoding"]) == texts + 2


def test_steps_are_those_really_taken(load: Load) -> None:
    told: dict[int, list[Progress]] = {0: [], 1: [], 2: []}
    requests = [
        request("sd15", 0, steps=10, image=photo(0), strength=0.5),
        request("flux", 1, steps=10, image=photo(1), strength=0.3),
        request("sdxl", 2, steps=4, image=photo(2), strength=0.5, scheduler="HeunDiscreteScheduler"),
    ]
    engine = Engine(load)
    tickets = [engine.submit(one, told[one.seed].append) for one in requests]
    engine.start()
    for ticket in tickets:
        ticket.result(timeout=240)
    engine.stop()
    steps = {seed: [(one.step, one.steps) for one in progress] for seed, progress in told.items()}
    assert steps[0] == [(step, 5) for step in range(1, 6)]
    assert steps[1] == [(step, 3) for step in range(1, 4)]
    assert [step for step, _ in steps[2]] == list(range(1, steps[2][-1][1] + 1))  # Heun takes two a step


def test_a_picture_gets_the_size_that_is_asked_for(load: Load, start_engine: Callable[..., Engine]) -> None:
    wide = photo(5, (90, 40))
    engine = start_engine(load)
    for family in ("sd15", "flux"):
        asked = request(family, 5, width=64, height=32, image=wide, mask=mask((90, 40)), strength=0.5)
        assert engine.submit(asked).result(timeout=240).image.size == (64, 32)


@pytest.mark.slow
def test_flux2_looks_at_a_picture_of_any_size(load: Load) -> None:
    """It takes no strength: the picture is one to go by, in its own size."""
    requests = [request("flux2", seed, image=photo(seed, (96, 64))) for seed in range(2)]
    requests.append(request("flux2", 2))
    run_at_once(Engine(load, max_rows=8), requests)
    assert_exact(load("flux2"), requests)


# --- ControlNet -------------------------------------------------------------------------------------------


def controlled(family: str) -> list[ImageRequest]:
    edges = Control(model=f"{family}-edges", image=photo(10))
    faint = Control(model=f"{family}-edges", image=photo(11), scale=0.4)
    depth = Control(model=f"{family}-depth", image=photo(12), scale=0.7)
    return [
        request(family, 0, controls=(edges,)),
        request(family, 1, controls=(edges,)),
        request(family, 2, controls=(faint,)),
        request(family, 3, controls=(edges, depth)),
        request(family, 4, controls=(depth,), image=photo(4), strength=0.5),
        request(family, 5, controls=(edges,), image=photo(5), strength=0.8, mask=mask()),
        request(family, 6),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_controlled_pictures_are_the_plain_pipelines(family: str, load_with_controls: Load) -> None:
    requests = controlled(family)
    run_at_once(Engine(load_with_controls, max_rows=16), requests)
    assert_exact(load_with_controls(family), requests, load_with_controls)


def test_pictures_under_one_control_share_its_steps(load_with_controls: Load, calls: Calls) -> None:
    requests = [one for one in controlled("sd15") if one.seed < 2]
    engine = Engine(load_with_controls, max_rows=16, clock=stopped)
    run_at_once(engine, requests)
    # A step is a call of the ControlNet and one of the model, for both pictures: the longer takes five.
    assert len(calls["denoising"]) == 2 * 5


def test_a_control_makes_a_difference(load_with_controls: Load) -> None:
    with_control, without = (
        request("sd15", 1, controls=controls)
        for controls in [(Control(model="sd15-edges", image=photo(3)),), ()]
    )
    plain = load_with_controls("sd15")
    drawn = [draw_plainly(plain, one, load_with_controls) for one in (with_control, without)]
    assert np.abs(drawn[0] - drawn[1]).max() > 0.01


def test_a_model_and_its_controls_are_loaded_and_given_back_together(load_with_controls: Load) -> None:
    models = ResidentModels(load_with_controls, 1)
    assert models.can_acquire("sd15", "sd15-edges")
    for key in ("sd15", "sd15-edges"):
        models.acquire(key)
    assert models.can_acquire("sd15", "sd15-edges")
    assert not models.can_acquire("sd15", "sd15-depth")
    models.release("sd15", "sd15-edges")
    models.evict_idle()
    assert models.resident == ()


# --- what cannot be done ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "changes"),
    [
        ("sana", {"image": photo(0)}),
        ("pixart", {"image": photo(0), "mask": mask()}),
        ("pixart", {"controls": (Control(model="sd15-edges", image=photo(0)),)}),
        ("flux2", {"image": photo(0), "strength": 0.5}),
        ("flux2", {"image": photo(0), "mask": mask()}),
        ("flux2", {"image": photo(0), "controls": (Control(model="sd15-edges", image=photo(0)),)}),
        ("sdxl", {"controls": (Control(model="sd15-edges", image=photo(0)),)}),
        ("sdxl", {"controls": (Control(model="sd15", image=photo(0)),)}),
        ("sdxl", {"image": photo(0), "steps": 2}),  # its own strength is 0.3
        ("sd15", {"scheduler": "FlowMatchEulerDiscreteScheduler"}),
        ("sd3", {"scheduler": "EulerDiscreteScheduler"}),
        ("sana", {"scheduler": "EulerDiscreteScheduler"}),
        ("sd15", {"scheduler": "AutoencoderKL"}),
        ("sd15", {"scheduler": "NoSuchScheduler"}),
    ],
)
def test_what_a_model_cannot_do_is_said(
    family: str, changes: dict[str, Any], load_with_controls: Load, start_engine: Callable[..., Engine]
) -> None:
    engine = start_engine(load_with_controls)
    with pytest.raises(GenerationError) as error:
        engine.submit(request(family, 1, **changes)).result(timeout=240)
    assert error.value.reason == "unsupported"
    assert engine.healthy()


def test_a_control_that_cannot_be_loaded_gives_the_model_back(load: Load) -> None:
    def load_no_controls(key: str) -> Any:
        if "-" in key:
            raise OSError("no such folder")
        return load(key)

    engine = Engine(load_no_controls)
    engine.start()
    asked = request("sd15", 1, controls=(Control(model="sd15-edges", image=photo(0)),))
    with pytest.raises(GenerationError) as error:
        engine.submit(asked).result(timeout=240)
    assert error.value.reason == "model_unavailable"
    assert isinstance(engine.submit(request("sd15", 2)).result(timeout=240), Picture)
    engine.stop()
