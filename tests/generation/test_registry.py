"""Installed models: one row for one folder, offered by name, and loaded only as they were installed."""

import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from generation import registry
from generation.checkpoints import CheckpointRefused, loading
from generation.models import ModelVersion
from tests.checkpoints.trees import honest, put, safetensors
from tests.engine import tiny_pipelines

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    settings.MODELS_DIR = settings.DATA_DIR / "models"
    return settings.DATA_DIR


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return honest(tmp_path / "My Model")


@pytest.fixture(scope="module")
def real_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that diffusers itself saved, with weights that run."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_pipelines.build("sd15", folder)
    return folder


def test_an_installed_model_has_a_row_that_says_what_it_is(source: Path, data: Path) -> None:
    model = registry.install(str(source))

    assert model.folder == f"models/my-model/{model.hash[:12]}"
    assert (data / model.folder / "handbill.lock.json").is_file()
    assert (model.name, model.pipeline_class, model.licence) == (
        "my-model",
        "StableDiffusionPipeline",
        "openrail",
    )
    assert (model.size_multiple, model.size_default, model.steps_default) == (8, 512, 50)
    assert model.source == str(source)
    assert model.memory_bytes > 0
    assert list(registry.installed()) == [model]


def test_installing_is_audited_once(source: Path) -> None:
    model = registry.install(str(source))
    registry.install(str(source))

    (event,) = AuditEvent.objects.filter(verb="model.installed")
    assert (event.subject_id, event.detail) == (str(model.pk), {"name": "my-model", "hash": model.hash})


def test_new_weights_are_a_new_version_and_the_old_one_is_kept(source: Path, data: Path) -> None:
    old = registry.install(str(source))
    put(source, "unet/diffusion_pytorch_model.safetensors", safetensors(fill=b"\2"))
    new = registry.install(str(source))

    assert list(registry.installed()) == [new]
    old.refresh_from_db()
    assert not old.is_active
    assert registry.verify(old).folder == data / old.folder


def test_an_old_version_installed_again_is_offered_again(source: Path) -> None:
    old = registry.install(str(source))
    put(source, "unet/diffusion_pytorch_model.safetensors", safetensors(fill=b"\2"))
    registry.install(str(source))
    put(source, "unet/diffusion_pytorch_model.safetensors", safetensors())

    assert registry.install(str(source)) == old
    assert list(registry.installed()) == [old]


def test_the_same_model_has_one_name(source: Path, data: Path) -> None:
    registry.install(str(source), name="first")
    with pytest.raises(CheckpointRefused, match="is installed already, under the name first"):
        registry.install(str(source), name="second")

    assert not list((data / "models" / "second").iterdir())
    assert ModelVersion.objects.count() == 1


def test_nobody_may_pose_as_the_starter(source: Path, data: Path) -> None:
    with pytest.raises(CheckpointRefused, match="kept for Handbill's own model"):
        registry.install(str(source), name="Starter")

    assert not list((data / "models" / "starter").iterdir())
    assert not ModelVersion.objects.exists()


def test_a_refused_model_has_no_row(source: Path) -> None:
    put(source, "unet/modeling.py", "import os")
    with pytest.raises(CheckpointRefused):
        registry.install(str(source))

    assert not ModelVersion.objects.exists()
    assert not AuditEvent.objects.filter(verb="model.installed").exists()


def test_what_somebody_installed_is_preferred_to_the_starter() -> None:
    assert registry.default_model() is None
    rows = {"pipeline_class": "StarterPipeline", "folder": "x", "source": "x"}
    starter = ModelVersion.objects.create(name="starter", hash="1" * 64, **rows)
    assert registry.default_model() == starter
    chosen = ModelVersion.objects.create(
        name="mine", hash="2" * 64, **{**rows, "pipeline_class": "FluxPipeline"}
    )
    ModelVersion.objects.create(name="starter", hash="3" * 64, **rows)
    assert registry.default_model() == chosen
    ModelVersion.objects.create(
        name="gone", hash="4" * 64, is_active=False, **{**rows, "pipeline_class": "F"}
    )
    assert registry.default_model() == chosen


