"""The whole examination of a folder: is it a checkpoint that is safe to load, and what is in it?"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generation.files.inside import opened_inside
from generation.files.refusal import CheckpointRefused

from . import documents, mistakes, pickles, pipelines, tensor_files
from .selection import SHARD_LIST, Selection, select
from .tensor_files import Tensor
from .tree import File, files_in

# transformers would follow these to a base model somewhere else.
WITHOUT = "delete it where safetensors lie beside it, else get the model in safetensors form"
REDIRECTIONS = {"adapter_config.json", "modular_model_index.json", "modular_config.json"}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that passed.

    `tensors`: weights file -> its tensors by name. `documents`: path of a JSON file -> its content.
    """

    folder: Path
    pipeline_class: str
    components: dict[str, type]
    selection: Selection
    tensors: dict[str, dict[str, Tensor]]
    documents: dict[str, object]


def inspect(folder: Path) -> Checkpoint:
    """Examine every file in `folder`. Raises CheckpointRefused with the first file that may not be loaded,
    and why.

    Reads names, heads and configurations, not the tensors: quick at any size.
    """
    files = files_in(folder)
    for file in files:
        _refuse_code(folder, file)
    if not any(file.path == pipelines.INDEX for file in files):
        raise CheckpointRefused(folder.name, mistakes.without_index(files))
    with opened_inside(folder, pipelines.INDEX) as opened:
        index = documents.read_json(pipelines.INDEX, opened)
    pipeline_class, components = pipelines.check_index(index)
    selection = select(files, components)
    checkpoint = Checkpoint(folder, pipeline_class, components, selection, {}, {})
    for file in selection.files:
        _prove(checkpoint, file)
    _check_shards(checkpoint)
    return checkpoint


def _refuse_code(folder: Path, file: File) -> None:
    if kind := pickles.kind_by_name(file.name):
        raise CheckpointRefused(
            file.path, f"is {kind} by its name, and Handbill opens nothing that can run code: {WITHOUT}"
        )
    if file.name in REDIRECTIONS:
        raise CheckpointRefused(
            file.path, "points the loader to other files and is not part of a plain pipeline"
        )
    if file.name.endswith(".safetensors"):
        return  # those that are kept are proved by their header; its first bytes may look like anything
    with opened_inside(folder, file.path) as opened:
        if kind := pickles.kind_by_content(opened):
            raise CheckpointRefused(
                file.path, f"is {kind}, whatever its name says, and Handbill opens nothing that can run code"
            )


def _prove(checkpoint: Checkpoint, file: File) -> None:
    """Prove that a file that is kept is of the kind that its name says."""
    with opened_inside(checkpoint.folder, file.path) as opened:
        if file.name.endswith(".safetensors"):
            checkpoint.tensors[file.path] = tensor_files.read_header(file.path, opened)
        elif file.name.endswith(".json"):
            checkpoint.documents[file.path] = documents.read_json(file.path, opened)
        elif file.name.endswith(".model"):
            documents.check_sentencepiece(file.path, opened)
        else:
            documents.check_text(file.path, opened)


def _check_shards(checkpoint: Checkpoint) -> None:
    """Every shard that is kept is on a list, every list is true, and a folder without a list has one weights
    file.
    """
    for folder in checkpoint.components:
        headers = {
            path.rpartition("/")[2]: checkpoint.tensors[path] for path in _within(folder, checkpoint.tensors)
        }
        lists = [
            path
            for path in _within(folder, checkpoint.documents)
            if SHARD_LIST.fullmatch(path.rpartition("/")[2])
        ]
        listed = set()
        for path in lists:
            listed |= tensor_files.check_shards(path, checkpoint.documents[path], headers)
        if unlisted := (sorted(set(headers) - listed) if lists else sorted(headers)[1:]):
            raise CheckpointRefused(f"{folder}/{unlisted[0]}", "belongs to no list of shards")


def _within(folder: str, paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.rpartition("/")[0] == folder]
