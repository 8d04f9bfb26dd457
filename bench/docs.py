"""docs/benchmarks.md, its tables made from the committed results: nobody types a figure."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench import report
from bench.harness import Result, Target
from bench.machine import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- made by bin/bench --docs: begin -->", "<!-- made by bin/bench --docs: end -->"

Written = Mapping[str, Any]


def write(names: Sequence[str]) -> None:
    page = PAGE.read_text()
    before, after = page[: page.index(BEGIN)], page[page.index(END) + len(END) :]
    PAGE.write_text(f"{before}{made(names)}{after}")


def made(names: Sequence[str]) -> str:
    """What belongs between the marks, both included."""
    parts = ["## Against the targets", _targets(names)]
    for written in report.committed():
        parts += _one(written)
    return "\n\n".join([BEGIN, *parts, END])


def _targets(names: Sequence[str]) -> str:
    lines = []
    for name in names:
        targets: Sequence[Target] = importlib.import_module(f"bench.{name}").TARGETS
        result = _found(name)
        lines += [(name, *line) for line in report.target_lines(targets, result)]
    return _table(("bench", "what", "target", "measured", ""), lines)


def _found(name: str) -> Result:
    """What the committed results of a benchmark say, those of other machines for the targets they are for."""
    result = Result(name)
    for written in report.committed(f"{name}*"):
        result.measured |= written["measured"]
        result.missing |= written["missing"]
    return result


def _one(written: Written) -> list[str]:
    return [
        f"## {written['name']}",
        _where(written),
        _table(("what", "arm", "median", "smallest to largest"), report.summary_lines(written["cells"])),
    ]


def _where(written: Written) -> str:
    machine = written["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    gpu = f"{machine['gpu']}; " if machine["gpu"] else ""
    run = f"{written['run'].capitalize()} run of {written['date']} at commit {machine['commit'] or 'unknown'}"
    run += "" if written["seed"] is None else f", seed {written['seed']}"
    return (
        f"{run}: {gpu}{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB;"
        f" Python {machine['python']}, {packages}."
    )


def _table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
