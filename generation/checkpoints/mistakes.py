"""What people take for a model's folder, told apart by names and first bytes, each with what to do instead.

Comes before everything else, so that the answer is there at once: no file is read beyond its header, and
neither diffusers nor torch is imported.
"""

import json
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from generation.files.inside import opened_inside
from generation.files.refusal import CheckpointRefused, printable

from . import pickles, single_files, tensor_files
from .selection import DOCUMENTS, SHARD_LIST, WEIGHTS
from .tree import File, files_in

INDEX = "model_index.json"
POINTER = b"version https://git-lfs.github.com/spec/"
UNFINISHED = (
    ".incomplete",
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".aria2",
    ".opdownload",
    ".tmp",
    ".!ut",
)
SAFETENSORS = (
    "get the model in safetensors form, as a folder that diffusers saves, or by its hub id (owner/name)"
)
AGAIN = "download it again"
FOREIGN = {
    ".gguf": "holds weights for llama.cpp and its like (GGUF)",
    ".onnx": "is an ONNX model",
    ".onnx_data": "is an ONNX model",
    ".engine": "is built for one graphics card (TensorRT)",
    ".plan": "is built for one graphics card (TensorRT)",
    ".mlmodel": "is made for Apple's Core ML",
    ".msgpack": "holds weights for Flax",
    ".h5": "holds weights for TensorFlow",
    ".tflite": "holds weights for TensorFlow",
    ".zip": "is packed",
    ".gz": "is packed",
    ".tar": "is packed",
    ".7z": "is packed",
    ".rar": "is packed",
}
OTHER_RUNTIMES = {"Onnx": "ONNX", "ORT": "ONNX", "Flax": "Flax", "OV": "OpenVINO"}


def refuse_mistakes(source: Path) -> None:
    """Raises CheckpointRefused for a file or folder that is no pipeline in safetensors form, or only a part
    of one.
    """
    source = source.absolute()
    if source.is_file():
        _refuse_file(source)
    _refuse_cache(source)
    files = files_in(source)
    for file in files:
        _refuse_unfinished(source, file, files)
    if not any(file.path == INDEX for file in files):
        raise CheckpointRefused(source.name, _in_place_of_an_index(source, files))
    index = _index(source)
    _refuse_other_runtime(index)
    for file in files:
        _refuse_broken_weights(source, file)
    _refuse_missing_weights(source, index, files)


def _refuse_file(source: Path) -> None:
    file = File(source.name, source.stat().st_size)
    _refuse_unfinished(source.parent, file, ())
    if source.name == INDEX:
        raise CheckpointRefused(source.name, "is one file of a model: give the folder that it lies in")
    if source.suffix.lower() == ".safetensors":
        with source.open("rb") as opened:
            raise CheckpointRefused(
                source.name, single_files.described(tensor_files.read_header(source.name, opened))
            )
    raise CheckpointRefused(
        source.name, foreign_kind(source.name) or "is a file, and a model is a folder as diffusers saves it"
    )


def foreign_kind(name: str) -> str:
    """What a file is that is no safetensors, with what to do; empty where its name does not say."""
    ending = Path(name).suffix.lower()
    if kind := pickles.kind_by_name(name):
        return f"is {kind} by its name, and Handbill opens nothing that can run code: {SAFETENSORS}"
    if ending not in FOREIGN:
        return ""
    if FOREIGN[ending] == "is packed":
        return "is packed: unpack it, and give the folder"
    return f"{FOREIGN[ending]}, which is not read here: {SAFETENSORS}"


def _refuse_cache(source: Path) -> None:
    """The hub client's cache holds links to its blobs, and the wall follows no link."""
    repository = source.parents[1] if source.parent.name == "snapshots" else source
    if not any(path.is_symlink() for path in (repository / "snapshots").rglob("*")):
        return
    kind, _, name = repository.name.partition("--")
    by_name = (
        f"Install {printable(name.replace('--', '/'))} by that name, or copy" if kind == "models" else "Copy"
    )
    raise CheckpointRefused(
        source.name,
        f"is the hub client's cache, whose files are links. {by_name} them with `cp -rL SNAPSHOT FOLDER` "
        "(SNAPSHOT is the folder inside snapshots) and give FOLDER",
    )


def _refuse_unfinished(folder: Path, file: File, files: Sequence[File]) -> None:
    whole, dot, ending = file.path.rpartition(".")
    if f"{dot}{ending}".lower() in UNFINISHED and not any(other.path == whole for other in files):
        raise CheckpointRefused(file.path, f"is a download that was broken off: {AGAIN}, then delete this")
    if file.bytes < 1024 and file.name.endswith((".safetensors", *DOCUMENTS)):
        with opened_inside(folder, file.path) as opened:
            if opened.read(len(POINTER)) == POINTER:
                raise CheckpointRefused(
                    file.path,
                    "is only a pointer that git-lfs left in its place: run `git lfs pull` in the folder, "
                    "then install it again",
                )


