"""An honest model is installed whole, by one rename, or not at all."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from generation.checkpoints import CheckpointRefused, Lock, install, installation
from tests.checkpoints.trees import edit, honest, put, safetensors
from tests.patience import PATIENCE

LIST = "unet/diffusion_pytorch_model.safetensors.index.json"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return honest(tmp_path / "My Model v1.5")


def installed_files(models: Path) -> list[str]:
    return sorted(path.relative_to(models).as_posix() for path in models.rglob("*") if path.is_file())


def test_what_is_needed_is_copied_and_nothing_else(source: Path, tmp_path: Path) -> None:
    put(source, "diffusion_pytorch_model.safetensors", safetensors())  # a copy in one file, as hubs have them
    put(source, "onnx/model.onnx", b"\x08\x07")
    put(source, "unet/flax_model.msgpack", b"\x81")
    put(source, ".git/HEAD", "ref: refs/heads/main")
    made = install(str(source), tmp_path / "models")

    folder = tmp_path / "models" / "my-model-v1-5" / made.lock.hash[:12]
    assert made.checkpoint.folder == folder
    assert installed_files(folder) == sorted([*made.lock.files, "handbill.lock.json"])
    assert set(made.lock.files) == {
        "README.md",
        "model_index.json",
        "scheduler/scheduler_config.json",
        "text_encoder/config.json",
        "text_encoder/model.safetensors",
        "tokenizer/merges.txt",
        "tokenizer/vocab.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.safetensors",
        "vae/config.json",
        "vae/diffusion_pytorch_model.safetensors",
    }


def test_a_file_with_a_second_name_elsewhere_is_copied_apart(source: Path, tmp_path: Path) -> None:
    """Who holds the other name of a hard link could write to it later."""
    os.link(source / "unet/config.json", tmp_path / "second-name")
    made = install(str(source), tmp_path / "models")

    assert (made.checkpoint.folder / "unet/config.json").stat().st_nlink == 1


def test_shards_are_installed_by_their_list(source: Path, tmp_path: Path) -> None:
    (source / "unet/diffusion_pytorch_model.safetensors").unlink()
    names = [f"diffusion_pytorch_model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for number, name in enumerate(names):
        put(source, f"unet/{name}", safetensors({f"weight{number}": ("F32", [2], 8)}))
    put(source, LIST, {"metadata": {}, "weight_map": {f"weight{n}": name for n, name in enumerate(names)}})

    made = install(str(source), tmp_path / "models")
    assert {f"unet/{name}" for name in names} | {LIST} <= set(made.lock.files)


def half(source: Path, component: str, keep_full: bool) -> None:
    for file in (source / component).glob("*.safetensors"):
        put(source, f"{component}/{file.stem}.fp16.safetensors", safetensors({"weight": ("F16", [4], 8)}))
        if not keep_full:
            file.unlink()


def test_half_precision_is_taken_where_it_is_all_there_is(source: Path, tmp_path: Path) -> None:
    for component in ("unet", "vae", "text_encoder"):
        half(source, component, keep_full=False)
    made = install(str(source), tmp_path / "models")

    assert made.lock.variant == "fp16"
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in made.lock.files


def test_half_precision_is_taken_where_there_are_both(source: Path, tmp_path: Path) -> None:
    half(source, "unet", keep_full=True)
    made = install(str(source), tmp_path / "models")

    assert made.lock.variant == "fp16"
    weights = [path for path in made.lock.files if path.endswith(".safetensors")]
    assert sorted(weights) == [
        "text_encoder/model.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    ]


def test_a_variant_that_is_no_precision_is_left_alone(source: Path, tmp_path: Path) -> None:
    put(source, "unet/diffusion_pytorch_model.non_ema.safetensors", safetensors())
    made = install(str(source), tmp_path / "models")

    assert made.lock.variant is None
    assert "unet/diffusion_pytorch_model.non_ema.safetensors" not in made.lock.files


def test_a_vocabulary_may_hold_any_word(source: Path, tmp_path: Path) -> None:
    words = {f"word{n}": n for n in range(200)} | {"auto_map": 200, "trust_remote_code": 201}
    put(source, "tokenizer/vocab.json", words)
    put(source, "tokenizer/tokenizer.json", {"model": {"vocab": words}})

    assert install(str(source), tmp_path / "models").lock.files["tokenizer/tokenizer.json"]


def test_the_safety_checker_of_stable_diffusion_is_known(source: Path, tmp_path: Path) -> None:
    edit(source, "model_index.json", safety_checker=["stable_diffusion", "StableDiffusionSafetyChecker"])
    put(source, "safety_checker/config.json", {})
    put(source, "safety_checker/model.safetensors", safetensors())
    edit(source, "model_index.json", feature_extractor=["transformers", "CLIPFeatureExtractor"])
    put(source, "feature_extractor/preprocessor_config.json", {})

    assert install(str(source), tmp_path / "models").lock.files["safety_checker/model.safetensors"]


def test_installing_the_same_again_changes_nothing(source: Path, tmp_path: Path) -> None:
    first = install(str(source), tmp_path / "models")
    inode = (first.checkpoint.folder / "handbill.lock.json").stat().st_ino
    second = install(str(source), tmp_path / "models")

    assert second.lock == first.lock
    assert (second.checkpoint.folder / "handbill.lock.json").stat().st_ino == inode
    assert len(list((tmp_path / "models").iterdir())) == 1


def test_installing_again_heals_a_damaged_model(source: Path, tmp_path: Path) -> None:
    first = install(str(source), tmp_path / "models")
    (first.checkpoint.folder / "unet/config.json").unlink()
    second = install(str(source), tmp_path / "models")

    assert (second.checkpoint.folder / "unet/config.json").is_file()
    assert list((tmp_path / "models").iterdir()) == [first.checkpoint.folder.parent]


def test_other_weights_are_another_version_beside_the_first(source: Path, tmp_path: Path) -> None:
    first = install(str(source), tmp_path / "models")
    put(source, "unet/diffusion_pytorch_model.safetensors", safetensors(fill=b"\2"))
    second = install(str(source), tmp_path / "models")

    assert first.checkpoint.folder != second.checkpoint.folder
    assert first.checkpoint.folder.is_dir()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("/nowhere/at/all", "neither a folder here nor a hub id"),
        ("sdxl", "neither a folder here nor a hub id"),
        ("https://example.org/model", "neither a folder here nor a hub id"),
        ("owner/../name", "neither a folder here nor a hub id"),
        ("owner/na me\x1b[31m", "neither a folder here nor a hub id"),
    ],
)
def test_what_is_no_source_is_said(given: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointRefused, match=said) as refused:
        install(given, tmp_path / "models")
    assert str(refused.value).isprintable()


def test_a_single_file_is_not_a_model(source: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointRefused, match="is one file of weights"):
        install(str(source / "unet/diffusion_pytorch_model.safetensors"), tmp_path / "models")


def test_a_link_to_a_model_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(source)
    with pytest.raises(CheckpointRefused, match="is not a folder of its own"):
        install(str(tmp_path / "link"), tmp_path / "models")


def test_a_name_without_letters_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointRefused, match="no name for a model"):
        install(str(source), tmp_path / "models", name="../..")
    assert installed_files(tmp_path / "models") == []


def test_a_disk_too_small_is_said_before_anything_is_copied(source: Path, tmp_path: Path) -> None:
    """A sparse file of sixteen terabytes, honest in its header."""
    header = safetensors({"weight": ("U8", [1 << 43], 0)})
    header = header.replace(b'"data_offsets": [0, 0]', b'"data_offsets": [0, %d]' % (1 << 43))
    header = (len(header) - 8).to_bytes(8, "little") + header[8:]
    file = put(source, "unet/diffusion_pytorch_model.safetensors", header)
    with file.open("r+b") as opened:
        opened.truncate(len(header) + (1 << 43))
    started = time.monotonic()

    with pytest.raises(CheckpointRefused, match=r"needs 8,796\.\d GB of disk and [\d.,]+ GB are free"):
        install(str(source), tmp_path / "models")
    assert time.monotonic() - started < PATIENCE  # Copying them takes hours.
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_that_fills_up_on_the_way_is_said_and_leaves_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(models)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    monkeypatch.setattr(installation, "SPARE_BYTES", -1_000_000)  # the room goes after it was looked at
    try:
        with pytest.raises(CheckpointRefused, match="no room left on its disk"):
            install(str(source), models)
        assert list(models.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(models)], check=True)


def killed_before_its_lock_is_written(source: Path, models: Path) -> None:
    child = os.fork()
    if child == 0:
        Lock.write = lambda *_: os._exit(9)
        install(str(source), models)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9


def test_what_a_killed_installation_left_goes_with_the_next(source: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    killed_before_its_lock_is_written(source, models)
    assert [path.name.startswith(installation.INCOMING) for path in models.iterdir()] == [True]

    made = install(str(source), models)
    assert list(models.iterdir()) == [made.checkpoint.folder.parent]


def test_an_installation_under_way_is_left_alone(source: Path, tmp_path: Path) -> None:
    with installation._workplace(tmp_path / "models") as workplace:
        install(str(source), tmp_path / "models")
        assert workplace.is_dir()