def test_a_loaded_model_makes_a_picture_and_the_same_seed_the_same(real_source: Path) -> None:
    import torch

    torch.set_num_threads(1)
    pipeline = registry.load_pipeline(registry.install(str(real_source)))

    def picture(seed: int) -> bytes:
        generator = torch.Generator().manual_seed(seed)
        made = pipeline("a red apple", num_inference_steps=1, height=32, width=32, generator=generator)
        return made.images[0].tobytes()

    assert pipeline.unet.dtype == loading.placement()[1]
    assert picture(1) == picture(1) != picture(2)


def test_loading_calls_nobody_and_after_it_no_hub_is_asked(
    real_source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import HfApi, errors

    model = registry.install(str(real_source))
    called = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: called.append(host))
    registry.load_pipeline(model)

    assert called == []
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(errors.OfflineModeIsEnabled):
        HfApi().model_info("owner/name")


def test_half_precision_files_are_loaded_as_such(real_source: Path, tmp_path: Path) -> None:
    import torch
    from diffusers import StableDiffusionPipeline

    whole = StableDiffusionPipeline.from_pretrained(real_source)
    whole.to(dtype=torch.float16).save_pretrained(tmp_path / "half", variant="fp16")
    model = registry.install(str(tmp_path / "half"))
    pipeline = registry.load_pipeline(model)

    assert registry.verify(model).lock.variant == "fp16"
    assert pipeline.unet.dtype == loading.placement()[1]


def test_a_changed_model_is_not_loaded(real_source: Path, data: Path) -> None:
    model = registry.install(str(real_source))
    file = data / model.folder / "unet" / "config.json"
    file.chmod(0o600)
    file.write_text(file.read_text().replace("silu", "relu"))

    with pytest.raises(CheckpointRefused, match=r"unet/config\.json is not the file that was installed"):
        registry.load_pipeline(model)


def test_a_file_swapped_while_the_model_loads_is_noticed(
    real_source: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: after every hash was checked and before diffusers opens the file."""
    model = registry.install(str(real_source))
    weights = data / model.folder / "unet" / "diffusion_pytorch_model.safetensors"
    other = weights.with_name("other")

    def swap() -> None:
        other.write_bytes(weights.read_bytes())
        other.rename(weights)

    monkeypatch.setattr(loading, "_stay_offline", swap)
    with pytest.raises(CheckpointRefused, match="was changed while the model was being loaded"):
        registry.load_pipeline(model)


def run(*arguments: str) -> str:
    stdout = io.StringIO()
    call_command("install_model", *arguments, stdout=stdout)
    return stdout.getvalue()


def test_the_command_installs_and_says_what_and_under_which_licence(source: Path) -> None:
    said = run(str(source), "--name", "Shop Pictures")

    model = ModelVersion.objects.get()
    assert said == f"shop-pictures is installed as {model.folder} (licence: openrail).\n"


def test_the_command_refuses_in_one_sentence(source: Path) -> None:
    put(source, "unet/diffusion_pytorch_model.bin", b"\x80\x04.")
    with pytest.raises(CommandError) as refused:
        run(str(source))

    assert str(refused.value) == (
        "Nothing was installed: unet/diffusion_pytorch_model.bin is a pickle by its name,"
        " and Handbill opens nothing that can run code: delete it where safetensors lie beside it,"
        " else get the model in safetensors form."
    )


@pytest.mark.parametrize("arguments", [[], ["folder", "--starter"]])
def test_the_command_wants_one_source(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"required|not allowed"):
        run(*arguments)


def test_importing_the_registry_imports_no_torch() -> None:
    code = (
        "import django, sys; django.setup(); import generation.registry;"
        "import webapp.management.commands.install_model;"
        "print({'torch', 'diffusers', 'transformers', 'huggingface_hub'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()[-1] == "set()"