def _in_place_of_an_index(source: Path, files: Sequence[File]) -> str:
    """What a folder without model_index.json is, and what to do."""
    inner = [file.folder for file in files if file.name == INDEX]
    if len(inner) == 1:
        return f"has no {INDEX}, but its folder {printable(inner[0])} has: install that one"
    if inner:
        return (
            f"holds {len(inner)} models: install one of its folders at a time, such as {printable(inner[0])}"
        )
    if (source.parent / INDEX).is_file():
        return f"is one part of a model: install the folder above it, {printable(source.parent.name)}"
    single = next((file for file in files if file.name.endswith(".safetensors")), None)
    if single and not single.folder:
        with opened_inside(source, single.path) as opened:
            header = tensor_files.read_header(single.path, opened)
        return f"has no {INDEX}. Its file {printable(single.name)} {single_files.described(header)}"
    return without_index(files)


def without_index(files: Sequence[File]) -> str:
    """The same by names alone, as of a repository on a hub."""
    lacks = f"has no {INDEX}: it is not a pipeline folder as diffusers saves them"
    if not files:
        return f"{lacks}. There are no files in it"
    names = [file.name for file in files]
    if any("lora" in name.lower() and name.endswith(".safetensors") for name in names):
        return f"{lacks}. {single_files.LORA}"
    if any(file.path == "config.json" for file in files):
        return f"{lacks}. It is one network by itself: a part of a model, or a language model"
    if any(not file.folder and file.name.endswith(".safetensors") for file in files):
        return f"{lacks}. {single_files.ONE_FILE}"
    if any(file.folder and file.name == "config.json" for file in files):
        return f"{lacks}, or that file is missing: {AGAIN}, whole"
    foreign = next((name for name in names if foreign_kind(name)), None)
    return f"{lacks}. Its file {printable(foreign)} {foreign_kind(foreign)}" if foreign else lacks


def _index(source: Path) -> dict[str, Any]:
    """What model_index.json says, as far as it can be read: the examination comes later and says the rest."""
    with opened_inside(source, INDEX) as opened:
        head = opened.read(1 << 20)
    if head.lstrip()[:1] == b"<":
        raise CheckpointRefused(
            INDEX, f"is a web page, such as a hub answers with when it refuses: {AGAIN}, signed in"
        )
    try:
        index = json.loads(head)
    except (ValueError, RecursionError):
        return {}
    return index if isinstance(index, dict) else {}


def _refuse_other_runtime(index: dict[str, Any]) -> None:
    name = str(index.get("_class_name"))
    for start, runtime in OTHER_RUNTIMES.items():
        if name.startswith(start):
            raise CheckpointRefused(
                INDEX, f"describes a model for {runtime}, which is not read here: {SAFETENSORS}"
            )


def _refuse_broken_weights(source: Path, file: File) -> None:
    if file.folder and WEIGHTS.fullmatch(file.name):
        with opened_inside(source, file.path) as opened:
            tensor_files.read_header(file.path, opened)


def _refuse_missing_weights(source: Path, index: dict[str, Any], files: Sequence[File]) -> None:
    """A network that the index names has weights, and every shard that is on its list."""
    for folder in filter(partial(_is_network, index), index):
        beside = [file for file in files if file.folder == folder]
        if beside and not any(file.name.endswith(".safetensors") for file in beside):
            foreign = next((foreign_kind(file.name) for file in beside if foreign_kind(file.name)), "")
            told = f". What is there {foreign}" if foreign else f": {AGAIN}, whole"
            raise CheckpointRefused(folder, f"has no weights in safetensors form{told}")
        for file in beside:
            if SHARD_LIST.fullmatch(file.name):
                with opened_inside(source, file.path) as opened:
                    _refuse_missing_shards(file, opened, {other.name for other in beside})


def _is_network(index: dict[str, Any], folder: str) -> bool:
    """By its class's name: the others have no weights."""
    match index[folder]:
        case [str(), str(name)]:
            return not re.search("Tokenizer|Scheduler|Processor|FeatureExtractor", name)
    return False


def _refuse_missing_shards(index: File, opened: BinaryIO, present: set[str]) -> None:
    try:
        named = set(json.loads(opened.read(64 << 20))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return  # for the examination to say
    # Of a list of which nothing is there, another variant may have been fetched in its place.
    begun = named & present or not any(name.endswith(".safetensors") for name in present)
    missing = sorted(str(name) for name in named - present)
    if begun and missing and all(WEIGHTS.fullmatch(name) for name in missing):
        raise CheckpointRefused(
            index.path, f"names {printable(missing[0], 60)!r}, which is not there: {AGAIN}, whole"
        )
