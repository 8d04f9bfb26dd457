"""Folders that are not what they seem: links, pipes, names made to deceive, missing parts."""

import os
import socket
from pathlib import Path

import pytest

from tests.checkpoints.hostility import Case, Spoil, assert_refused, bomb, file_at, removed
from tests.checkpoints.trees import put


def link(path: str, target: str) -> Spoil:
    def spoil(folder: Path, canary: Path) -> None:
        (folder / path).unlink(missing_ok=True)
        (folder / path).symlink_to(target)

    return spoil


def linked_folder(folder: Path, canary: Path) -> None:
    (folder / "unet").rename(folder.parent / "elsewhere")
    (folder / "unet").symlink_to(folder.parent / "elsewhere")


def listening(folder: Path, canary: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)  # a socket's path may be 108 characters long
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket")
    finally:
        os.chdir(here)


def with_code_hidden_in_the_name(folder: Path, canary: Path) -> None:
    put(folder, "unet/pytorch_model.bin\n.txt", bomb(canary))


CASES: dict[str, Case] = {
    "name with a line break": (
        with_code_hidden_in_the_name,
        "unet/pytorch_model.bin?.txt",
        "control characters",
    ),
    "no index": (removed("model_index.json"), "tree", "model_index.json"),
    "link to a file outside": (
        link("tokenizer/merges.txt", "/etc/passwd"),
        "tokenizer/merges.txt",
        "symbolic link",
    ),
    "link to a file inside": (link("vae/b.json", "config.json"), "vae/b.json", "symbolic link"),
    "link for a folder": (linked_folder, "unet", "symbolic link"),
    "pipe": (lambda f, c: os.mkfifo(f / "unet/pipe.json"), "unet/pipe.json", "pipe"),
    "socket": (listening, "socket", "socket"),
    "deep tree": (file_at("a/b/c/d/e/f/g/h.txt", "x"), "a/b/c/d/e/f", "deep"),
    "backslash in a name": (file_at("..\\..\\evil.txt", "x"), "..\\..\\evil.txt", "backslash"),
    "no configuration": (removed("unet/config.json"), "unet/config.json", "missing"),
    "no folder": (
        lambda f, c: [p.unlink() for p in (f / "tokenizer").iterdir()],
        "tokenizer",
        "no such folder",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_reason_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    assert_refused(CASES[name], tmp_path)
