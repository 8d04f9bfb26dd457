"""A whole run on a modelled GPU: it ends in time, and at any second what was measured lies on the disk."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from bench import gpu, report
from bench.arms import Job
from bench.gpu import model, race, record, session
from bench.gpu.budget import Budget
from bench.gpu.plan import Section
from bench.gpu.record import Record
from bench.gpu.widths import Widths
from bench.harness import Result
from tests.bench.modelled import Machine

FULL = replace(gpu.FULL, device="cpu", probe=8)
SECONDS = FULL.seconds


@pytest.fixture(autouse=True)
def results_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    for module in (record, race, session):  # a collection of this process's garbage each time
        monkeypatch.setattr(module, "free_cached_memory", lambda: None)
    monkeypatch.setattr(session, "gigabytes", lambda: 85.0)


def run(
    machine: Machine, patch: pytest.MonkeyPatch, sections: Sequence[Section] = gpu.SECTIONS, **changes: Any
) -> Result:
    machine.install(patch)
    budget = Budget(SECONDS, machine.clock)
    return gpu.run(sections, replace(FULL, **changes), quick=False, budget=budget)


def on_disk(folder: Path) -> dict[str, list[dict]]:
    files = folder.glob("engine-gpu-*.json")
    return {file.stem: json.loads(file.read_text())["cells"] for file in files}


@pytest.mark.parametrize("slowness", [0.8, 1.2])
def test_a_run_ends_in_time_with_all_that_an_h100_can_show(
    slowness: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(slowness)
    result = run(machine, monkeypatch)
    assert machine.now <= SECONDS
    wanted = {target.key for target in gpu.TARGETS}
    assert wanted - {"flow"} <= result.measured.keys()
    told = {cell.arm for cell in result.cells if "Poisson" in cell.what and cell.samples}
    assert {"ours", "omni-like", "ours, simulated", "omni-like, simulated", "ours, p95"} <= told


@pytest.mark.parametrize("slowness", [4.0, 30.0])
def test_a_run_on_a_slow_device_ends_all_the_same(slowness: float, monkeypatch: pytest.MonkeyPatch) -> None:
    longest: list[float] = []
    machine = Machine(slowness, longest.append)
    result = run(machine, monkeypatch)
    assert machine.now <= SECONDS + max(longest)  # a call that has begun is not ended
    assert any("no time left" in cell.note for cell in result.cells)
    assert any(cell.samples for cell in result.cells)


def test_whenever_time_passes_all_that_is_known_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Record] = []
    init = Record.__init__

    def remember(one: Record, *args: Any, **more: Any) -> None:
        init(one, *args, **more)
        made.append(one)

    def passing(seconds: float) -> None:
        files = on_disk(tmp_path)
        for one in made:
            assert len(files.get(one.result.name, [])) == len(one.result.cells)
        seen.append(sum(map(len, files.values())))

    seen: list[int] = []
    monkeypatch.setattr(Record, "__init__", remember)
    run(Machine(passing=passing), monkeypatch, live=5)
    assert len(seen) > 100
    assert seen == sorted(seen)
    assert seen[-1] > 50


@pytest.mark.parametrize("second", [1, 60, 200, 333])
def test_a_run_that_is_taken_back_leaves_results(
    second: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TakenBack(BaseException):
        pass

    def passing(seconds: float) -> None:
        if machine.now + seconds > second:
            raise TakenBack

    machine = Machine(passing=passing)
    with pytest.raises(TakenBack):
        run(machine, monkeypatch, live=5)
    (sdxl,) = (cells for name, cells in on_disk(tmp_path).items() if name == "engine-gpu-sdxl")
    assert sdxl[0]["arm"] == "probe"


def test_a_file_is_whole_though_the_machine_goes_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TakenBack(BaseException):
        pass

    kept = Record("engine-gpu-sdxl", Budget(10), quick=False)
    kept.leave_out("first", "why")

    def goes(part: Path, text: str) -> None:
        with part.open("w") as file:
            file.write(text[:100])
        raise TakenBack

    monkeypatch.setattr(Path, "write_text", goes)
    with pytest.raises(TakenBack):
        kept.leave_out("second", "why")
    assert [cell["what"] for cell in on_disk(tmp_path)["engine-gpu-sdxl"]] == ["first"]


def notes_of(result: Result) -> dict[tuple[str, str], str]:
    return {(cell.what, cell.arm): cell.note for cell in result.cells}


def fails_in(form: str, error: Exception) -> Callable[[Machine], None]:
    def install(machine: Machine) -> None:
        draw_all = machine.draw_all

        def draw(pipeline: Any, job: Job) -> None:
            if pipeline.unet.form == form:
                raise error
            draw_all(pipeline, job)

        machine.draw_all = draw

    return install


def test_an_arm_that_fails_ends_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    fails_in("graphs", torch.OutOfMemoryError("CUDA out of memory"))(machine)
    notes = notes_of(run(machine, monkeypatch, gpu.SECTIONS[1:2]))
    what = "sd15 512 px, 20 steps, 8 at once"
    assert notes[what, "ours, graphs"] == "failed: OutOfMemoryError"
    assert notes[what, "ours, compiled"] == notes[what, "plain"] == ""


def test_without_a_compiler_policies_are_compared_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    machine.install(monkeypatch)
    monkeypatch.setitem(model.FORMS, "compiled", lambda plain: 1 / 0)
    result = gpu.run(gpu.SECTIONS[:1], FULL, quick=False, budget=Budget(SECONDS, machine.clock))
    notes = notes_of(result)
    assert notes["sdxl, compiled", "all"] == "failed: ZeroDivisionError"
    assert notes["sdxl 1024 px, 20 steps, 8 at once", "omni-like, eager"] == ""


def test_a_model_without_a_curve_is_measured_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Widths, "_width", lambda *args: 1 / 0)
    result = run(Machine(), monkeypatch, gpu.SECTIONS[2:3], live=5)
    notes = notes_of(result)
    assert notes["sdxl 512 px, a step of 2 rows, eager", "all"] == "failed: ZeroDivisionError"
    assert "sdxl_512" in result.measured
    assert any(cell.arm == "ours" and "Poisson" in cell.what for cell in result.cells)


def test_a_model_that_is_too_large_for_the_device_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(Machine(0.2), monkeypatch, gpu.SECTIONS[3:])
    notes = notes_of(result)
    assert notes["flux", "all"] == "left out: needs 120 GB"
    assert any(what.startswith("zimage") and not note for (what, _), note in notes.items())


def test_a_cell_that_is_too_long_for_what_is_left_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = notes_of(run(Machine(12.0), monkeypatch, gpu.SECTIONS[:2]))
    assert any(note.startswith("left out: about ") for note in notes.values())


def test_a_cell_that_runs_past_its_share_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(Machine(), monkeypatch, gpu.SECTIONS[:1], cell=6.0)
    cells = {cell.arm: cell for cell in result.cells if cell.what.endswith("8 at once")}
    assert cells["plain"].samples
    assert cells["plain"].note == "its first call alone: no time left"
    assert cells["static batch, compiled"].note == "left out: no time left"
    assert "few_steps" in result.measured  # which has a share of its own
