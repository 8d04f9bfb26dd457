"""The starter model through the engine: batched as any other, with previews of its own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline
from PIL import Image

from generation import starter
from generation.engine import Control, Engine, GenerationError, ImageRequest, Progress
from tests.engine.counting import Calls
from tests.engine.plain import stopped

PROMPTS = [
    "a red cup of coffee",
    "cosy autumn promo, room for a headline on the right",
    "a blue vase on a podium",
]


@pytest.fixture(scope="module")
def pipeline() -> DiffusionPipeline:
    pipeline = starter.load()
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def requests() -> list[ImageRequest]:
    return [
        ImageRequest(
            model="starter",
            prompt=PROMPTS[seed % 3],
            negative_prompt="confetti" if seed == 4 else "",
            width=256,
            height=256 + 64 * (seed % 2),
            steps=4 + seed % 3,
            guidance=2.0 + seed % 2,
            seed=seed,
        )
        for seed in range(6)
    ]


def plainly(pipeline: DiffusionPipeline, request: ImageRequest) -> np.ndarray:
    output = pipeline(
        request.prompt,
        negative_prompt=request.negative_prompt or None,
        height=request.height,
        width=request.width,
        num_inference_steps=request.steps,
        guidance_scale=request.guidance,
        generator=torch.Generator().manual_seed(request.seed),
    )
    return np.asarray(output.images[0], dtype=int)


@pytest.mark.parametrize(
    "changes",
    [
        {"image": Image.new("RGB", (256, 256))},
        {"controls": (Control(model="starter", image=Image.new("RGB", (256, 256))),)},
        {"scheduler": "EulerDiscreteScheduler"},
    ],
)
def test_what_a_scene_cannot_do_is_said(pipeline: DiffusionPipeline, changes: dict[str, Any]) -> None:
    engine = Engine(lambda model: pipeline)
    engine.start()
    with pytest.raises(GenerationError) as error:
        engine.submit(replace(requests()[0], **changes)).result(timeout=240)
    engine.stop()
    assert error.value.reason == "unsupported"


@pytest.mark.slow
def test_pictures_of_any_size_share_every_step_and_equal_the_plain_ones(
    pipeline: DiffusionPipeline, calls: Calls
) -> None:
    engine = Engine(lambda model: pipeline, max_rows=12, clock=stopped)
    told: list[Progress] = []
    tickets = [engine.submit(request, told.append) for request in requests()]
    engine.start()
    pictures = [ticket.result(timeout=240) for ticket in tickets]
    engine.stop()
    assert sum(calls["denoising"]) == 2 * (4 + 5 + 6) * 2
    # The schedule tries narrow calls before it knows that wide ones pay.
    assert 6 <= len(calls["denoising"]) <= 6 + 2
    for picture, request in zip(pictures, requests(), strict=True):
        assert picture.image.size == (request.width, request.height)
        # The last bit of a float may turn a pixel's rounding.
        assert np.abs(np.asarray(picture.image, dtype=int) - plainly(pipeline, request)).max() <= 1
    previews = [progress.preview for progress in told if progress.preview is not None]
    assert len(previews) == sum(request.steps // 2 for request in requests())
    assert all(max(preview.size) == 96 for preview in previews)
