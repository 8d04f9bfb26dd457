"""What tune_model measures, what it switches on by itself, and what the next worker makes of it."""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny, AutoPipelineForText2Image, DiffusionPipeline

from generation.tuning import LOSSY, Settings, Timing, Tuning, tuning
from generation.tuning.applying import apply, curves_of, device_name, run_as_tuned
from generation.tuning.candidates import Candidate, candidates
from generation.tuning.measuring import draw
from generation.tuning.search import Search, Subject
from generation.tuning.tune import tune
from tests.engine import tiny_pipelines

HASH = "ab" * 32


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    root = tmp_path_factory.mktemp("families")

    def saved(family: str) -> Path:
        if not (root / family).exists():
            tiny_pipelines.build(family, root / family)
        return root / family

    return saved


@pytest.fixture(autouse=True)
def short_measurements(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few repetitions as there may be: no test asks how long a call took."""
    monkeypatch.setattr("generation.tuning.measuring.ENOUGH", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the model would be installed."""
    (tmp_path / "tiny" / "abc").mkdir(parents=True)
    return tmp_path / "tiny" / "abc"


@pytest.fixture
def subject(saved: Callable[[str], Path], folder: Path) -> Callable[[str], Subject]:
    def subject(family: str = "sd15") -> Subject:
        return Subject(folder, lambda: load(saved(family)), [(64, 64), (32, 64)], 3, 4.0)

    return subject


@pytest.fixture
def uncompiled() -> Iterator[None]:
    """torch.compile changes nothing: what it does is tested where it is the point."""
    with torch.compiler.set_stance("force_eager"):
        yield


def load(folder: Path) -> DiffusionPipeline:
    pipeline = AutoPipelineForText2Image.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def quietly(line: str) -> None:
    pass


def stored(folder: Path, **changes: Any) -> Tuning:
    made = Tuning(
        model_hash=HASH,
        device=device_name(),
        versions=tuning.versions(),
        settings=Settings(channels_last=True),
        curves=(
            Timing(
                size=(64, 64),
                component="unet",
                method="forward",
                dtype="float32",
                shapes=((4, 32, 32),),
                seconds={1: 0.1, 2: 0.15},
            ),
        ),
    )
    made = replace(made, **changes)
    tuning.write(folder, made, None)
    return made


# --- the whole of it --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("uncompiled")
def test_tuning_leaves_curves_for_every_size_and_settings_of_which_none_is_lossy(
    subject: Callable[..., Subject], folder: Path
) -> None:
    said: list[str] = []
    found = tune(subject(), HASH, say=said.append)
    assert tuning.read(folder, HASH, device_name()) == found
    assert (found.settings.dtype, found.settings.quantization, found.settings.row_skip) == ("", "", 0.0)
    assert found.errors == {}
    measured = {(curve.component, curve.size): list(curve.seconds) for curve in found.curves}
    assert measured == {
        (component, size): [1, 2, 4, 8] for component in ("unet", "vae") for size in [(64, 64), (32, 64)]
    }
    assert all(seconds > 0 for curve in found.curves for seconds in curve.seconds.values())
    assert "A picture" in said[-1]
    assert "images stored channels last" in said[-1]
    assert [file.name for file in folder.parent.iterdir() if file.is_file()] == ["abc.tuning.json"]


@pytest.mark.usefixtures("uncompiled")
def test_stopping_it_leaves_everything_as_it_was(subject: Callable[..., Subject], folder: Path) -> None:
    before = stored(folder)

    def stop(line: str) -> None:
        if line.startswith("Measuring 1"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune(subject(), HASH, say=stop)
    assert tuning.read(folder, HASH, device_name()) == before
    assert sorted(file.name for file in folder.parent.iterdir()) == ["abc", "abc.tuning.json"]


# --- one candidate ----------------------------------------------------------------------------------------


@pytest.fixture
def search(subject: Callable[..., Subject]) -> Iterator[Search]:
    with torch.inference_mode():
        yield Search(subject(), LOSSY, quietly)


def test_a_candidate_that_changes_pictures_is_not_exact_however_fast(search: Search) -> None:
    trial = search.try_out(Candidate("half precision, said to be exact", {"dtype": "bfloat16"}))
    assert trial.difference.most > 1e-5
    assert not trial.is_on
    assert search.best.settings == Settings()


def test_an_exact_candidate_draws_the_same_picture(search: Search) -> None:
    trial = search.try_out(Candidate("channels last", {"channels_last": True}))
    assert trial.difference.most <= 1e-5
    assert min(trial.before, trial.after) > 0


def test_what_is_not_installed_is_said_and_nothing_else_happens(search: Search) -> None:
    for changes in ({"attention": "flash"}, {"quantization": "float8"}, {"tiny_decoder": True}):
        assert search.try_out(Candidate("absent", changes)).missing.startswith("not available here")
    assert search.best.settings == Settings()


def test_candidates_are_those_the_model_has_the_parts_for(saved: Callable[[str], Path], folder: Path) -> None:
    def names(family: str) -> set[str]:
        return {
            name for one in candidates(load(saved(family)), folder) for name in one.changes if name != "dtype"
        }

    assert names("sd15") == {"channels_last", "fused_qkv", "compiled", "row_skip"}
    AutoencoderTiny(latent_channels=4).save_pretrained(tuning.tiny_decoder_of(folder))
    assert "tiny_decoder" in names("sd15")
    assert "channels_last" not in names("flux")


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "flux", "pixart"])
def test_exact_settings_are_exact(
    family: str, saved: Callable[[str], Path], subject: Callable[..., Subject]
) -> None:
    request = subject(family).request((64, 64))
    changed = load(saved(family))
    fuses = family != "pixart"  # which has no such method
    apply(changed, Settings(channels_last=True, fused_qkv=fuses), Path())
    with torch.inference_mode():
        assert np.abs(draw(changed, request).pixels - draw(load(saved(family)), request).pixels).max() <= 1e-5


