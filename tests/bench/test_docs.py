"""The page of benchmarks says what the committed results say."""

import json
from pathlib import Path

import pytest

from bench import docs, report
from bench.__main__ import NAMES
from bench.harness import Cell, Result


def test_the_page_is_what_the_results_say() -> None:
    assert docs.made(NAMES) in docs.PAGE.read_text(), "run bin/bench --docs"


def test_a_result_becomes_a_table_that_names_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    cells = [
        Cell("four pictures", "ours", "pictures/s", (2.0, 3.0, 4.0)),
        Cell("four pictures", "compiled", "", (), note="not available"),
    ]
    report.save(Result("engine", cells, measured={"starter": 2.6}), quick=False)
    report.save(Result("growth", cells, measured={"claim": 2.0}), quick=True)
    page = docs.made(NAMES)
    assert "| four pictures | ours | 3 pictures/s | 2 to 4 |" in page
    assert "| four pictures | compiled | not available |  |" in page
    assert json.loads((tmp_path / "engine.json").read_text())["machine"]["processor"] in page
    assert "| 4 short jobs at once, starter, against plain float32 | >= 2.5x | 2.6x | held |" in page
    assert "| claim p95 at most jobs | <= 5 ms | not measured | - |" in page
