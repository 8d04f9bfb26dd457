"""LoRA adapters: which are loaded into a pipeline, and which of them a call of a component needs.

peft puts an adapter's layers into the component that all requests share. So each call names its adapters, and
`activate` switches on exactly those right before it runs. Calls with other adapters run apart: peft could
tell them by row (`adapter_names`), but diffusers' models do not pass that on, and it knows no scale of a row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import torch
from diffusers import DiffusionPipeline
from diffusers.models.attention import AttentionModuleMixin
from diffusers.utils import set_adapter_layers, set_weights_and_activate_adapters
from torch import nn

from generation.checkpoints.tensor_files import read_header
from generation.engine.request import GenerationError, Lora
from generation.files.refusal import CheckpointRefused

# Adapters that stay loaded beside those in use. A campaign's styles are a handful; for SDXL eight of rank 16
# take about as much memory as one large picture.
KEPT = 8

# Names and scales of the adapters that one call needs, in order.
Adapters = tuple[tuple[str, float], ...]

# What is switched on in each component that has adapters at all; None right after its layers changed.
_active: WeakKeyDictionary[nn.Module, Adapters | None] = WeakKeyDictionary()

# No name is given twice, so that whatever is kept under an adapter's name is never another's.
_numbers = count()


def activate(module: nn.Module, adapters: Adapters) -> None:
    """Switch on these adapters of a component and no others."""
    if _active.get(module, ()) == adapters:
        return
    _active[module] = None
    set_adapter_layers(module, enabled=bool(adapters))
    if adapters:
        names, scales = zip(*adapters, strict=True)
        set_weights_and_activate_adapters(module, list(names), list(scales))
    _active[module] = adapters


def acquire(
    pipeline: DiffusionPipeline, loras: Collection[Lora], in_use: Collection[str]
) -> Mapping[str, Adapters]:
    """Load what is not loaded yet into `pipeline`; for each component the adapters that `loras` mean for it.

    `in_use` names adapters of requests under way, which are never unloaded. Raises GenerationError:
    "model_unavailable" for what is no safetensors file, "unsupported" for one that does not fit.
    """
    if not loras:
        return {}
    return _loaded.setdefault(pipeline, _LoadedLoras()).acquire(pipeline, loras, in_use)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """An adapter by its name in the pipeline, and the components that it changes."""

    name: str
    components: frozenset[str]


class _LoadedLoras:
    """The LoRA files loaded into one pipeline, least recently used first."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[Any, ...], _Loaded] = OrderedDict()

    def acquire(
        self, pipeline: DiffusionPipeline, loras: Collection[Lora], in_use: Collection[str]
    ) -> Mapping[str, Adapters]:
        wanted = [(self._one(pipeline, file_of(lora.path)), lora.scale) for lora in loras]
        self._evict(pipeline, {*in_use, *(loaded.name for loaded, _ in wanted)})
        components = {component for loaded, _ in wanted for component in loaded.components}
        return {
            component: tuple((one.name, scale) for one, scale in wanted if component in one.components)
            for component in components
        }

    def _one(self, pipeline: DiffusionPipeline, file: Path) -> _Loaded:
        status = file.stat()
        source = (file.resolve(), status.st_size, status.st_mtime_ns)
        if source not in self._loaded:
            self._loaded[source] = _load(pipeline, file, f"lora_{next(_numbers)}")
        self._loaded.move_to_end(source)
        return self._loaded[source]

    def _evict(self, pipeline: DiffusionPipeline, in_use: Collection[str]) -> None:
        idle = [source for source, loaded in self._loaded.items() if loaded.name not in in_use]
        for source in idle[: max(0, len(self._loaded) - KEPT)]:
            _unload(pipeline, self._loaded.pop(source).name)


_loaded: WeakKeyDictionary[DiffusionPipeline, _LoadedLoras] = WeakKeyDictionary()


def file_of(path: Path) -> Path:
    """The one safetensors file at `path`, or in it. Raises GenerationError("model_unavailable")."""
    files = sorted(path.glob("*.safetensors")) if path.is_dir() else [path]
    if len(files) != 1 or files[0].suffix != ".safetensors" or not files[0].is_file():
        raise GenerationError("model_unavailable", "A LoRA must be one local .safetensors file.")
    return files[0]


def tensors_of(file: Path) -> frozenset[str]:
    """Names of the tensors in a safetensors file. Raises GenerationError("model_unavailable")."""
    try:
        with file.open("rb") as opened:
            return frozenset(read_header("it", opened))
    except CheckpointRefused as refusal:
        raise GenerationError("model_unavailable", f"A LoRA is refused: {refusal}.") from None


def _load(pipeline: DiffusionPipeline, file: Path, name: str) -> _Loaded:
    if not hasattr(pipeline, "load_lora_weights"):
        raise GenerationError("unsupported", f"{type(pipeline).__name__} takes no LoRA.")
    tensors = tensors_of(file)
    _unfuse(pipeline)
    try:
        # Weights are no inference tensors, so that they can be moved and cast with their component.
        with torch.inference_mode(False):
            pipeline.load_lora_weights(
                str(file.parent),
                weight_name=file.name,
                adapter_name=name,
                use_safetensors=True,
                local_files_only=True,
            )
    except (MemoryError, torch.OutOfMemoryError):
        _unload(pipeline, name)
        raise
    except Exception:  # each family complains in its own way about weights that are not its own
        _unload(pipeline, name)
        raise GenerationError("unsupported", "The LoRA does not fit the model.") from None
    adapters = pipeline.get_list_adapters()
    components = frozenset(component for component, names in adapters.items() if name in names)
    _forget(pipeline, components)
    # What finds no place is left out without a word, and text encoders are alike in families that are not.
    is_lost = all(map(_is_of_text, components)) and not all(map(_is_of_text, tensors))
    if is_lost or not components:
        _unload(pipeline, name)
        raise GenerationError("unsupported", "The LoRA is for another kind of model.")
    return _Loaded(name, components)


def _unfuse(pipeline: DiffusionPipeline) -> None:
    """Part attention's fused projections: an adapter changes the single ones, which would go unused."""
    for module in vars(pipeline).values():
        processors = getattr(module, "attn_processors", {}).values()
        layers = module.modules() if isinstance(module, nn.Module) else ()
        if any(type(processor).__name__.startswith("Fused") for processor in processors) or any(
            isinstance(layer, AttentionModuleMixin) and layer.fused_projections for layer in layers
        ):
            module.unfuse_qkv_projections()


def _is_of_text(name: str) -> bool:
    """Whether a component, or a tensor of a file in diffusers' or kohya's spelling, is a text encoder's."""
    return name.startswith(("text_encoder", "lora_te"))


def _unload(pipeline: DiffusionPipeline, name: str) -> None:
    """Take an adapter out, or what is there of it."""
    holders = [component for component, names in pipeline.get_list_adapters().items() if name in names]
    pipeline.delete_adapters(name)
    _forget(pipeline, holders)


def _forget(pipeline: DiffusionPipeline, components: Collection[str]) -> None:
    for component in components:
        _active[getattr(pipeline, component)] = None
