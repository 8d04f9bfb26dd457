"""The starter as a pipeline like any other: text in, pictures out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import (
    DiffusionPipeline,
    FlowMatchEulerDiscreteScheduler,
    FlowMatchHeunDiscreteScheduler,
)
from torch import Generator, Tensor

from generation.starter import codec, load
from generation.starter.colours import MEAN, distance, nearest
from generation.starter.pipeline import PREVIEW_SIDE, StarterPipeline
from generation.starter.scene import Scene

PROMPT = "a red cup on a navy background, cosy mood, room for text on the left"


def latents(pipeline: StarterPipeline, prompts: list[str], seeds: list[int], **wishes: Any) -> Tensor:
    generators = [Generator().manual_seed(seed) for seed in seeds]
    return pipeline(
        prompts, generator=generators, num_inference_steps=4, output_type="latent", **wishes
    ).images


def test_the_same_seed_is_the_same_picture_and_another_seed_another(starter: StarterPipeline) -> None:
    def picture(seed: int) -> np.ndarray:
        made = starter(PROMPT, height=256, width=320, generator=Generator().manual_seed(seed))
        return np.asarray(made.images[0])

    first = picture(1)
    assert first.shape == (256, 320, 3)
    assert np.array_equal(first, picture(1))
    assert not np.array_equal(first, picture(2))


def test_a_row_is_the_same_alone_and_among_others(starter: StarterPipeline) -> None:
    prompts = [PROMPT, "confetti", "a navy bottle on a round podium, elegant, light from the right"]
    together = latents(starter, prompts, [1, 2, 3])
    for number, prompt in enumerate(prompts):
        alone = latents(starter, [prompt], [number + 1])
        assert (together[number] - alone[0]).abs().max() < 1e-5


def test_a_saved_starter_draws_the_same(starter: StarterPipeline, tmp_path: Path) -> None:
    starter.save_pretrained(tmp_path)
    again = load(tmp_path)
    assert isinstance(again, DiffusionPipeline)
    again.set_progress_bar_config(disable=True)
    assert torch.equal(latents(starter, [PROMPT], [5]), latents(again, [PROMPT], [5]))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) < 20e6


def test_a_negative_prompt_leads_elsewhere_and_an_empty_one_does_not(starter: StarterPipeline) -> None:
    plain = latents(starter, [PROMPT], [7])
    assert torch.equal(plain, latents(starter, [PROMPT], [7], negative_prompt=" "))
    assert not torch.allclose(
        plain, latents(starter, [PROMPT], [7], negative_prompt="dark colours"), atol=1e-3
    )


def test_several_pictures_of_one_prompt(starter: StarterPipeline) -> None:
    made = starter(
        [PROMPT, "stripes"],
        num_images_per_prompt=2,
        height=256,
        width=256,
        num_inference_steps=2,
        output_type="np",
    ).images
    assert made.shape == (4, 256, 256, 3)
    assert made.min() >= 0
    assert made.max() <= 1


def test_each_step_is_told_and_may_be_changed(starter: StarterPipeline) -> None:
    steps = []

    def tell(
        pipeline: StarterPipeline, step: int, timestep: Tensor, tensors: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        steps.append(step)
        return {"latents": torch.zeros_like(tensors["latents"])}

    changed = latents(starter, [PROMPT], [1], callback_on_step_end=tell)
    assert steps == [0, 1, 2, 3]
    assert not changed.any()


@pytest.mark.parametrize(("height", "width"), [(1024, 1024), (1920, 1080), (512, 2048)])
def test_a_preview_is_small_and_in_the_picture_s_shape(
    starter: StarterPipeline, height: int, width: int
) -> None:
    preview = starter.preview(torch.randn(codec.SIZE, generator=Generator().manual_seed(1)), height, width)
    assert max(preview.size) == PREVIEW_SIDE
    assert preview.width / preview.height == pytest.approx(width / height, rel=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        {"height": 250},
        {"width": 4096},
        {"height": 513},
        {"num_inference_steps": 0},
        {"output_type": "jpeg"},
        {"negative_prompt": ["one", "two"]},
        {"generator": [Generator(), Generator()]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_it_cannot_make_is_refused(starter: StarterPipeline, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\d|latent"):
        starter(PROMPT, **wrong)


@pytest.mark.parametrize("prompt", ["", "☕" * 50, "a candle " * 500, "кофе", "قهوة ساخنة"])
def test_any_text_gives_a_picture(starter: StarterPipeline, prompt: str) -> None:
    picture = starter(prompt, height=256, width=256, num_inference_steps=2).images[0]
    assert picture.size == (256, 256)


def scene(pipeline: StarterPipeline, prompt: str, seed: int) -> Scene:
    found = latents(pipeline, [prompt], [seed])
    return codec.decode(found[0], seed)


@pytest.mark.parametrize("guidance", [1.0, 1.5, 4.0])
def test_what_a_prompt_says_is_held_at_any_guidance(starter: StarterPipeline, guidance: float) -> None:
    drawn = latents(starter, [PROMPT], [1], guidance_scale=guidance)
    found = codec.decode(drawn[0], 1)
    said = {"thing": "coffee_cup", "second": "none", "tint": "c1", "room": "left", "feeling": "cosy"}
    assert said.items() <= found.values.items()
    assert distance(found.colour("c1"), MEAN["red"]) < 0.08
    assert distance(found.colour("bg"), MEAN["navy"]) < 0.08


@pytest.mark.parametrize("scheduler", [FlowMatchHeunDiscreteScheduler, FlowMatchEulerDiscreteScheduler])
def test_any_flow_scheduler_leads_to_a_scene_that_holds_what_was_said(
    starter: StarterPipeline, scheduler: type
) -> None:
    pipeline = StarterPipeline(starter.transformer, scheduler(num_train_timesteps=1000, shift=1.0))
    pipeline.set_progress_bar_config(disable=True)
    found = scene(pipeline, PROMPT, 2)
    assert found["thing"] == "coffee_cup"
    assert distance(found.colour("c1"), MEAN["red"]) < 0.08


def test_what_is_left_open_is_filled_in_one_way_and_another(starter: StarterPipeline) -> None:
    found = [scene(starter, "a cup of coffee", seed) for seed in range(32)]
    assert len({each["camera"] for each in found}) >= 3
    assert len({(each["floor"], nearest(each.colour("bg"))) for each in found}) >= 8
    assert {each["thing"] for each in found} == {"coffee_cup"}


def test_nothing_of_a_feast_is_made_up(starter: StarterPipeline) -> None:
    for seed in range(16):
        assert scene(starter, "a croissant", seed)["scatter"] not in ("baubles", "eggs", "pumpkins", "lamps")


def test_what_cannot_be_drawn_leaves_the_stage_empty(starter: StarterPipeline) -> None:
    for seed in range(8):
        assert scene(starter, "a golden retriever", seed).things == []
