"""A model from a hub: one commit, only what is needed, and each way of not getting it told apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from generation.checkpoints import CheckpointRefused, install
from tests.checkpoints.hostility import bomb
from tests.checkpoints.small_hub import COMMIT, REPOSITORY, SmallHub
from tests.checkpoints.trees import honest, put, safetensors

UNET = "unet/diffusion_pytorch_model.safetensors"


def ask(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What HF_ENDPOINT would do, had it been set before huggingface_hub was imported."""
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    served = SmallHub(honest(tmp_path / "served"))
    ask(served.address, monkeypatch)
    yield served
    served.shutdown()
    served.server_close()


def refusal(source: str, tmp_path: Path, **options: Any) -> CheckpointRefused:
    models = tmp_path / "models"
    with pytest.raises(CheckpointRefused) as refused:
        install(source, models, **options)
    assert list(models.iterdir()) == []
    assert str(refused.value).isprintable()
    return refused.value


def test_a_model_is_fetched_at_one_commit(hub: SmallHub, tmp_path: Path) -> None:
    made = install(REPOSITORY, tmp_path / "models")

    assert (made.name, made.lock.source, made.lock.revision) == ("name", REPOSITORY, COMMIT)
    assert (made.checkpoint.folder / UNET).read_bytes() == safetensors()
    assert not (made.checkpoint.folder / ".cache").exists()
    fetched = [path for path in hub.asked if "/resolve/" in path]
    assert fetched
    assert all(f"/resolve/{COMMIT}/" in path for path in fetched)


def test_what_is_fetched_is_what_the_same_folder_would_give(hub: SmallHub, tmp_path: Path) -> None:
    from_hub = install(REPOSITORY, tmp_path / "models")
    from_folder = install(str(hub.folder), tmp_path / "others")

    assert from_hub.lock.hash == from_folder.lock.hash


@pytest.mark.slow
def test_code_and_pickles_beside_the_weights_are_never_asked_for(hub: SmallHub, tmp_path: Path) -> None:
    """Most repositories still carry them; a folder with them is refused, since there somebody copied them."""
    for path in ("unet/diffusion_pytorch_model.bin", "pipeline.py", "unet/modeling.py", "v1-5.ckpt"):
        put(hub.folder, path, bomb(tmp_path / "canary"))
    made = install(REPOSITORY, tmp_path / "models")

    assert not [path for path in hub.asked if path.endswith((".bin", ".py", ".ckpt", ".png"))]
    assert UNET in made.lock.files


@pytest.mark.slow
def test_half_precision_is_fetched_where_there_are_both(hub: SmallHub, tmp_path: Path) -> None:
    put(hub.folder, "unet/diffusion_pytorch_model.fp16.safetensors", safetensors({"weight": ("F16", [4], 8)}))
    made = install(REPOSITORY, tmp_path / "models")

    assert made.lock.variant == "fp16"
    assert not [path for path in hub.asked if path.endswith(UNET)]


def test_names_that_look_like_patterns_are_taken_literally(hub: SmallHub, tmp_path: Path) -> None:
    put(hub.folder, "tokenizer/[a]*.json", "{}")
    put(hub.folder, "tokenizer/a.py", "x")

    assert "tokenizer/[a]*.json" in install(REPOSITORY, tmp_path / "models").lock.files


def test_only_pickles_are_no_model(hub: SmallHub, tmp_path: Path) -> None:
    (hub.folder / UNET).rename(hub.folder / "unet/diffusion_pytorch_model.bin")
    assert "no weights in safetensors form" in refusal(REPOSITORY, tmp_path).reason


@pytest.mark.slow
def test_a_configuration_that_asks_for_code_is_refused_here_too(hub: SmallHub, tmp_path: Path) -> None:
    put(hub.folder, "unet/config.json", {"auto_map": {"AutoModel": "modeling.Net"}})
    refused = refusal(REPOSITORY, tmp_path)
    assert (refused.path, "auto_map" in refused.reason) == ("unet/config.json", True)


def test_an_index_with_unknown_classes_is_refused_before_the_weights_are_fetched(
    hub: SmallHub, tmp_path: Path
) -> None:
    put(hub.folder, "model_index.json", {"_class_name": "Evil"})
    refusal(REPOSITORY, tmp_path)
    assert not [path for path in hub.asked if path.endswith(".safetensors")]


def test_weights_that_arrive_other_than_listed_are_refused(hub: SmallHub, tmp_path: Path) -> None:
    hub.swapped[UNET] = safetensors(fill=b"\2")
    refused = refusal(REPOSITORY, tmp_path)
    assert (refused.path, refused.reason) == (UNET, "arrived other than the hub says it is")


@pytest.mark.parametrize("path", ["../evil.json", "/etc/evil.json", "unet/../../evil.json"])
def test_a_list_with_paths_out_of_the_folder_is_refused(path: str, hub: SmallHub, tmp_path: Path) -> None:
    hub.listed = [path]
    assert "out of the folder" in refusal(REPOSITORY, tmp_path).reason


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (404, "RepoNotFound", "check the name"),
        (401, "RepoNotFound", "set HF_TOKEN if it is private"),
        (401, "", "set HF_TOKEN"),
        (403, "GatedRepo", "accepted its terms"),
        (500, "", "answered 500"),
        (418, "", "answered 418"),
    ],
)
def test_a_hub_that_refuses_is_quoted(
    status: int, code: str, said: str, hub: SmallHub, tmp_path: Path
) -> None:
    hub.refusal = (status, code)
    assert said in refusal(REPOSITORY, tmp_path).reason


def test_a_revision_that_is_not_there_is_said(hub: SmallHub, tmp_path: Path) -> None:
    hub.refusal = (404, "RevisionNotFound")
    assert "no such revision" in refusal(REPOSITORY, tmp_path, revision="v9").reason


def test_no_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("http://127.0.0.1:9", monkeypatch)  # nobody listens there
    refused = refusal(REPOSITORY, tmp_path)
    assert "cannot be reached from this machine" in str(refused)
    assert "\n" not in str(refused)


def test_being_told_to_stay_offline_is_said(
    hub: SmallHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE forbids" in refusal(REPOSITORY, tmp_path).reason
    assert hub.asked == []
