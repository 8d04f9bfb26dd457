"""The model that comes with Handbill is installed once, again when its weights are new, and healed when it is
damaged.
"""

import shutil
from pathlib import Path

import pytest

from generation import checkpoints, jobs, registry
from generation.models import Job, ModelVersion

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not registry.STARTER_WEIGHTS.is_dir(), reason="the starter's weights are not made yet"
    ),
]


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.MODELS_DIR = settings.DATA_DIR / "models"
    return settings.DATA_DIR


def test_it_is_installed_and_is_the_default() -> None:
    model = registry.install_starter()

    assert (model.name, model.is_starter) == ("starter", True)
    assert registry.default_model() == model
    assert model.size_default % model.size_multiple == 0


def test_a_second_start_finds_it_without_installing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Installing imports torch, which costs a start its seconds."""
    model = registry.install_starter()
    monkeypatch.setattr(checkpoints, "install", lambda *_, **__: pytest.fail("it was installed again"))

    assert registry.install_starter() == model


def test_a_damaged_starter_is_healed(data: Path) -> None:
    model = registry.install_starter()
    (data / model.folder / "model_index.json").unlink()

    assert registry.install_starter() == model
    assert registry.verify(model)


def test_new_weights_are_a_new_version(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = registry.install_starter()
    weights = shutil.copytree(registry.STARTER_WEIGHTS, tmp_path / "weights")
    scheduler = weights / "scheduler" / "scheduler_config.json"
    scheduler.write_text(scheduler.read_text().rstrip() + "\n\n")
    monkeypatch.setattr(registry, "STARTER_WEIGHTS", weights)
    new = registry.install_starter()

    assert new.hash != old.hash
    assert list(registry.installed()) == [new]
    assert (data / old.folder).is_dir()
    assert ModelVersion.objects.count() == 2


def test_it_draws_what_it_is_asked_for() -> None:
    import torch

    torch.set_num_threads(1)
    pipeline = registry.load_pipeline(registry.install_starter())
    generator = torch.Generator().manual_seed(7)
    made = pipeline("a cup of coffee", width=256, height=256, num_inference_steps=2, generator=generator)

    assert made.images[0].size == (256, 256)


def test_what_waits_for_an_older_starter_gets_the_new_one(ask, people) -> None:
    """Its code went with the Handbill that brought it."""
    older = ModelVersion.objects.create(
        name="starter", hash="1" * 64, folder="models/starter/old", pipeline_class="StarterPipeline"
    )
    waiting, failed = ask(model=older), ask(model=older)
    Job.objects.filter(pk=failed.pk).update(status="failed")
    newer = registry.install_starter()

    waiting.refresh_from_db()
    failed.refresh_from_db()
    assert waiting.model == newer
    assert failed.model == older, "which is what happened"
    assert jobs.retry(failed, by=people.alice).model == newer