def test_a_models_choice_of_attention_is_not_every_models(saved: Callable[[str], Path]) -> None:
    from diffusers.models.attention_dispatch import _AttentionBackendRegistry as backends

    pipeline = load(saved("flux"))
    before = backends.get_active_backend()
    apply(pipeline, Settings(attention="_native_math"), Path())
    assert backends.get_active_backend() == before
    processors = {processor._attention_backend for processor in pipeline.transformer.attn_processors.values()}
    assert processors == {"_native_math"}


def test_the_tiny_decoder_beside_the_model_decodes_for_it(
    saved: Callable[[str], Path], subject: Callable[..., Subject], folder: Path
) -> None:
    AutoencoderTiny(
        latent_channels=4,
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        num_encoder_blocks=(1, 1),
        num_decoder_blocks=(1, 1),
    ).save_pretrained(tuning.tiny_decoder_of(folder))
    pipeline = load(saved("sd15"))
    apply(pipeline, Settings(tiny_decoder=True), folder)
    with torch.inference_mode():
        drawn = draw(pipeline, subject().request((64, 64)))
    assert isinstance(drawn.calls["decoding"].module, AutoencoderTiny)
    assert drawn.pixels.shape == (64, 64, 3)


# --- what was written, and when it holds ------------------------------------------------------------------


def test_curves_go_to_the_places_that_the_engine_knows(folder: Path) -> None:
    (place,) = curves_of(stored(folder))
    assert place == (HASH, "unet", "forward", torch.float32, (torch.Size([4, 32, 32]),))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"model_hash": "cd" * 32}, "for another model"),
        ({"device": "NVIDIA H200"}, "on another device (NVIDIA H200)"),
        (
            {"versions": {"torch": "1.0", "diffusers": "0.1"}},
            "with other packages (torch 1.0, diffusers 0.1)",
        ),
        ({"tiny_decoder": "00" * 32}, "with another tiny decoder"),
    ],
)
def test_a_measurement_that_no_longer_holds_is_ignored_and_the_log_says_why(
    changes: dict[str, object], why: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored(folder, **changes)
    assert tuning.read(folder, HASH, device_name()) is None
    assert why in caplog.text


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"model_hash": 1}', '{"settings": {"speed": 11}, "curves": []}']
)
def test_a_damaged_file_is_ignored(text: str, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    tuning.file_of(folder).write_text(text)
    assert tuning.read(folder, HASH, device_name()) is None
    assert "is ignored: it cannot be read" in caplog.text


def test_a_model_that_was_never_tuned_has_no_tuning_and_no_warning(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert tuning.read(folder, HASH, device_name()) is None
    assert not caplog.records


# --- compiled code ----------------------------------------------------------------------------------------


def test_only_the_very_artifacts_that_were_written_are_loaded(
    folder: Path,
    saved: Callable[[str], Path],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TORCHINDUCTOR_CACHE_DIR", raising=False)
    made = stored(folder, settings=Settings(compiled=True), artifacts="00" * 32)
    tuning.artifacts_of(folder).write_bytes(b"somebody else's code")
    run_as_tuned(load(saved("sd15")), made, folder)
    assert "is not what tune_model wrote" in caplog.text
    assert os.environ["TORCHINDUCTOR_CACHE_DIR"] == str(folder.parent.parent / ".compiler")


def test_without_a_compiler_a_compiled_model_draws_as_it_is(
    folder: Path,
    saved: Callable[[str], Path],
    subject: Callable[..., Subject],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("torch._inductor.config.cpp.cxx", ("no-such-compiler",))
    monkeypatch.setattr("torch._dynamo.config.suppress_errors", False)
    logging.getLogger("torch._dynamo").setLevel(logging.CRITICAL)
    pipeline = load(saved("sd15"))
    run_as_tuned(pipeline, stored(folder, settings=Settings(compiled=True)), folder)
    request = subject().request((32, 64))
    with torch.inference_mode():
        pixels = draw(pipeline, request).pixels
        assert np.abs(pixels - draw(load(saved("sd15")), request).pixels).max() <= 1e-5
