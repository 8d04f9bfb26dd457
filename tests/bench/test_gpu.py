"""The cells for a GPU run to their end, on a processor with the tests' tiny models."""

import json
from pathlib import Path

import pytest

from bench import gpu, report
from bench.gpu import Extent, Subject
from bench.harness import GPU

SMALL = Extent(pictures=(2,), steps=(20,), rounds=1, probe=64, scale=0, device="cpu")


@pytest.fixture(autouse=True)
def results_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(gpu, "compiled", lambda pipeline: pipeline)  # a compiler takes minutes
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("sdxl", {"sdxl_1024", "few_steps", "few_steps_ratio", "own_cost_gpu"}),
        ("zimage", {"flow"}),
    ],
)
def test_every_cell_of_a_model_runs_and_is_saved(kind: str, reached: set[str], tmp_path: Path) -> None:
    result = gpu.run(False, [Subject(kind, (64,), guidance=3.0)], SMALL)
    assert set(result.measured) == reached
    assert all(value > 0 for value in result.measured.values())
    assert result.measured.keys().isdisjoint(result.missing)
    written = json.loads((tmp_path / f"engine-gpu-{kind}.json").read_text())
    assert len(written["cells"]) == len(result.cells)
    arms = {cell.arm for cell in result.cells}
    assert arms >= {"plain", "static batch", "omni-like", "ours", "ours, compiled", "probe", "denoiser"}


def test_a_cell_that_would_take_too_long_says_so() -> None:
    hurried = Extent(pictures=(1,), steps=(4,), rounds=1, probe=64, scale=0, device="cpu", longest=0.0)
    result = gpu.run(False, [Subject("sd15", (64,))], hurried)
    (left_out,) = [cell.note for cell in result.cells if not cell.samples]
    assert left_out.startswith("left out: about ")


def test_a_machine_without_a_gpu_tells_what_another_measured(tmp_path: Path) -> None:
    assert gpu.last_measured()["sd15_512"] == GPU
    written = {"run": "full", "machine": {"gpu": "Some Card, 1"}, "measured": {"sd15_512": 7.0}}
    (tmp_path / "engine-gpu-sd15.json").write_text(json.dumps(written))
    assert gpu.last_measured()["sd15_512"] == "needs a GPU (7 on Some Card)"
