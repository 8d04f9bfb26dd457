"""Safetensors headers that lie, and lists of shards that lead elsewhere."""

import json
from pathlib import Path

import pytest

from tests.checkpoints.hostility import UNET, Case, Spoil, assert_refused, file_at, removed
from tests.checkpoints.trees import put, safetensors, with_header

SHARD = "diffusion_pytorch_model-00001-of-00002.safetensors"


def weights(header: bytes | dict, data: bytes = bytes(32)) -> Spoil:
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return file_at(UNET, with_header(header, data))


def entry(dtype: object = "F32", shape: object = (8,), offsets: object = (0, 32)) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def sharded(weight_map: object) -> Spoil:
    def spoil(folder: Path, canary: Path) -> None:
        (folder / UNET).unlink()
        put(folder, "outside.safetensors", safetensors())
        put(folder, "unet/diffusion_pytorch_model-00001-of-00002.safetensors", safetensors())
        put(folder, f"{UNET}.index.json", {"weight_map": weight_map})

    return spoil


CASES: dict[str, Case] = {
    "shards outside the folder": (
        sharded({"weight": "../outside.safetensors"}),
        f"{UNET}.index.json",
        "beside it",
    ),
    "shards at an absolute path": (sharded({"weight": "/etc/passwd"}), f"{UNET}.index.json", "beside it"),
    "shards that are absent": (
        sharded({"weight": SHARD, "x": SHARD.replace("00001", "00002")}),
        f"{UNET}.index.json",
        "not there",
    ),
    "shards that hold something else": (
        sharded({"weight": SHARD, "x": SHARD}),
        f"{UNET}.index.json",
        "does not hold",
    ),
    "shard list of nothing": (sharded({}), f"{UNET}.index.json", "no shards"),
    "shards on no list": (
        lambda f, c: [put(f, f"unet/{SHARD}", safetensors()), (f / UNET).unlink()],
        "unet",
        "list of them",
    ),
    "header longer than the file": (file_at(UNET, b"\xff" * 7 + b"\x7f" + b"{}"), UNET, "more than the file"),
    "header too long": (
        file_at(UNET, (33 << 20).to_bytes(8, "little") + bytes(33 << 20)),
        UNET,
        "no model needs",
    ),
    "file of four bytes": (file_at(UNET, b"\2\0\0\0"), UNET, "too short"),
    "header not JSON": (weights(b"{]"), UNET, "not JSON"),
    "header nested without end": (weights(b'{"a":' * 100_000), UNET, "not JSON"),
    "header that is a list": (weights(b"[]"), UNET, "not a JSON object"),
    "header of no tensors": (weights({}), UNET, "no tensors"),
    "tensor named twice": (
        weights(b'{"a":%s,"a":%s}' % ((json.dumps(entry()).encode(),) * 2)),
        UNET,
        "same tensor twice",
    ),
    "tensors that overlap": (
        weights({"a": entry(), "b": entry(shape=[4], offsets=[16, 32])}),
        UNET,
        "over another",
    ),
    "hole between tensors": (weights({"a": entry(shape=[2], offsets=[24, 32])}), UNET, "hole"),
    "tensor beyond the file": (weights({"a": entry(shape=[80], offsets=[0, 320])}), UNET, "cut short"),
    "bytes after the tensors": (weights({"a": entry()}, bytes(64)), UNET, "should hold"),
    "shape that does not fit": (weights({"a": entry(shape=[9])}), UNET, "does not fit"),
    "shape that overflows": (weights({"a": entry(shape=[1 << 62] * 4)}), UNET, "impossible size"),
    "negative place": (weights({"a": entry(offsets=[-32, 0])}), UNET, "whole numbers"),
    "shape of text": (weights({"a": entry(shape=["8"])}), UNET, "whole numbers"),
    "unknown type": (weights({"a": entry(dtype="OBJECT")}), UNET, "unknown type"),
    "extra field": (weights({"a": {**entry(), "code": "x"}}), UNET, "unknown way"),
    "metadata that is not text": (weights({"__metadata__": {"a": 1}, "a": entry()}), UNET, "metadata"),
    "no weights": (removed(UNET), "unet", "no weights"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_reason_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    assert_refused(CASES[name], tmp_path)
