"""Training from nothing, on next to nothing."""

from pathlib import Path

import pytest
import torch
from diffusers.utils import SAFETENSORS_WEIGHTS_NAME
from django.core.management import CommandError, call_command

from generation.starter import load, training
from generation.starter.model import SceneTransformer
from generation.starter.training import Dataset, TrainingBatch


@pytest.fixture(scope="module")
def data() -> Dataset:
    return training.write_dataset(96, seed=1, say=lambda text: None)


@pytest.mark.slow
def test_a_few_steps_lower_the_loss(data: Dataset) -> None:
    batch = TrainingBatch(data.scenes[:, 0], data.words, data.mask, data.meaning)

    @torch.no_grad()
    def loss(model: SceneTransformer) -> float:
        torch.manual_seed(0)
        return float(training.loss_of(model, batch))

    torch.manual_seed(1)
    untrained = loss(SceneTransformer())
    trained = training.train(data, steps=30, seed=1, say=lambda text: None, rows=32)
    assert loss(trained) < untrained - 0.1


def test_training_is_repeatable(data: Dataset) -> None:
    first, again = (
        training.train(data, steps=2, seed=1, say=lambda text: None, rows=16).state_dict() for _ in range(2)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_the_command_trains_a_starter_that_loads(tmp_path: Path) -> None:
    call_command("train_starter", out=tmp_path / "mine", captions=8, steps=1, threads=1)
    weights = tmp_path / "mine" / "transformer" / SAFETENSORS_WEIGHTS_NAME
    assert weights.stat().st_size < 8e6, "not in half precision"
    pipeline = load(tmp_path / "mine")
    pipeline.set_progress_bar_config(disable=True)
    made = pipeline("a cake", height=256, width=256, num_inference_steps=1)
    assert made.images[0].size == (256, 256)


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("train_starter", out=tmp_path, captions=8, steps=1)
    with pytest.raises(CommandError, match="at least 1"):
        call_command("train_starter", out=tmp_path / "new", captions=0)
