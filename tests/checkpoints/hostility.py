"""What is done to an honest checkpoint to make it hostile, and the proof that it is then refused."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.checkpoints import CheckpointRefused, install
from tests.checkpoints.trees import edit, honest, put

UNET = "unet/diffusion_pytorch_model.safetensors"
Spoil = Callable[[Path, Path], object]  # (the checkpoint's folder, the canary that must not appear)
Case = tuple[Spoil, str, str]  # what is done, the file that is named, words of the reason


def assert_refused(case: Case, tmp_path: Path) -> None:
    """The file is named, the reason given, nothing is left behind and no pickle was opened."""
    spoil, file, reason = case
    source, models, canary = honest(tmp_path / "tree"), tmp_path / "models", tmp_path / "canary"
    spoil(source, canary)

    with pytest.raises(CheckpointRefused) as refused:
        install(str(source), models)

    assert refused.value.path == file
    assert reason in refused.value.reason
    assert str(refused.value).isprintable()
    assert list(models.iterdir()) == []
    assert not canary.exists()


class Bomb:
    """Makes the canary when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.canary),)


def bomb(canary: Path, protocol: int = 4) -> bytes:
    return pickle.dumps(Bomb(canary), protocol)


def pickle_at(path: str, protocol: int = 4) -> Spoil:
    return lambda folder, canary: put(folder, path, bomb(canary, protocol))


def file_at(path: str, content: bytes | str | dict | list) -> Spoil:
    return lambda folder, canary: put(folder, path, content)


def removed(path: str) -> Spoil:
    return lambda folder, canary: (folder / path).unlink()


def setting(path: str, **changes: object) -> Spoil:
    return lambda folder, canary: edit(folder, path, **changes)
