"""Which of a checkpoint's files are needed, chosen by name before anything large is copied or downloaded.

Kept are the pipeline's index and model card, and in each component's folder the configuration, the vocabulary
and one set of weights. Pictures, other formats (ONNX, Flax, GGUF) and single-file copies are left where they
are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generation.files.refusal import CheckpointRefused

from .pipelines import INDEX
from .tree import File

CARDS = re.compile(r"(README|MODEL_CARD)\.md|(LICEN[SC]E|NOTICE)[\w.-]*", re.IGNORECASE)
DOCUMENTS = (".json", ".txt", ".model", ".jinja")
HALF_PRECISION = ("fp16", "bf16")
# diffusers writes "model.fp16-00001-of-00002.safetensors"; it once wrote
# "model-00001-of-00002.fp16.safetensors".
WEIGHTS = re.compile(
    r"(?:diffusion_pytorch_model|model)(?:\.(?P<variant>\w+))?"
    r"(?P<shard>-\d{5}-of-\d{5})?(?:\.(?P<late>\w+))?\.safetensors"
)
SHARD_LIST = re.compile(r"(?:diffusion_pytorch_model|model)\.safetensors\.index(?:\.(?P<variant>\w+))?\.json")


@dataclass(frozen=True, slots=True)
class Selection:
    """The files to keep, and the variant ("fp16", "bf16" or None) of those weights that have one."""

    files: tuple[File, ...]
    variant: str | None

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def select(files: Iterable[File], components: dict[str, type]) -> Selection:
    """Choose from all of a checkpoint's files. Half precision is preferred: half the disk, and GPUs run in it
    anyway.

    Raises CheckpointRefused when a component is missing or has no safetensors weights.
    """
    by_folder: dict[str, list[File]] = {}
    for file in files:
        by_folder.setdefault(file.folder, []).append(file)
    for name in components:
        if name not in by_folder:
            raise CheckpointRefused(name, f"is named in {INDEX} and there is no such folder")
    weighty = [name for name, kind in components.items() if _has_weights(kind)]
    for name in weighty:
        if not any(file.name == "config.json" for file in by_folder[name]):
            raise CheckpointRefused(
                f"{name}/config.json", "is missing, and without it the weights have no shape"
            )
    if not weighty:
        raise CheckpointRefused(INDEX, "names no component that has weights")
    variant = _variant({name: _variants(by_folder[name]) for name in weighty})
    kept = [file for file in by_folder.get("", []) if file.name == INDEX or CARDS.fullmatch(file.name)]
    for name in components:
        kept += _needed(by_folder[name], variant)
    return Selection(tuple(sorted(kept, key=lambda file: file.path)), variant)


def _has_weights(kind: type) -> bool:
    return any(base.__name__ in ("ModelMixin", "PreTrainedModel") for base in kind.__mro__)


def variant_of(name: str) -> str | None:
    """The variant in a weights file's or a shard list's name; "" when it is neither."""
    if found := WEIGHTS.fullmatch(name):
        return found["variant"] or found["late"]
    if found := SHARD_LIST.fullmatch(name):
        return found["variant"]
    return ""


def _variants(files: list[File]) -> set[str | None]:
    return {variant_of(file.name) for file in files if WEIGHTS.fullmatch(file.name)}


def _variant(found: dict[str, set[str | None]]) -> str | None:
    """The variant to load: one that some component has, where every other has it or the plain weights."""
    for variant in (*HALF_PRECISION, None):
        present = any(variant in variants for variants in found.values())
        if present and all(variants & {variant, None} for variants in found.values()):
            return variant
    lacking = next((name for name, variants in found.items() if None not in variants), "")
    raise CheckpointRefused(lacking, "has no weights in safetensors form")


def _needed(files: list[File], variant: str | None) -> list[File]:
    """A component's documents and one set of its weights: the variant's where it has them, else the plain
    ones.
    """
    chosen = variant if variant in _variants(files) else None
    sharded = any(SHARD_LIST.fullmatch(file.name) and variant_of(file.name) == chosen for file in files)
    weights = [file for file in files if _is_chosen_weights(file.name, chosen, sharded)]
    if not weights and _variants(files):
        raise CheckpointRefused(files[0].folder, "has shards of weights that do not go with a list of them")
    return weights + [file for file in files if _is_document(file.name, chosen)]


def _is_document(name: str, chosen: str | None) -> bool:
    if name.endswith(".index.json") or SHARD_LIST.fullmatch(name):
        return variant_of(name) == chosen
    return name.endswith(DOCUMENTS)


def _is_chosen_weights(name: str, chosen: str | None, sharded: bool) -> bool:
    found = WEIGHTS.fullmatch(name)
    return found is not None and variant_of(name) == chosen and bool(found["shard"]) == sharded
