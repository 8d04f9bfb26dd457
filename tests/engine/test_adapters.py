"""LoRAs by request: exact, in any company, and never in anybody else's picture."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline

from generation.engine import Engine, GenerationError, ImageRequest, Lora, adapters
from tests.engine.counting import Calls
from tests.engine.plain import draw_plainly, stopped
from tests.engine.tiny_pipelines import save_lora

Load = Callable[[str], DiffusionPipeline]

TOLERANCE = 1e-5


def request(model: str, seed: int, *loras: Lora, **changes: Any) -> ImageRequest:
    values: dict[str, Any] = {
        "model": model,
        "prompt": "a red apple",
        "width": 32,
        "height": 32,
        "steps": 3 + seed % 2,
        "guidance": 3.0,
        "seed": seed,
        "loras": loras,
    }
    return ImageRequest(**(values | changes))


def draw_with_loras(load_fresh: Load, asked: ImageRequest, load: Load | None = None) -> np.ndarray:
    """The picture of a pipeline that nobody else ever used, by diffusers' own means."""
    pipeline = load_fresh(asked.model)
    names = [f"adapter_{place}" for place in range(len(asked.loras))]
    for name, lora in zip(names, asked.loras, strict=True):
        pipeline.load_lora_weights(lora.path.parent, weight_name=lora.path.name, adapter_name=name)
    if names:
        pipeline.set_adapters(names, [lora.scale for lora in asked.loras])
    return draw_plainly(pipeline, asked, load)


def run_at_once(engine: Engine, requests: list[ImageRequest]) -> None:
    tickets = [engine.submit(request) for request in requests]
    engine.start()
    for ticket in tickets:
        ticket.result(timeout=240)
    engine.stop()


@pytest.mark.slow
@pytest.mark.parametrize("family", ["sd15", "sdxl", "flux"])
def test_every_mix_of_adapters_is_exact(
    family: str, load_fresh: Load, loras: Callable[..., list[Path]]
) -> None:
    first, second, third = loras(family)
    requests = [
        request(family, 0),
        request(family, 1, Lora(path=first)),
        request(family, 2, Lora(path=first, scale=0.5)),
        request(family, 3, Lora(path=second)),
        request(family, 4, Lora(path=third, scale=0.7), Lora(path=second, scale=-0.4)),
        request(family, 5, Lora(path=first)),
        request(family, 6),
    ]
    pipeline = load_fresh(family)
    run_at_once(Engine(lambda model: pipeline, max_rows=16), requests)
    off = {
        one.seed: np.abs(pipeline.pixels[one.seed] - draw_with_loras(load_fresh, one)).max()
        for one in requests
    }
    assert max(off.values()) <= TOLERANCE, off
    with_lora, without = (
        draw_with_loras(load_fresh, request(family, 1, *one)) for one in [[Lora(path=first)], []]
    )
    assert np.abs(with_lora - without).max() > 0.01


@pytest.mark.slow
def test_calls_with_the_same_adapters_are_shared(
    load_fresh: Load, loras: Callable[..., list[Path]], calls: Calls
) -> None:
    first, second, _ = loras("sd15")
    with_first, with_second = (Lora(path=path) for path in (first, second))
    requests = [
        request("sd15", seed, lora, steps=4) for seed, lora in enumerate([with_first, with_second] * 2)
    ]
    engine = Engine(load_fresh, max_rows=16, clock=stopped)
    run_at_once(engine, requests)
    assert sum(calls["denoising"]) == 4 * 4 * 2
    assert len(calls["denoising"]) == 2 * 4  # each of the two adapters with both its requests, at every step


@pytest.mark.slow
def test_a_lora_reaches_pictures_from_pictures(load_fresh: Load, loras: Callable[..., list[Path]]) -> None:
    from tests.engine.test_variants import photo

    asked = request("sd15", 1, Lora(path=loras("sd15")[0]), image=photo(1, (32, 32)), strength=0.7, steps=6)
    pipeline = load_fresh("sd15")
    run_at_once(Engine(lambda model: pipeline), [asked, request("sd15", 2)])
    assert np.abs(pipeline.pixels[1] - draw_with_loras(load_fresh, asked)).max() <= TOLERANCE


@pytest.mark.slow
def test_files_are_read_once_and_the_least_recently_used_goes(
    load_fresh: Load, loras: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "KEPT", 2)
    first, second, third = loras("sd15")
    pipeline = load_fresh("sd15")
    read: list[str] = []
    real = pipeline.load_lora_weights
    pipeline.load_lora_weights = lambda *args, **kwargs: (
        read.append(kwargs["weight_name"]),
        real(*args, **kwargs),
    )
    engine = Engine(lambda model: pipeline)
    engine.start()
    for path in (first, second, first, third, first, second):
        engine.submit(request("sd15", 1, Lora(path=path))).result(timeout=240)
    engine.stop()
    assert read == [path.name for path in (first, second, third, second)]
    assert len({name for names in pipeline.get_list_adapters().values() for name in names}) == 2
    plain = request("sd15", 1, Lora(path=second))
    assert np.abs(pipeline.pixels[1] - draw_with_loras(load_fresh, plain)).max() <= TOLERANCE


