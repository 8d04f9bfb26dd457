"""Which classes a checkpoint may name: public ones of diffusers and transformers, and Handbill's starter
pipeline.

model_index.json is a list of "import this library, take this class". A loader that obeys it imports whatever
it says, so every pair is looked up here first, in libraries that we chose.
"""

import importlib
import inspect
import re
from types import ModuleType
from typing import TYPE_CHECKING

from generation.files.refusal import CheckpointRefused, printable

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

INDEX = "model_index.json"
STARTER = "StarterPipeline"
STARTER_LIBRARY = "generation.starter"
# Older checkpoints use names that transformers has dropped; diffusers reads them as these.
RENAMED = {"CLIPFeatureExtractor": "CLIPImageProcessor"}


def check_index(index: object) -> tuple[str, dict[str, type]]:
    """The pipeline's class name and the class of each component that is not null.

    Raises CheckpointRefused for a pipeline that does not make pictures from text, and for a class that is not
    public.
    """
    name = index.get("_class_name") if isinstance(index, dict) else None
    if not isinstance(index, dict) or not isinstance(name, str):
        raise CheckpointRefused(INDEX, "does not name its pipeline class")
    if name != STARTER:
        _check_pipeline(name)
    return name, _components(index, name == STARTER)


def _check_pipeline(name: str) -> None:
    called = f"names the pipeline {printable(name, 60)!r}, which"
    pipeline = text_to_image_pipelines().get(name)
    if pipeline is None:
        raise CheckpointRefused(INDEX, f"{called} diffusers does not know as text-to-image")
    if "Control" in name:
        raise CheckpointRefused(INDEX, f"{called} needs a control picture and not only text")
    # diffusers fetches the second model from whatever repository or folder the first one's README.md names.
    if pipeline._load_connected_pipes:
        raise CheckpointRefused(INDEX, f"{called} loads a second model from wherever its model card says")


def text_to_image_pipelines() -> "dict[str, type[DiffusionPipeline]]":
    """Class name -> class, of all that diffusers' AutoPipelineForText2Image knows."""
    from diffusers.pipelines.auto_pipeline import AUTO_TEXT2IMAGE_PIPELINES_MAPPING

    return {pipeline.__name__: pipeline for pipeline in AUTO_TEXT2IMAGE_PIPELINES_MAPPING.values()}


def pipeline_class(name: str) -> "type[DiffusionPipeline]":
    """The class of an index that passed `check_index`."""
    if name == STARTER:
        return importlib.import_module(f"{STARTER_LIBRARY}.pipeline").StarterPipeline
    return text_to_image_pipelines()[name]


def _components(index: dict[str, object], is_starter: bool) -> dict[str, type]:
    components = {}
    for key, value in index.items():
        if value == [None, None] or value is None or isinstance(value, str | int | float):
            continue
        if not (isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)):
            raise CheckpointRefused(INDEX, f"describes {printable(key, 60)!r} in an unknown way")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise CheckpointRefused(
                INDEX, f"has a component called {printable(key, 60)!r}, which is not a folder's name"
            )
        library, named = value
        components[key] = _component_class(library, named, is_starter)
    return components


def _component_class(library: str, name: str, is_starter: bool) -> type:
    called = f"names the class {printable(f'{library}.{name}', 80)!r}"
    module = _library(library, is_starter)
    if module is None:
        raise CheckpointRefused(INDEX, f"{called}, and only classes of diffusers and transformers are loaded")
    name = RENAMED.get(name, name)
    found = getattr(module, name, None) if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) else None
    if not inspect.isclass(found) or not issubclass(found, _loadable()):
        raise CheckpointRefused(INDEX, f"{called}, which is not a model, scheduler or tokenizer known there")
    return found


def _library(name: str, is_starter: bool) -> ModuleType | None:
    """The module of an allowed library; a pipeline's own folder in diffusers goes by its bare name."""
    import diffusers.pipelines
    import transformers

    if name == "diffusers":
        return diffusers
    if name == "transformers":
        return transformers
    if is_starter and name.split(".")[:2] == STARTER_LIBRARY.split("."):
        return _module(name)
    # Only names that diffusers itself lists are imported, never a module that happens to lie on the path.
    listed = re.fullmatch(r"[a-z][a-z0-9_]*", name) and name in diffusers.pipelines._import_structure
    return _module(f"diffusers.pipelines.{name}") if listed else None


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _loadable() -> tuple[type, ...]:
    """The kinds of component a diffusers pipeline is made of."""
    import diffusers
    import transformers

    return (
        diffusers.ModelMixin,
        diffusers.SchedulerMixin,
        transformers.PreTrainedModel,
        transformers.PreTrainedTokenizerBase,
        transformers.FeatureExtractionMixin,
        transformers.ImageProcessingMixin,
        transformers.ProcessorMixin,
    )
