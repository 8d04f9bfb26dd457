"""What the caller is told while a picture is made."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny, DiffusionPipeline
from PIL import Image

from generation.engine import Engine, ImageRequest, Picture, Progress
from generation.engine.preview import LONGEST_SIDE, LatentPreview
from tests.engine.tiny_pipelines import FAMILIES

Load = Callable[[str], DiffusionPipeline]


def follow(engine: Engine, **changes: Any) -> tuple[Picture, list[Progress]]:
    values: dict[str, Any] = {
        "model": "sd15",
        "prompt": "a table",
        "width": 64,
        "height": 32,
        "steps": 5,
        "guidance": 3.0,
        "seed": 1,
    }
    told: list[Progress] = []
    ticket = engine.submit(ImageRequest(**(values | changes)), told.append)
    return ticket.result(timeout=240), told


@pytest.mark.parametrize("family", FAMILIES)
def test_steps_are_told_in_order_with_small_previews_of_the_right_shape(
    family: str, load: Load, start_engine: Callable[..., Engine]
) -> None:
    _, told = follow(start_engine(load), model=family)
    assert [progress.step for progress in told] == [1, 2, 3, 4, 5]
    assert {progress.steps for progress in told} == {5}
    assert [progress.preview is not None for progress in told] == [False, True, False, True, False]
    for progress in told:
        if progress.preview is not None:
            width, height = progress.preview.size
            assert width == 2 * height
            assert width <= LONGEST_SIDE


def test_no_previews_where_none_are_wanted(load: Load, start_engine: Callable[..., Engine]) -> None:
    _, told = follow(start_engine(load), preview_every=0)
    assert [progress.preview for progress in told] == [None] * 5


def paint_linearly(pipeline: DiffusionPipeline) -> None:
    """Make colours a linear function of latents, as in trained decoders, roughly, and not in random ones."""
    scale, matrix = pipeline.vae_scale_factor, None

    def paint(module: object, args: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        nonlocal matrix
        latents = args[0]
        if matrix is None:
            matrix = torch.randn(3, latents.shape[1], generator=torch.Generator().manual_seed(3)) / 10
        colours = torch.einsum("rc,bc...->br...", matrix, latents) + 0.1
        return colours.repeat_interleave(scale, dim=-1).repeat_interleave(scale, dim=-2)

    pipeline.vae.decoder.register_forward_hook(paint)


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "flux", "zimage", "qwen", "pixart"])
def test_the_last_preview_is_the_picture_in_small(
    family: str, load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    pipeline = load_fresh(family)
    paint_linearly(pipeline)
    picture, told = follow(start_engine(lambda model: pipeline), model=family, preview_every=1)
    preview = told[-1].preview
    assert preview is not None
    small = picture.image.resize(preview.size, Image.Resampling.BOX)
    assert np.asarray(small).std() > 10
    assert np.abs(np.asarray(preview, dtype=int) - np.asarray(small, dtype=int)).max() <= 2


def test_large_latents_are_shrunk(load: Load) -> None:
    with torch.inference_mode():
        draw = LatentPreview().prepare(load("sd15"), torch.randn(1, 4, 250, 125), 2000, 1000)
    assert draw is not None
    assert draw().size == (48, 96)


@pytest.mark.parametrize("shape", [(1, 7, 8, 8), (1, 16, 6), (1, 5, 16), (1, 4)])
def test_latents_of_unknown_form_have_no_preview(shape: tuple[int, ...], load: Load) -> None:
    with torch.inference_mode():
        assert LatentPreview().prepare(load("sd15"), torch.zeros(shape), 64, 64) is None


def test_a_decoder_that_refuses_our_patches_costs_the_preview_only(load_fresh: Load) -> None:
    pipeline = load_fresh("sd15")

    def refuse(module: object, args: tuple[torch.Tensor]) -> None:
        raise RuntimeError("only square latents of my own")

    pipeline.vae.decoder.register_forward_pre_hook(refuse)
    with torch.inference_mode():
        assert LatentPreview().prepare(pipeline, torch.zeros(1, 4, 8, 8), 64, 64) is None


def test_a_pipeline_with_a_preview_of_its_own_draws_it(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    pipeline = load_fresh("sd15")
    kind = type(pipeline)

    def preview(self: DiffusionPipeline, latents: torch.Tensor, height: int, width: int) -> Image.Image:
        return Image.new("RGB", (width * 3, height * 3), "teal")

    pipeline.__class__ = type(kind.__name__, (kind,), {"preview": preview})
    _, told = follow(start_engine(lambda model: pipeline))
    shown = told[1].preview
    assert shown is not None
    assert shown.size == (96, 48)
    assert shown.getpixel((0, 0)) == (0, 128, 128)


def test_a_pipeline_without_a_callback_is_counted_by_its_denoiser_calls(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    pipeline = load_fresh("sd15")
    kind = type(pipeline)

    def call(
        self: DiffusionPipeline, prompt: str, height: int, width: int, num_inference_steps: int,
        guidance_scale: float, generator: torch.Generator, output_type: str,
    ) -> object:  # fmt: skip
        return kind.__call__(
            self, prompt, height, width, num_inference_steps,
            guidance_scale=guidance_scale, generator=generator, output_type=output_type,
        )  # fmt: skip

    pipeline.__class__ = type(kind.__name__, (kind,), {"__call__": call})
    _, told = follow(start_engine(lambda model: pipeline))
    assert [(progress.step, progress.steps, progress.preview) for progress in told] == [
        (step, 5, None) for step in (1, 2, 3, 4, 5)
    ]


def test_a_second_order_scheduler_tells_its_true_number_of_steps(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    from diffusers import HeunDiscreteScheduler

    pipeline = load_fresh("sd15")
    pipeline.scheduler = HeunDiscreteScheduler.from_config(pipeline.scheduler.config)
    picture, told = follow(start_engine(lambda model: pipeline))
    assert [(progress.step, progress.steps) for progress in told] == [(step, 9) for step in range(1, 10)]
    assert (picture.scheduler, picture.steps, picture.seed) == ("HeunDiscreteScheduler", 5, 1)


@pytest.mark.slow
def test_a_tiny_decoder_beside_the_model_draws_the_previews(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    pipeline, seen = load_fresh("sd15"), []
    channels = (8, 8, 8, 8)
    pipeline.preview_vae = AutoencoderTiny(
        encoder_block_out_channels=channels,
        decoder_block_out_channels=channels,
        num_encoder_blocks=(1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1),
    )
    pipeline.preview_vae.decoder.register_forward_hook(lambda *call: seen.append(call[1][0].shape))
    _, told = follow(start_engine(lambda model: pipeline), width=256, height=128)
    previews = [progress.preview for progress in told if progress.preview is not None]
    assert [preview.size for preview in previews] == [(96, 48), (96, 48)]
    assert set(seen) == {(1, 4, 12, 24)}  # latents made small first


def test_a_preview_that_nobody_looks_at_is_not_drawn(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    pipeline, drawn = load_fresh("sd15"), []
    kind = type(pipeline)

    def preview(self: DiffusionPipeline, latents: torch.Tensor, height: int, width: int) -> Image.Image:
        drawn.append(threading.current_thread().name)
        return Image.new("RGB", (width, height), "teal")

    pipeline.__class__ = type(kind.__name__, (kind,), {"preview": preview})
    _, told = follow(start_engine(lambda model: pipeline), preview_every=1)
    assert drawn == []
    assert told[-1].preview is told[-1].preview
    assert drawn == [threading.current_thread().name]
