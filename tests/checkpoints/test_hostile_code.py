"""Pickles and programs under their own names and others: refused, and never opened.

The pickles are real: whoever opens one makes the canary appear.
"""

import gzip
import io
import pickle
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.checkpoints.hostility import (
    UNET,
    Case,
    assert_refused,
    bomb,
    file_at,
    pickle_at,
)
from tests.checkpoints.trees import put


def zipped(canary: Path) -> bytes:
    """The form of torch.save: a zip with data.pkl inside."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", bomb(canary))
    return stream.getvalue()


def tarred(canary: Path) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("pickle")
        entry.size = len(bomb(canary))
        archive.addfile(entry, io.BytesIO(bomb(canary)))
    return stream.getvalue()


CASES: dict[str, Case] = {
    "torch pickle by name": (
        pickle_at("unet/diffusion_pytorch_model.bin"),
        "unet/diffusion_pytorch_model.bin",
        "pickle",
    ),
    "pt": (pickle_at("embeddings.pt"), "embeddings.pt", "pickle"),
    "pth": (pickle_at("vae/vae.pth"), "vae/vae.pth", "pickle"),
    "ckpt": (pickle_at("v1-5.ckpt"), "v1-5.ckpt", "pickle"),
    "pkl": (pickle_at("tokenizer/cache.pkl"), "tokenizer/cache.pkl", "pickle"),
    "joblib": (pickle_at("scheduler/s.joblib"), "scheduler/s.joblib", "pickle"),
    "numpy": (file_at("stats.npy", b"\x93NUMPY"), "stats.npy", "pickle"),
    "upper case name": (pickle_at("unet/MODEL.PT"), "unet/MODEL.PT", "pickle"),
    "name with a dot at its end": (pickle_at("unet/model.bin."), "unet/model.bin.", "pickle"),
    "hidden file": (pickle_at(".cache.pkl"), ".cache.pkl", "pickle"),
    "deep in a folder nobody loads": (pickle_at("a/b/c/d.bin"), "a/b/c/d.bin", "pickle"),
    "pickle called safetensors": (pickle_at(UNET), UNET, "is a pickle"),
    "pickle called json": (pickle_at("unet/config.json"), "unet/config.json", "is a pickle"),
    "pickle called txt": (pickle_at("tokenizer/merges.txt", 2), "tokenizer/merges.txt", "is a pickle"),
    "pickle called model": (pickle_at("tokenizer/spiece.model", 5), "tokenizer/spiece.model", "is a pickle"),
    "pickle called png": (pickle_at("sample.png", 3), "sample.png", "is a pickle"),
    "pickle called md": (pickle_at("README.md"), "README.md", "is a pickle"),
    "pickle without an ending": (pickle_at("unet/weights"), "unet/weights", "is a pickle"),
    "protocol 0 called txt": (pickle_at("tokenizer/merges.txt", 0), "tokenizer/merges.txt", "is a pickle"),
    "protocol 1 called txt": (pickle_at("tokenizer/added.txt", 1), "tokenizer/added.txt", "is a pickle"),
    "torch zip called safetensors": (lambda f, c: put(f, UNET, zipped(c)), UNET, "zip"),
    "torch zip called json": (lambda f, c: put(f, "vae/config.json", zipped(c)), "vae/config.json", "zip"),
    "zip behind other bytes": (
        lambda f, c: put(f, "sample.png", b"\x89PNG" + zipped(c)),
        "sample.png",
        "zip",
    ),
    "old torch tar called txt": (lambda f, c: put(f, "notes.txt", tarred(c)), "notes.txt", "tar"),
    "gzipped pickle called txt": (
        lambda f, c: put(f, "tokenizer/merges.txt", gzip.compress(bomb(c))),
        "tokenizer/merges.txt",
        "not a text file",
    ),
    "python file": (file_at("unet/modeling.py", "import os"), "unet/modeling.py", "program code"),
    "compiled python": (file_at("pipeline.pyc", b"\xcb\r\r\n"), "pipeline.pyc", "program code"),
    "notebook": (file_at("demo.ipynb", "{}"), "demo.ipynb", "program code"),
    "shared library": (file_at("vae/fast.so", b"\x7fELF"), "vae/fast.so", "program code"),
    "program called txt": (file_at("notes.txt", b"\x7fELF\2\1\1"), "notes.txt", "program"),
    "script called txt": (file_at("notes.txt", "#!/bin/sh\n"), "notes.txt", "program"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_reason_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    assert_refused(CASES[name], tmp_path)


def test_the_canary_sings_when_a_pickle_is_opened(tmp_path: Path) -> None:
    """The cases above prove something only if their pickles work."""
    for protocol in range(6):
        pickle.loads(bomb(tmp_path / f"canary{protocol}", protocol))  # noqa: S301 - this is the point

    assert len(list(tmp_path.iterdir())) == 6
