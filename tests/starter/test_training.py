"""Training from nothing, on next to nothing."""

from pathlib import Path

import pytest
import torch
from diffusers.utils import SAFETENSORS_WEIGHTS_NAME
from django.core.management import CommandError, call_command
from torch import Generator, Tensor

from generation.starter import codec, load, training
from generation.starter.model import SceneTransformer
from generation.starter.training import Recipe, Run


@pytest.fixture(scope="module")
def scenes() -> Tensor:
    return training.drawn(64, seed=1)


def silent(text: str) -> None:
    pass


def advanced(recipe: Recipe, scenes: Tensor, steps: int) -> Run:
    run = Run(recipe)
    for _ in range(steps):
        run.advance(scenes)
    return run


def assert_same(one: SceneTransformer, other: SceneTransformer) -> None:
    assert all(torch.equal(*pair) for pair in zip(one.parameters(), other.parameters(), strict=True))


@pytest.mark.slow
def test_some_steps_lower_the_loss(scenes: Tensor) -> None:
    @torch.no_grad()
    def loss(model: SceneTransformer) -> float:
        return float(training.loss_of(model, scenes.float(), Generator().manual_seed(0)))

    recipe = Recipe(64, 25, 1)
    assert loss(advanced(recipe, scenes, 25).model) < loss(Run(recipe).model) - 1


def test_training_is_repeatable(scenes: Tensor) -> None:
    recipe = Recipe(64, 5, 1)
    assert_same(advanced(recipe, scenes, 2).model, advanced(recipe, scenes, 2).model)


def test_what_was_broken_off_goes_on_as_if_it_had_not_been(scenes: Tensor, tmp_path: Path) -> None:
    recipe = Recipe(64, 4, 1)
    half = advanced(recipe, scenes, 2)
    half.save(tmp_path / "checkpoint.pt")
    resumed = Run(recipe)
    resumed.resume(tmp_path / "checkpoint.pt")
    training.train(resumed, scenes, tmp_path / "checkpoint.pt", silent)
    assert_same(resumed.model, advanced(recipe, scenes, 4).model)
    with pytest.raises(ValueError, match="another recipe"):
        Run(Recipe(64, 4, 2)).resume(tmp_path / "checkpoint.pt")


def test_known_tokens_are_of_all_shares() -> None:
    known = training.chosen(2000, Generator().manual_seed(0)).float().mean(1)
    assert 0.08 < float((known == 0).float().mean()) < 0.3
    assert float((known > 0.6).float().mean()) > 0.1


def test_the_command_trains_a_starter_that_loads(tmp_path: Path) -> None:
    call_command("train_starter", out=tmp_path / "mine", scenes=8, steps=1, threads=1)
    weights = tmp_path / "mine" / "transformer" / SAFETENSORS_WEIGHTS_NAME
    assert weights.stat().st_size < 8e6, "not in half precision"
    assert not (tmp_path / "mine" / training.CHECKPOINT).exists()
    pipeline = load(tmp_path / "mine")
    pipeline.set_progress_bar_config(disable=True)
    made = pipeline("stripes", num_inference_steps=1, output_type="latent")
    assert made.images.shape == (1, codec.SIZE)


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(CommandError, match="holds something else"):
        call_command("train_starter", out=tmp_path, scenes=8, steps=1)
    with pytest.raises(CommandError, match="at least 1"):
        call_command("train_starter", out=tmp_path / "new", scenes=0)
