"""The cells for a GPU run to their end, on a processor with the tests' tiny models."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from bench import gpu, report
from bench.arms import Job
from bench.budget import Budget
from bench.gpu import Extent, Subject
from bench.harness import GPU, Cell, Result

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


TINY = replace(SMALL, pictures=(1, 2), steps=(2,))


class Clock:
    """Seconds that pass with every look at it."""

    def __init__(self, tick: float) -> None:
        self.now, self.tick = 0.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


@pytest.fixture
def quick_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the parts that other tests run, and without the time that a measurement is given."""
    monkeypatch.setattr(gpu, "seconds_in_turns", lambda arms: [0.001 * len(arms[0])])
    monkeypatch.setattr(gpu.Trial, "_gate", lambda self: [Cell("exact", "tiny", "of 1", (0.0,))])


def run_tiny(budget: Budget | None = None) -> Result:
    return gpu.run(False, [Subject("sd15", (32,), guidance=3.0)], TINY, budget)


def written(folder: Path) -> list[dict]:
    return json.loads((folder / "engine-gpu-sd15.json").read_text())["cells"]


def test_a_cell_that_fails_is_noted_and_the_next_ones_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_parts: None
) -> None:
    def static(pipeline: object, job: Job) -> None:
        if job.pictures == 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(gpu, "static_batch", static)
    monkeypatch.setattr(gpu, "compiled", lambda pipeline: 1 / 0)
    run_tiny()
    notes = {(cell["what"], cell["arm"]): cell["note"] for cell in written(tmp_path)}
    assert notes["compiling", "all"] == "failed: ZeroDivisionError"
    assert notes["sd15 32 px, 2 steps, 2 at once", "static batch"] == "failed: OutOfMemoryError"
    assert notes["sd15 32 px, 2 steps, 1 at once", "static batch"] == ""
    assert notes["sd15 32 px, 2 steps, 2 at once", "ours"] == ""


def test_results_go_where_a_lent_machine_hands_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_parts: None
) -> None:
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    run_tiny(Budget(2.5, Clock(1)))
    assert [cell["note"] for cell in written(tmp_path / "out")][-1] == "left out: no time left"


@pytest.mark.parametrize(("seconds", "kept"), [(1.5, 1), (3.5, 2), (5.5, 8)])
def test_a_run_that_is_cut_off_keeps_what_was_measured(
    seconds: float, kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_parts: None
) -> None:
    class TakenBack(BaseException):
        pass

    clock = Clock(1)

    def left(budget: Budget) -> float:
        if clock() > seconds:
            raise TakenBack
        return 1000.0

    monkeypatch.setattr(Budget, "left", left)
    with pytest.raises(TakenBack):
        run_tiny()
    assert len(written(tmp_path)) == kept


def test_a_cell_that_would_take_too_long_says_so(tmp_path: Path, quick_parts: None) -> None:
    run_tiny(budget := Budget(1e-9, lambda: 0.0))
    assert budget.left() > 0
    notes = [cell["note"] for cell in written(tmp_path) if "at once" in cell["what"]]
    assert [note.startswith("left out: about ") for note in notes] == [True, True]


def test_a_machine_without_a_gpu_tells_what_another_measured(tmp_path: Path) -> None:
    assert gpu.last_measured()["sd15_512"] == GPU
    written = {"run": "full", "machine": {"gpu": "Some Card, 1"}, "measured": {"sd15_512": 7.0}}
    (tmp_path / "engine-gpu-sd15.json").write_text(json.dumps(written))
    assert gpu.last_measured()["sd15_512"] == "needs a GPU (7 on Some Card)"
