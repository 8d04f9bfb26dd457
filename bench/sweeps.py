"""All of the large sweeps of which bin/test tries a seeded part: layouts, schedules of the engine, kills.

Each is files of tests, run with --full in a process of its own; pytest says what failed as it always does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bench.harness import Cell, Result, Target
from bench.machine import ROOT

SWEEPS = {
    "layouts": ("tests/compositor/test_layouts.py",),
    "schedules": (
        "tests/engine/test_schedules.py",
        "tests/engine/test_exactness.py",
        "tests/engine/test_order.py",
    ),
    "kills": ("tests/faults/test_worker_lost.py",),
}
TARGETS = tuple(Target(name, f"tests of all {name} that fail", 0, "", at_most=True) for name in SWEEPS)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a sweep's tests. failed: those that were not even begun included."""

    seconds: tuple[float, ...]
    failed: int


def run(quick: bool) -> Result:
    result = Result("sweeps")
    for name, files in SWEEPS.items():
        outcome = tried(files, quick)
        answers = f"{len(outcome.seconds) - outcome.failed} of {len(outcome.seconds)} pass"
        result.cells.append(Cell(f"{name}: a test", answers, "s", outcome.seconds))
        result.measured[name] = outcome.failed
    return result


def tried(files: tuple[str, ...], quick: bool) -> Tally:
    """quick: the part that bin/test tries."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        tier = () if quick else ("--full", "--timeout=7200")
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *tier, f"--junitxml={report.name}", *files],
            cwd=ROOT,
            check=False,  # What failed is in the report.
        )
        return outcome_of(Path(report.name).read_text())


def outcome_of(report: str) -> Tally:
    """Of pytest's XML. Raises ElementTree.ParseError when pytest wrote none."""
    cases = list(ElementTree.fromstring(report).iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return Tally(tuple(float(case.attrib["time"]) for case in cases), len(failed))
