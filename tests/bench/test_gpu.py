"""The cells for a GPU run to their end, on a processor with the tests' tiny models."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from bench import gpu, report
from bench.gpu import graphs, live, model
from bench.gpu.graphs import BUCKETS, Graphs
from bench.gpu.trial import Trial
from bench.harness import GPU
from bench.traces import Arrival
from generation.tuning import measuring
from tests.engine.tiny_pipelines import parts

SMALL = replace(gpu.rehearsal("cpu"), live=2.0, probe=8)


@pytest.fixture(autouse=True)
def results_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def frugal() -> Iterator[None]:
    """One core: so small a product of matrices is slower on several."""
    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(cores)


@pytest.fixture
def without_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what takes minutes or a GPU: a compiler, captured graphs, the time a measurement is given."""
    monkeypatch.setattr(graphs, "_capture", captured)
    monkeypatch.setattr(model, "FORMS", {"compiled": lambda plain: plain, "graphs": graphs.graphed})
    monkeypatch.setattr(measuring, "ENOUGH", 0.0)
    monkeypatch.setattr(measuring, "FEWEST", 1)


def captured(run: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
    """As a device captures: what runs it again writes its answer where the first one lies."""
    answer = run()

    def replay() -> None:
        for own, new in zip(tensors(answer), tensors(run()), strict=True):
            own.copy_(new)

    return replay, answer


def tensors(answer: Any) -> list[torch.Tensor]:
    return [leaf for leaf in torch.utils._pytree.tree_leaves(answer) if isinstance(leaf, torch.Tensor)]


def test_every_cell_of_a_model_runs_and_is_saved(tmp_path: Path, without_devices: None) -> None:
    section = gpu.small(gpu.SECTIONS[0])
    section = replace(
        section,
        side=32,
        pictures=(2,),
        rows=(2,),
        forms=("compiled", "graphs"),
        ratio="sdxl_512",
        extras=("few_steps", "own_cost", "live"),
    )
    result = gpu.run([section], SMALL, quick=False)
    reached = {"sdxl_1024", "sdxl_512", "few_steps", "few_steps_ratio", "own_cost_gpu"}
    assert [cell.note for cell in result.cells if not cell.samples] == []
    assert set(result.measured) == reached
    assert all(value > 0 for value in result.measured.values())
    assert result.measured.keys().isdisjoint(result.missing)
    written = json.loads((tmp_path / "engine-gpu-sdxl.json").read_text())
    assert len(written["cells"]) == len(result.cells)
    arms = {cell.arm for cell in result.cells}
    assert {"probe", "eager", "plain", "plain, compiled", "ours, compiled", "ours, graphs"} <= arms
    assert {"static batch, compiled", "omni-like, compiled", "ours", "ours, simulated"} <= arms


def test_a_model_that_runs_one_row_a_picture_runs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_devices: None
) -> None:
    monkeypatch.setattr(Trial, "_measure_exactness", lambda trial: None)
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    (tmp_path / "out").mkdir()
    section = replace(gpu.small(gpu.SECTIONS[-1]), side=32, pictures=(2,), rows=(1, 2), forms=())
    result = gpu.run([section], SMALL, quick=True)
    assert result.measured["flow"] > 0
    written = json.loads((tmp_path / "out" / "engine-gpu-zimage-quick.json").read_text())
    rows = [cell["what"].split()[-2] for cell in written["cells"] if cell["unit"] == "s"]
    assert rows == ["1", "2"]


# --- graphs -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unet() -> Any:
    torch.manual_seed(0)
    return parts.unet(32).eval()


@pytest.mark.parametrize("rows", [1, BUCKETS[0], BUCKETS[0] + 1, BUCKETS[-1] + 1])
def test_a_graph_answers_as_the_denoiser_does(rows: int, unet: Any) -> None:
    graphed = Graphs(unet, captured)
    with torch.inference_mode():
        for _ in range(2):
            sample, text = torch.randn(rows, 4, 8, 8), torch.randn(rows, 7, 32)
            times = torch.arange(rows) * 10.0
            (own,) = graphed(sample, times, encoder_hidden_states=text, return_dict=False)
            (plain,) = unet(sample, times, encoder_hidden_states=text, return_dict=False)
            assert own.shape == plain.shape
            assert (own - plain).abs().max() <= 1e-5


def test_a_bucket_is_captured_once_and_its_answers_last(unet: Any) -> None:
    captures = []

    def counted(run: Callable[[], Any]) -> tuple[Callable[[], None], Any]:
        captures.append(1)
        return captured(run)

    graphed = Graphs(unet, counted)
    text = torch.randn(8, 7, 32)
    with torch.inference_mode():
        answers = []
        for rows in (3, 5, 8, 3):
            sample = torch.full((rows, 4, 8, 8), float(rows))
            answers += graphed(sample, torch.ones(rows), encoder_hidden_states=text[:rows], return_dict=False)
    assert len(captures) == 1
    assert torch.equal(answers[0], answers[3])
    assert not torch.equal(answers[0][0], answers[1][0])


# --- live -------------------------------------------------------------------------------------------------


def arrivals(*times: float) -> list[Arrival]:
    return [Arrival(time=time, share="a", steps=4, size=512) for time in times]


def served(takes: float, *times: float, patience: float = 5.0) -> tuple[live.Served, list[str]]:
    """On a fake clock, each picture `takes` seconds."""
    ticks, cancelled = count(), []

    def clock() -> float:
        return next(ticks) * 0.01

    def submit(arrival: Arrival) -> Any:
        end = clock() + takes
        return SimpleNamespace(
            done=lambda: clock() >= end, result=lambda: None, cancel=lambda why: cancelled.append(why)
        )

    found = live.serve(submit, arrivals(*times), patience=patience, clock=clock, sleep=lambda seconds: None)
    return found, cancelled


def test_latencies_are_from_arrival_to_picture() -> None:
    found, cancelled = served(1.0, 0.5, 2.0, 2.1)
    assert [round(latency, 1) for latency in found.latencies] == pytest.approx([1.0] * 3, abs=0.11)
    assert (found.open, cancelled) == (0, [])


def test_who_is_not_done_in_time_is_counted_and_cancelled() -> None:
    found, cancelled = served(100.0, 0.5, 1.0, patience=2.0)
    assert found == live.Served((), 2)
    assert len(cancelled) == 2
    (cell,) = live.cells("what", "ours", found)
    assert cell.note == "no picture in time"


def test_arrivals_bring_the_load_that_is_asked_for() -> None:
    trace = live.arrivals(row_steps=1000, side=512, rows=2, seconds=400)
    asked = sum(one.rows * one.steps for one in trace) / 400
    assert asked == pytest.approx(live.LOAD * 1000, rel=0.1)
    assert max(one.time for one in trace) <= 400


def test_a_machine_without_a_gpu_tells_what_another_measured(tmp_path: Path) -> None:
    assert gpu.last_measured()["sd15_512"] == GPU
    written = {"run": "full", "machine": {"gpu": "Some Card, 1"}, "measured": {"sd15_512": 7.0}}
    (tmp_path / "engine-gpu-sd15.json").write_text(json.dumps(written))
    assert gpu.last_measured()["sd15_512"] == "needs a GPU (7 on Some Card)"
