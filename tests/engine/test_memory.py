"""Models stay loaded while the budget allows; the least recently used idle one goes first."""

import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import DiffusionPipeline

from generation.engine import Engine, GenerationError, ImageRequest, Picture, Progress, Ticket
from generation.engine.batch_scheduler import BatchScheduler
from generation.engine.memory import ResidentModels, bytes_of
from tests.engine.tiny_pipelines import save_lora

Load = Callable[[str], DiffusionPipeline]


def request(model: str, steps: int = 3) -> ImageRequest:
    return ImageRequest(
        model=model, prompt="a table", width=32, height=32, steps=steps, guidance=3.0, seed=1, preview_every=1
    )


def use(models: ResidentModels, *keys: str) -> None:
    for key in keys:
        models.acquire(key)
        models.release(key)


@pytest.fixture
def room_for_two(load: Load) -> int:
    return int(2.5 * bytes_of(load("sd15")))


def test_bytes_count_shared_weights_once(load: Load) -> None:
    pipeline = load("sd15")
    modules = (pipeline.unet, pipeline.vae, pipeline.text_encoder)
    weights = sum(weight.nbytes for module in modules for weight in module.parameters())
    buffers = sum(buffer.nbytes for module in modules for buffer in module.buffers())
    assert bytes_of(pipeline) == weights + buffers
    before = bytes_of(pipeline)
    pipeline.second_unet = pipeline.unet
    assert bytes_of(pipeline) == before
    del pipeline.second_unet


def test_the_least_recently_used_model_goes_first(load_fresh: Load, room_for_two: int) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), room_for_two)
    use(models, "a", "b", "a", "c")
    assert models.resident == ("a", "c")


def test_a_model_in_use_is_never_evicted(load_fresh: Load, room_for_two: int) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), room_for_two)
    models.acquire("busy")
    use(models, "a", "b", "c")
    assert models.resident == ("busy", "c")


def test_a_model_waits_for_room_that_others_use(load_fresh: Load, room_for_two: int) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), room_for_two)
    use(models, "c")
    models.acquire("a")
    models.acquire("b")
    assert models.resident == ("a", "b")
    assert not models.can_acquire("c")  # its size is known from before
    assert models.can_acquire("a")
    models.release("b")
    assert models.can_acquire("c")


def test_one_model_may_exceed_the_budget_alone(load_fresh: Load) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), 1)
    use(models, "a", "b")
    assert models.resident == ("b",)


def test_without_a_budget_everything_stays(load_fresh: Load) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), None)
    use(models, "a", "b", "c")
    assert models.resident == ("a", "b", "c")


def test_an_engine_of_two_models_and_room_for_one_makes_both_pictures(load_fresh: Load) -> None:
    loads: list[str] = []

    def load(model: str) -> DiffusionPipeline:
        loads.append(model)
        return load_fresh("sd15")

    engine = Engine(load, memory_bytes=bytes_of(load_fresh("sd15")))
    alone = engine.submit(request("b"))
    engine.start()
    alone.result(timeout=240)
    submitted = []

    def interrupt(progress: Progress) -> None:
        if progress.step == 1:
            submitted.append(engine.submit(request("b")))
        assert loads == ["b", "a"]

    first = engine.submit(request("a"), interrupt)
    assert isinstance(first.result(timeout=240), Picture)
    assert isinstance(submitted[0].result(timeout=240), Picture)
    assert loads == ["b", "a", "b"]
    engine.stop()


def test_a_model_that_does_not_fit_is_tried_again_without_the_idle_ones(
    load_fresh: Load, start_engine: Callable[..., Engine]
) -> None:
    loaded: weakref.WeakSet[torch.nn.Module] = weakref.WeakSet()

    def load(model: str) -> DiffusionPipeline:
        if model == "huge" or (model == "large" and loaded):
            raise torch.OutOfMemoryError("CUDA out of memory")
        pipeline = load_fresh("sd15")
        loaded.add(pipeline.unet)
        return pipeline

    engine = start_engine(load)
    engine.submit(request("small")).result(timeout=240)
    assert isinstance(engine.submit(request("large")).result(timeout=240), Picture)
    with pytest.raises(GenerationError) as error:
        engine.submit(request("huge")).result(timeout=240)
    assert error.value.reason == "out_of_memory"


def test_feature_caches_are_switched_off(load_fresh: Load) -> None:
    from diffusers import FirstBlockCacheConfig

    pipeline = load_fresh("flux")
    pipeline.transformer.enable_cache(FirstBlockCacheConfig(threshold=0.2))
    ResidentModels(lambda key: pipeline, None).acquire("flux")
    assert not pipeline.transformer.is_cache_enabled


def test_an_evicted_model_gives_its_memory_back(load_fresh: Load) -> None:
    alive: dict[str, weakref.ref[torch.nn.Module]] = {}

    def load(model: str) -> DiffusionPipeline:
        pipeline = load_fresh("sd15")
        alive[model] = weakref.ref(pipeline.unet)
        return pipeline

    engine = Engine(load, memory_bytes=1)
    engine.start()
    for model in ("a", "b"):
        engine.submit(request(model), lambda progress: None).result(timeout=240)
    assert alive["a"]() is None
    assert alive["b"]() is not None
    engine.stop()


def test_adapters_count_as_weights(load_fresh: Load, tmp_path: Path) -> None:
    models = ResidentModels(lambda key: load_fresh("sd15"), 2 * bytes_of(load_fresh("sd15")))
    pipeline = models.acquire("a")
    file = save_lora(load_fresh("sd15"), tmp_path / "style.safetensors", 1)
    pipeline.load_lora_weights(tmp_path, weight_name=file.name)
    models.weigh("a")
    models.release("a")
    models.acquire("b")  # beside which there was room before
    assert models.resident == ("b",)


def test_requests_beyond_what_memory_holds_wait_for_others_to_end(load: Load) -> None:
    engine = Engine(load)
    engine._executor._scheduler = BatchScheduler(max_rows=8, held_bytes=60_000)
    most, tickets = 0, list[Ticket]()

    def on_progress(progress: Progress) -> None:
        nonlocal most
        most = max(most, sum(ticket.is_under_way for ticket in tickets))

    engine.start()
    engine.submit(request("sd15")).result(timeout=240)  # what one holds is known from then on
    for seed in range(6):
        tickets.append(engine.submit(replace(request("sd15"), seed=seed), on_progress))
    assert all(isinstance(ticket.result(timeout=240), Picture) for ticket in tickets)
    engine.stop()
    assert 1 < most < 6