@pytest.mark.slow
def test_a_lora_in_use_is_never_unloaded(
    load_fresh: Load, loras: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "KEPT", 1)
    pipeline = load_fresh("sd15")
    requests = [request("sd15", seed, Lora(path=path)) for seed, path in enumerate(loras("sd15"))]
    run_at_once(Engine(lambda model: pipeline), requests)
    for one in requests:
        assert np.abs(pipeline.pixels[one.seed] - draw_with_loras(load_fresh, one)).max() <= TOLERANCE


@pytest.mark.slow
def test_a_changed_file_is_another_lora(load_fresh: Load, tmp_path: Path) -> None:
    file = save_lora(load_fresh("sd15"), tmp_path / "style.safetensors", 1)
    pipeline = load_fresh("sd15")
    asked = request("sd15", 1, Lora(path=tmp_path))  # the folder with the one file
    engine = Engine(lambda model: pipeline)
    engine.start()
    engine.submit(asked).result(timeout=240)
    before = pipeline.pixels[1]
    save_lora(load_fresh("sd15"), file, 2)
    engine.submit(asked).result(timeout=240)
    engine.stop()
    assert np.abs(pipeline.pixels[1] - before).max() > 0.01


# --- what is refused --------------------------------------------------------------------------------------


def refusal(engine: Engine, asked: ImageRequest) -> str:
    with pytest.raises(GenerationError) as error:
        engine.submit(asked).result(timeout=240)
    return error.value.reason


def test_only_whole_local_safetensors_files_are_taken(
    load: Load, tmp_path: Path, start_engine: Callable[..., Engine]
) -> None:
    engine = start_engine(load)
    pickle = tmp_path / "style.bin"
    torch.save({"unet.lora": torch.ones(1)}, pickle)
    renamed = tmp_path / "style.safetensors"
    renamed.write_bytes(pickle.read_bytes())
    lying = tmp_path / "lying.safetensors"
    lying.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (
        pickle,
        renamed,
        lying,
        empty,
        tmp_path,
        tmp_path / "gone.safetensors",
        Path("owner/repository"),
    ):
        assert refusal(engine, request("sd15", 1, Lora(path=path))) == "model_unavailable"


@pytest.mark.slow
def test_a_lora_of_another_model_is_refused_and_leaves_nothing(
    load_fresh: Load, loras: Callable[..., list[Path]], start_engine: Callable[..., Engine]
) -> None:
    pipeline = load_fresh("sd15")
    engine = start_engine(lambda model: pipeline)
    for family in ("sdxl", "flux"):
        assert refusal(engine, request("sd15", 1, Lora(path=loras(family)[0]))) == "unsupported"
    good = request("sd15", 2, Lora(path=loras("sd15")[0]))
    for asked in (request("sd15", 1), good):
        engine.submit(asked).result(timeout=240)
        assert np.abs(pipeline.pixels[asked.seed] - draw_with_loras(load_fresh, asked)).max() <= TOLERANCE
    assert len({name for names in pipeline.get_list_adapters().values() for name in names}) == 1


def test_a_model_that_takes_no_lora_says_so(
    load: Load, loras: Callable[..., list[Path]], start_engine: Callable[..., Engine]
) -> None:
    engine = start_engine(load)
    assert refusal(engine, request("pixart", 1, Lora(path=loras("sd15")[0]))) == "unsupported"


@pytest.mark.slow
@pytest.mark.parametrize("family", ["sd15", "flux"])
def test_a_model_with_fused_projections_takes_loras_all_the_same(
    family: str, load_fresh: Load, loras: Callable[..., list[Path]]
) -> None:
    pipeline = load_fresh(family)
    denoiser = pipeline.unet if family == "sd15" else pipeline.transformer
    denoiser.fuse_qkv_projections()
    # One after the other: the second finds the projections parted already.
    asked = [request(family, seed, Lora(path=path)) for seed, path in enumerate(loras(family)[:2])]
    run_at_once(Engine(lambda model: pipeline), [*asked, request(family, 7)])
    for one in asked:
        assert np.abs(pipeline.pixels[one.seed] - draw_with_loras(load_fresh, one)).max() <= TOLERANCE
    assert (
        np.abs(pipeline.pixels[7] - draw_plainly(load_fresh(family), request(family, 7))).max() <= TOLERANCE
    )
