"""What a worker can load, as files come, go and change under it."""

import os
from pathlib import Path

import pytest

from generation import registry
from generation.models import ModelVersion
from generation.worker import loadable
from generation.worker.loadable import LoadableModels
from tests.checkpoints.trees import honest

pytestmark = pytest.mark.django_db
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def model(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    monkeypatch.setattr(loadable, "LOOK_AFTER", -1.0)
    settings.DATA_DIR = tmp_path / "data"
    settings.MODELS_DIR = settings.DATA_DIR / "models"
    return registry.install(str(honest(tmp_path / "tiny")))


@pytest.fixture
def here(model: ModelVersion) -> LoadableModels:
    return LoadableModels(registry.glance)


def spoil(file: Path, change: bytes) -> None:
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[-len(change) :] = change
    file.write_bytes(content)


def test_files_may_go_and_come_back_while_a_worker_runs(here, model, ask, caplog):
    ask()
    assert (here.loadable(), here.lacking()) == ([model.pk], {})
    folder = registry.folder_of(model)
    folder.rename(folder.with_name("away"))
    assert (here.loadable(), here.lacking()) == ([], {model.pk: "missing"})
    here.lacking()
    folder.with_name("away").rename(folder)
    assert (here.loadable(), here.lacking()) == ([model.pk], {})
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]  # Once, not at every look.


@pytest.mark.parametrize("spoilt", ["shorter", "gone", "one too many", "another lock"])
def test_what_a_look_can_see_to_be_damaged_is_not_loaded(here, model, ask, spoilt):
    ask()
    folder = registry.folder_of(model)
    if spoilt == "shorter":
        (folder / WEIGHTS).chmod(0o600)
        os.truncate(folder / WEIGHTS, 10)
    elif spoilt == "gone":
        (folder / WEIGHTS).unlink()
    elif spoilt == "one too many":
        (folder / "unet" / "more.json").write_text("{}")
    else:
        ModelVersion.objects.update(hash="f" * 64)
    assert (here.loadable(), here.lacking()) == ([], {model.pk: "damaged"})


def test_a_changed_byte_is_found_by_the_load_and_the_model_left_alone_until_it_is_healed(here, model, ask):
    ask()
    file = registry.folder_of(model) / WEIGHTS
    good = file.read_bytes()[-4:]
    spoil(file, b"evil")
    assert here.loadable() == [model.pk]
    with pytest.raises(registry.CheckpointRefused):
        registry.load_pipeline(model)
    here.failed(model.hash, "damaged", here.files(model.hash))
    assert (here.loadable(), here.lacking()) == ([], {model.pk: "damaged"})
    spoil(file, good)
    assert (here.loadable(), here.lacking()) == ([model.pk], {})


def test_what_may_pass_by_itself_is_tried_again_after_a_while_and_then_later(here, model, ask, monkeypatch):
    ask()
    now = 0.0
    monkeypatch.setattr(loadable.time, "monotonic", lambda: now)
    waits = []
    for _ in range(3):
        here.loadable()
        here.failed(model.hash, "too_large", here.files(model.hash))
        failed_at = now
        while not here.loadable():
            now += 30
        waits.append(now - failed_at)
    assert waits == [60, 120, 240]
    here.loaded(model.hash)
    assert here.lacking() == {}


def test_files_that_were_mended_while_the_old_ones_were_loaded_are_tried(here, model, ask):
    ask()
    here.loadable()
    begun = here.files(model.hash)
    file = registry.folder_of(model) / WEIGHTS
    spoil(file, file.read_bytes()[-4:])  # The same bytes, written anew.
    here.loadable()
    here.failed(model.hash, "damaged", begun)
    assert here.loadable() == [model.pk]
