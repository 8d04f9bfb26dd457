"""Arms take turns, ratios are within a round, and a target is held, is not, or says why nobody knows."""

import json
import subprocess
from pathlib import Path

import pytest

from bench import report
from bench.harness import GPU, Cell, Result, Target, interleaved, percentile, ratio
from bench.machine import ROOT

FAST = Target("fast", "pictures a second against plain", 2.5)
SHORT = Target("short", "click to claimed, p50", 30, " ms", at_most=True)
FAR = Target("far", "SDXL on a GPU", 2.0)


@pytest.fixture
def result() -> Result:
    cell = Cell("4 pictures", "ours", "pictures/s", (2.0, 3.0, 4.0))
    return Result("engine", [cell], measured={"fast": 2.6, "short": 31.0}, missing={"far": GPU})


def test_arms_take_turns() -> None:
    calls: list[str] = []
    taken = interleaved(
        {"plain": lambda: calls.append("a"), "ours": lambda: calls.append("b")}, rounds=3, warm_ups=1
    )
    assert "".join(calls) == "abababab"
    assert {name: len(seconds) for name, seconds in taken.items()} == {"plain": 3, "ours": 3}


def test_a_slow_round_leaves_the_ratio_as_it_is() -> None:
    assert ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == 2.0


def test_percentiles_are_samples() -> None:
    samples = [float(number) for number in range(100)]
    assert (percentile(samples, 50), percentile(samples, 95), percentile(samples[:1], 95)) == (50, 95, 0)


def test_the_table_says_held_not_held_or_why_not_measured(result: Result) -> None:
    lines = report.target_lines([FAST, SHORT, FAR], result)
    assert [line[1:] for line in lines] == [
        (">= 2.5x", "2.6x", "held"),
        ("<= 30 ms", "31 ms", "NOT HELD"),
        (">= 2x", "needs a GPU", "-"),
    ]


def test_a_saved_result_names_its_machine_versions_and_commit(result: Result, tmp_path: Path) -> None:
    path = report.save(result, quick=False, folder=tmp_path)
    written = json.loads(path.read_text())
    assert path.name == "engine.json"
    assert written["cells"][0] | {"median": 3.0, "spread": [2.0, 4.0], "count": 3} == written["cells"][0]
    assert written["machine"]["processor"]
    assert written["machine"]["packages"]["torch"]
    assert "commit" in written["machine"]


def test_every_sample_is_kept_beside_the_summary_where_git_does_not_see_it(
    result: Result, tmp_path: Path
) -> None:
    path = report.save(result, quick=False, folder=tmp_path)
    samples = tmp_path / "samples" / path.name
    assert "samples" not in path.read_text()
    assert json.loads(samples.read_text())["cells"][0]["samples"] == [2.0, 3.0, 4.0]
    ignored = ["git", "check-ignore", "--quiet", str(report.RESULTS / "samples" / path.name)]
    assert subprocess.call(ignored, cwd=ROOT) == 0


def test_a_quick_run_does_not_replace_a_full_one(result: Result, tmp_path: Path) -> None:
    assert report.save(result, quick=True, folder=tmp_path).name == "engine-quick.json"
    assert report.committed("engine*", tmp_path) == []


def test_a_cell_without_samples_says_why() -> None:
    with pytest.raises(AssertionError):
        Cell("compiled", "plain", "s", ())
    missing = Cell("4 pictures", "compiled", "s", (), note="no C++ compiler")
    assert report.cell_lines([missing]) == [("4 pictures", "compiled", "no C++ compiler", "")]
