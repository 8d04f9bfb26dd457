"""`bin/manage tune_model`: measured once, and from then on how the model is run and what its pictures say."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
from django.core.management import CommandError, call_command

from generation import registry, tuning
from generation.engine import Picture
from generation.models import ModelVersion
from generation.pictures import finish_picture
from generation.tuning import Settings
from generation.tuning import tuning as files
from generation.tuning.applying import device_name
from generation.worker.engine_worker import installed_curves
from tests.engine import tiny_pipelines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.MODELS_DIR = settings.DATA_DIR / "models"


@pytest.fixture(autouse=True)
def uncompiled() -> Iterator[None]:
    with torch.compiler.set_stance("force_eager"):
        yield


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few repetitions as there may be: no test asks how long a call took."""
    monkeypatch.setattr("generation.tuning.measuring.ENOUGH", 0.0)


@pytest.fixture
def model(tmp_path: Path) -> ModelVersion:
    tiny_pipelines.build("sd15", tmp_path / "tiny")
    model = registry.install(str(tmp_path / "tiny"))
    ModelVersion.objects.update(size_multiple=8, size_min=32, size_max=64, size_default=32, steps_default=2)
    model.refresh_from_db()
    return model


def tuned(model: ModelVersion, **settings: Any) -> tuning.Tuning:
    made = tuning.Tuning(
        model_hash=model.hash,
        device=device_name(),
        versions=files.versions(),
        settings=Settings(**settings),
    )
    files.write(registry.folder_of(model), made, None)
    return made


@pytest.mark.slow
def test_it_measures_every_shape_that_people_can_ask_for_and_prints_what_it_found(
    model: ModelVersion,
) -> None:
    out = StringIO()
    call_command("tune_model", "tiny", stdout=out)
    found = registry.tuning_of(model)
    assert found is not None
    assert {timing.size for timing in found.curves} == {
        model.size_for(1.0), model.size_for(4 / 5), model.size_for(16 / 9)
    }  # fmt: skip
    assert "steps forecast from their neighbours" in out.getvalue()
    places = installed_curves(model.hash)
    assert {(place[0], place[1]) for place in places} == {(model.hash, "unet"), (model.hash, "vae")}


def test_a_model_that_is_not_installed_is_said_with_those_that_are(model: ModelVersion) -> None:
    with pytest.raises(CommandError, match=r"There is no model sdxl; installed: tiny."):
        call_command("tune_model", "sdxl")


def test_a_changed_model_is_not_measured(model: ModelVersion) -> None:
    file = registry.folder_of(model) / "unet" / "diffusion_pytorch_model.safetensors"
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1] + b"\1")
    with pytest.raises(CommandError, match=r"Nothing was measured: .*unet"):
        call_command("tune_model", "tiny")


def test_a_tuned_model_is_loaded_as_it_was_tuned_and_its_lock_still_holds(model: ModelVersion) -> None:
    tuned(model, channels_last=True)
    pipeline = registry.load_pipeline(model)
    weight = pipeline.unet.conv_in.weight
    assert weight.is_contiguous(memory_format=torch.channels_last)
    assert registry.settings_of(model) == Settings(channels_last=True)
    assert registry.verify(model)


def test_a_tuning_that_does_not_work_any_more_is_done_without(model: ModelVersion) -> None:
    tuned(model, attention="flash")
    assert registry.load_pipeline(model).unet is not None
    assert registry.settings_of(model) == Settings()


def test_settings_and_forecast_steps_are_in_the_record_and_a_plain_one_is_as_ever(
    model: ModelVersion,
) -> None:
    from generation.models import Job

    job = Job(model=model)
    skipping = Picture(image=None, scheduler="", seconds=1.0, steps=9, seed=1, steps_forecast=3)
    whole = Picture(image=None, scheduler="", seconds=1.0, steps=9, seed=1)
    assert finish_picture._settings(job, whole) == {}
    tuned(model, channels_last=True, row_skip=0.1)
    registry.load_pipeline(model)
    assert finish_picture._settings(job, whole) == {"channels_last": True}
    assert finish_picture._settings(job, skipping) == {
        "channels_last": True, "row_skip": 0.1, "steps_forecast": 3
    }  # fmt: skip
