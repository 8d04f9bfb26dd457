"""Tiny pipelines for every test of the engine, built once a run and loaded as any downloaded model is."""

import functools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
import transformers
from diffusers import AutoPipelineForText2Image, DiffusionPipeline

from generation.engine import Engine, running_request
from generation.engine.variants import variant_of
from tests.engine import tiny_pipelines
from tests.engine.counting import Calls, count_calls
from tests.engine.plain import Load, keep_pixels


def pytest_configure(config: pytest.Config) -> None:
    # diffusers' schedulers make arrays of tensors the old way.
    config.addinivalue_line("filterwarnings", "ignore:__array__:DeprecationWarning")
    config.addinivalue_line("filterwarnings", "ignore:__array_wrap__:DeprecationWarning")
    # peft is surprised by second adapters, and by those that leave.
    config.addinivalue_line("filterwarnings", "ignore:Already found a `peft_config`:UserWarning")
    config.addinivalue_line("filterwarnings", "ignore:Adapter .* was active:UserWarning")


@pytest.fixture(scope="session", autouse=True)
def quiet_and_frugal() -> None:
    torch.set_num_threads(1)
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()


@pytest.fixture(scope="session", autouse=True)
def keep_pixels_of_variants() -> Iterator[None]:
    def keeping(pipeline: DiffusionPipeline, *args: Any) -> DiffusionPipeline:
        variant = variant_of(pipeline, *args)
        is_new = variant is not pipeline and hasattr(pipeline, "pixels")
        return keep_pixels(variant, pipeline.pixels) if is_new else variant

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running_request, "variant_of", keeping)
        yield


@pytest.fixture(scope="session")
def load_fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], DiffusionPipeline]:
    """Load a family's tiny pipeline from its folder, anew at every call."""
    root: Path = tmp_path_factory.mktemp("pipelines")

    def load(family: str) -> DiffusionPipeline:
        folder = root / family
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not folder.exists():
                tiny_pipelines.build(family, folder)
            # diffusers' table of text-to-image pipelines lacks the newest.
            kind = DiffusionPipeline if family in tiny_pipelines.SINGULAR else AutoPipelineForText2Image
            pipeline = kind.from_pretrained(folder, local_files_only=True)
        pipeline.set_progress_bar_config(disable=True)
        if family == "hunyuan_image":
            tiny_pipelines.fit_template(pipeline)
        return keep_pixels(pipeline)

    return load


@pytest.fixture(scope="session")
def load(load_fresh: Callable[[str], DiffusionPipeline]) -> Callable[[str], DiffusionPipeline]:
    """The same pipeline object at every call, as a test that must not change it may have it."""
    loaded: dict[str, DiffusionPipeline] = {}

    def load(family: str) -> DiffusionPipeline:
        if family not in loaded:
            loaded[family] = load_fresh(family)
        return loaded[family]

    return load


@pytest.fixture(scope="session")
def load_with_controls(load: Load) -> Load:
    """The families, and ControlNets of SD 1.5 and SDXL by names as `sd15-edges` and `sd15-depth`."""

    @functools.cache
    def made(family: str, kind: str) -> torch.nn.Module:
        return tiny_pipelines.controlnet(load(family).unet, len(kind + family))

    return lambda key: made(*key.split("-")) if "-" in key else load(key)


@pytest.fixture(scope="session")
def loras(load_fresh: Load, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Path]]:
    """Three LoRA files of a family; the second changes no text encoder."""
    root = tmp_path_factory.mktemp("loras")

    @functools.cache
    def made(family: str) -> list[Path]:
        (root / family).mkdir()
        files = [root / family / f"{seed}.safetensors" for seed in range(3)]
        for seed, file in enumerate(files):
            tiny_pipelines.save_lora(load_fresh(family), file, seed, of_text=seed != 1)
        return files

    return made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return count_calls(monkeypatch)


@pytest.fixture
def start_engine() -> Iterator[Callable[..., Engine]]:
    """Start engines; they are stopped after the test."""
    engines: list[Engine] = []

    def start(*args: Any, **kwargs: Any) -> Engine:
        engine = Engine(*args, **kwargs)
        engines.append(engine)
        engine.start()
        return engine

    yield start
    for engine in engines:
        engine.stop()
