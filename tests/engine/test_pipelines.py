"""How pipelines are called, by their signatures alone; and fibers' private copies of them."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import diffusers
import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline
from diffusers.guiders import SkipLayerGuidance
from PIL import Image

from generation.engine import Control, Engine, GenerationError, ImageRequest, Lora
from generation.engine.fiber import private_copy
from generation.engine.pictures import picture_from
from generation.engine.pipelines import arguments_for, takes_turns
from generation.engine.request import Reason
from generation.jobs.reasons import REASONS
from tests.engine.plain import draw_plainly

Load = Callable[[str], DiffusionPipeline]


def request(**changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": "sd15",
        "prompt": "a table",
        "width": 64,
        "height": 32,
        "steps": 5,
        "guidance": 3.0,
        "seed": 1,
    }
    return ImageRequest(**(values | changes))


def arguments(pipeline: DiffusionPipeline, **changes: Any) -> dict[str, Any]:
    given = arguments_for(pipeline, request(**changes), lambda step, latents: None)
    names = {"guidance_scale", "true_cfg_scale", "negative_prompt", "use_resolution_binning"}
    names |= {"complex_human_instruction", "clean_caption"}
    return {name: value for name, value in given.items() if name in names}


def test_guidance_goes_by_the_name_that_has_an_effect(load: Load) -> None:
    assert arguments(load("sd15")) == {"guidance_scale": 3.0}
    assert arguments(load("flux")) == {"guidance_scale": 3.0}
    assert arguments(load("qwen")) == {"true_cfg_scale": 3.0, "negative_prompt": " "}


def test_without_guidance_the_pipelines_own_is_used(load: Load) -> None:
    assert arguments(load("sd15"), guidance=None) == {}
    assert arguments(load("qwen"), guidance=None) == {"negative_prompt": " "}


def test_a_negative_prompt_is_given_where_guidance_applies(load: Load) -> None:
    assert arguments(load("sd15"), negative_prompt="blurry")["negative_prompt"] == "blurry"
    assert arguments(load("qwen"), negative_prompt="blurry")["negative_prompt"] == "blurry"
    assert "negative_prompt" not in arguments(load("sd15"), negative_prompt="blurry", guidance=1.0)
    assert "negative_prompt" not in arguments(load("qwen"), guidance=1.0)


def test_the_prompt_and_the_size_are_taken_as_they_are(load: Load) -> None:
    sana, pixart = arguments(load("sana")), arguments(load("pixart"))
    assert sana["complex_human_instruction"] is None
    assert sana["use_resolution_binning"] is False
    assert pixart["use_resolution_binning"] is False
    assert pixart["clean_caption"] is False


def test_every_text_to_image_pipeline_of_diffusers_takes_what_we_pass() -> None:
    from diffusers.pipelines.auto_pipeline import AUTO_TEXT2IMAGE_PIPELINES_MAPPING as KINDS

    for kind in KINDS.values():
        if kind.__name__.startswith("Helios"):  # makes videos
            continue
        given = arguments_for(
            kind.__new__(kind), request(negative_prompt="blurry"), lambda step, latents: None
        )
        inspect.signature(kind.__call__).bind_partial(None, **given)  # a TypeError names what is unknown


def test_a_picture_is_converted_as_the_pipeline_would(load: Load) -> None:
    pixels = np.random.default_rng(0).random((1, 4, 6, 3), dtype=np.float32)
    picture = picture_from(pixels[0])
    assert picture.size == (6, 4)
    expected = load("sd15").image_processor.numpy_to_pil(pixels)[0]
    assert picture.tobytes() == expected.tobytes()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_picture_that_is_not_finite_is_bad(value: float) -> None:
    pixels = np.zeros((1, 4, 4, 3), dtype=np.float32)
    pixels[0, 1, 2, 0] = value
    with pytest.raises(GenerationError) as error:
        picture_from(pixels[0])
    assert error.value.reason == "bad_picture"


def test_a_pipeline_that_answers_with_pil_is_taken_at_its_word() -> None:
    image = Image.new("RGB", (4, 4))
    assert picture_from(image) is image


def test_a_private_copy_shares_weights_and_nothing_else(load: Load) -> None:
    pipeline = load("sdxl")
    own = private_copy(pipeline)
    assert own.scheduler is not pipeline.scheduler
    assert own.scheduler.config == pipeline.scheduler.config
    assert own.config == pipeline.config
    assert own.unet.conv_in.weight is pipeline.unet.conv_in.weight
    assert own.device == pipeline.device
    assert own.components.keys() == pipeline.components.keys()


def test_a_part_that_keeps_a_state_is_each_copys_own(load: Load) -> None:
    pipeline = load("hunyuan_image")
    first, second = private_copy(pipeline), private_copy(pipeline)
    first.guider.set_state(step=3, num_inference_steps=4, timestep=torch.tensor(1))
    assert len({id(each.guider) for each in (pipeline, first, second)}) == 3
    steps = [each.guider.get_state()["step"] for each in (pipeline, first, second)]
    assert steps[1] == 3 != steps[0] == steps[2]
    assert first.tokenizer is pipeline.tokenizer


def test_pipelines_whose_guider_changes_the_model_take_turns(load: Load) -> None:
    pipeline = private_copy(load("hunyuan_image"))
    assert not takes_turns(pipeline)
    pipeline.ocr_guider = SkipLayerGuidance(skip_layer_guidance_layers=[0])
    assert takes_turns(pipeline)


def test_a_stand_in_passes_for_its_component(load: Load) -> None:
    own = private_copy(load("sdxl"))
    assert isinstance(own.unet, diffusers.UNet2DConditionModel)
    assert isinstance(own.unet, torch.nn.Module)
    assert own.unet.config.in_channels == 4
    assert own.unet.dtype == torch.float32
    assert not diffusers.utils.torch_utils.is_compiled_module(own.unet)
    with own.unet.cache_context("cond"):
        pass


def test_pipelines_within_pipelines_are_copied_too(load: Load) -> None:
    outer = private_copy(load("sd15"))
    outer.prior_pipe = load("sdxl")
    own = private_copy(outer)
    assert own.prior_pipe is not outer.prior_pipe
    assert own.prior_pipe.scheduler is not outer.prior_pipe.scheduler


def test_each_fiber_keeps_its_own_view_of_a_cast_component(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    """SDXL in half precision casts its VAE to float32 for the decode and back, with others on their way."""
    pipeline = load_fresh("sdxl").to(torch.float16)

    def allocate(module: Any, args: Any) -> None:
        if len(args[0]) > 1:  # so that pictures that end together are decoded one after the other
            raise torch.OutOfMemoryError("CUDA out of memory")

    pipeline.vae.decoder.register_forward_pre_hook(allocate)
    engine = Engine(lambda model: pipeline)
    requests = [request(model="sdxl", seed=seed, width=32, steps=2, preview_every=1) for seed in range(3)]
    tickets = [engine.submit(one) for one in requests]
    engine.start()
    for ticket in tickets:
        ticket.result(timeout=240)
    engine.stop()
    batched = dict(pipeline.pixels)
    assert pipeline.vae.dtype == torch.float16
    for one in requests:
        assert np.abs(draw_plainly(pipeline, one) - batched[one.seed]).max() < 0.05


PHOTO = Image.new("RGB", (8, 8))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 0},
        {"width": 0},
        {"height": -8},
        {"preview_every": -1},
        {"mask": PHOTO},
        {"strength": 0.5},
        {"image": PHOTO, "strength": 0.0},
        {"image": PHOTO, "strength": 1.1},
        {"image": PHOTO, "strength": float("nan")},
        {"image": PHOTO, "strength": 0.1, "steps": 5},
        {"deadline": 0.0},
        {"deadline": float("nan")},
        {"row_skip": -0.1},
        {"row_skip": float("nan")},
    ],
)
def test_an_impossible_request_is_refused_at_once(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        request(**changes)


@pytest.mark.parametrize("scale", [float("nan"), float("inf")])
def test_a_scale_must_be_finite(scale: float) -> None:
    with pytest.raises(ValueError, match="must be finite"):
        Control(model="edges", image=PHOTO, scale=scale)
    with pytest.raises(ValueError, match="must be finite"):
        Lora(path=Path("style.safetensors"), scale=scale)


def test_a_request_keeps_its_texts_and_pictures_out_of_its_repr() -> None:
    control = Control(model="edges", image=PHOTO)
    shown = repr(request(negative_prompt="table", image=PHOTO, mask=PHOTO, controls=(control,)))
    assert "table" not in shown
    assert "Image" not in shown.replace("ImageRequest", "")


def test_every_reason_of_the_engine_has_a_sentence_for_people() -> None:
    # A lost engine ends the process, and its jobs go to the next one.
    assert set(get_args(Reason)) - {"engine_lost"} <= set(REASONS)
