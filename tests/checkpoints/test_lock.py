"""What was installed is what is loaded: any other file, more or less of it, is refused by name."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.checkpoints import CheckpointRefused, Installed, install, same_files, verify
from generation.checkpoints.lock import LOCK
from tests.checkpoints.trees import honest, put, safetensors

UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def made(tmp_path: Path) -> Installed:
    return install(str(honest(tmp_path / "tree")), tmp_path / "models")


def rewrite(file: Path, content: bytes) -> None:
    """As somebody would who may write: past the read-only mode, in place, with the old times restored."""
    info = file.stat()
    file.chmod(0o600)
    file.write_bytes(content)
    os.utime(file, ns=(info.st_atime_ns, info.st_mtime_ns))
    file.chmod(0o400)


def replaced_by_a_link(folder: Path) -> None:
    (folder / UNET).rename(folder.parent / "weights")
    (folder / UNET).symlink_to(folder.parent / "weights")


def locked_anew(folder: Path) -> None:
    """Somebody changes a file and makes the lock fit."""
    content = safetensors(fill=b"\2")
    rewrite(folder / UNET, content)
    document = json.loads((folder / LOCK).read_text())
    document["files"][UNET]["sha256"] = hashlib.sha256(content).hexdigest()
    rewrite(folder / LOCK, json.dumps(document).encode())


CHANGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "other weights of the same length": (
        lambda folder: rewrite(folder / UNET, safetensors(fill=b"\2")),
        UNET,
        "content has changed",
    ),
    "weights with more bytes": (
        lambda folder: rewrite(folder / UNET, safetensors() + b"x"),
        UNET,
        "length has changed",
    ),
    "one more file": (lambda folder: put(folder, "unet/modeling.py", "x"), "unet/modeling.py", "added"),
    "one more file, hidden": (lambda folder: put(folder, ".cache/x.json", "{}"), ".cache/x.json", "added"),
    "a file less": (lambda folder: (folder / UNET).unlink(), UNET, "missing"),
    "a link": (replaced_by_a_link, UNET, "symbolic link"),
    "no lock": (lambda folder: (folder / LOCK).unlink(), LOCK, "cannot be read"),
    "a lock that fits the change": (locked_anew, LOCK, "not the one"),
    "a lock that is not one": (lambda folder: rewrite(folder / LOCK, b'{"files": []}'), LOCK, "not a lock"),
    "a lock that is nonsense": (lambda folder: rewrite(folder / LOCK, b"\x80"), LOCK, "not a lock"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_model_is_refused(name: str, made: Installed) -> None:
    change, file, reason = CHANGES[name]
    folder = made.checkpoint.folder
    verify(folder, made.lock.hash)
    change(folder)

    with pytest.raises(CheckpointRefused) as refused:
        verify(folder, made.lock.hash)
    assert refused.value.path == file
    assert reason in refused.value.reason


def test_a_lock_that_leads_outside_opens_nothing_there(made: Installed) -> None:
    folder = made.checkpoint.folder
    document = json.loads((folder / LOCK).read_text())
    document["files"] = {"../../../tree/README.md": {"sha256": "0" * 64, "bytes": 1}}
    rewrite(folder / LOCK, json.dumps(document).encode())

    from generation.checkpoints.lock import read

    with pytest.raises(CheckpointRefused, match="missing"):
        verify(folder, read(folder).hash)


def test_a_model_that_is_another_is_refused(made: Installed) -> None:
    with pytest.raises(CheckpointRefused, match="not the one"):
        verify(made.checkpoint.folder, "0" * 64)


@pytest.mark.parametrize("swap", ["another file in its place", "written in place", "there and back again"])
def test_a_file_changed_between_check_and_load_is_noticed(swap: str, made: Installed) -> None:
    file = made.checkpoint.folder / UNET
    verified = verify(made.checkpoint.folder, made.lock.hash)
    verified.check_unchanged()
    honest_bytes = file.read_bytes()
    if swap == "another file in its place":
        file.with_suffix(".new").write_bytes(safetensors(fill=b"\2"))
        file.with_suffix(".new").rename(file)
    else:
        rewrite(file, safetensors(fill=b"\2"))
    if swap == "there and back again":
        rewrite(file, honest_bytes)

    with pytest.raises(CheckpointRefused, match="while the model was being loaded"):
        verified.check_unchanged()


def test_the_lock_says_what_was_installed_and_whence(made: Installed, tmp_path: Path) -> None:
    document = json.loads((made.checkpoint.folder / LOCK).read_text())

    assert document["pipeline_class"] == "StableDiffusionPipeline"
    assert document["source"] == str(tmp_path / "tree")
    assert document["created_at"].endswith("+00:00")
    content = (made.checkpoint.folder / UNET).read_bytes()
    assert document["files"][UNET] == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_the_same_files_have_the_same_hash_wherever_they_come_from(made: Installed, tmp_path: Path) -> None:
    other = install(str(honest(tmp_path / "other")), tmp_path / "elsewhere")

    assert other.lock.hash == made.lock.hash
    assert other.lock.source != made.lock.source


def test_only_its_owner_may_read_a_model_and_nobody_write(made: Installed) -> None:
    for path in made.checkpoint.folder.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o400)
    assert made.checkpoint.folder.stat().st_mode & 0o777 == 0o700


def test_the_same_files_are_known_again(made: Installed, tmp_path: Path) -> None:
    folder = made.checkpoint.folder
    source = tmp_path / "tree"
    assert not same_files(source, folder)  # the sample picture is not kept
    (source / "sample.png").unlink()
    assert same_files(source, folder)
    put(source, UNET, safetensors(fill=b"\2"))
    assert not same_files(source, folder)
