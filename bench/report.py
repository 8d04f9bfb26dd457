"""Results as JSON files, and the table of targets: what was wanted, what was measured, whether it holds.

A result is two files: a small summary, which git keeps, and every sample in `samples/`, which it does not.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import machine
from bench.harness import Cell, Result, Target

RESULTS = Path(__file__).with_name("results")


def save(result: Result, *, quick: bool, folder: Path | None = None) -> Path:
    """Write `<name>.json` and `samples/<name>.json`; for a quick run `<name>-quick.json`, which git does not
    keep. Returns the path of the first.
    """
    name = f"{result.name}{'-quick' if quick else ''}.json"
    report = {
        "name": result.name,
        "run": "quick" if quick else "full",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine.facts(),
        "seed": result.seed,
        "measured": result.measured,
        "missing": result.missing,
    }
    path = (folder or RESULTS) / name
    _write(path, report, [_summary(cell) for cell in result.cells])
    _write(samples_folder(folder) / name, report, [asdict(cell) for cell in result.cells])
    return path


def samples_folder(folder: Path | None = None) -> Path:
    """Where a benchmark may leave what git does not keep."""
    found = (folder or RESULTS) / "samples"
    found.mkdir(exist_ok=True)
    return found


def _write(path: Path, report: Mapping[str, object], cells: Sequence[Mapping[str, object]]) -> None:
    """A line a cell. In one go, as a lent machine may be taken back in the middle of one."""
    head = json.dumps(report, indent=1).removesuffix("\n}")
    lines = ",\n".join(f"  {json.dumps(cell, ensure_ascii=False)}" for cell in cells)
    part = path.with_suffix(".part")
    part.write_text(f'{head},\n "cells": [\n{lines}\n ]\n}}\n')
    part.replace(path)


def _summary(cell: Cell) -> dict[str, object]:
    summary: dict[str, object] = {"what": cell.what, "arm": cell.arm, "unit": cell.unit, "note": cell.note}
    if cell.samples:
        spread = [_short(end) for end in cell.spread]
        summary |= {"count": len(cell.samples), "median": _short(cell.median), "spread": spread}
    return summary


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def committed(names: str = "*", folder: Path | None = None) -> list[dict[str, Any]]:
    """The kept results whose names match, in order; those of quick runs are not kept."""
    paths = sorted((folder or RESULTS).glob(f"{names}.json"))
    return [json.loads(path.read_text()) for path in paths if not path.stem.endswith("-quick")]


def target_lines(targets: Sequence[Target], result: Result) -> list[tuple[str, str, str, str]]:
    """What, target, measured, held or not: a line for each target."""
    return [(t.what, wanted(t), *_verdict(t, result.measured, result.missing)) for t in targets]


def wanted(target: Target) -> str:
    return f"{'<=' if target.at_most else '>='} {figure(target.bound)}{target.unit}"


def _verdict(target: Target, measured: Mapping[str, float], missing: Mapping[str, str]) -> tuple[str, str]:
    if target.key not in measured:
        return missing.get(target.key, "not measured"), "-"
    value = measured[target.key]
    return f"{figure(value)}{target.unit}", "held" if target.is_held_by(value) else "NOT HELD"


def figure(value: float) -> str:
    """Three significant digits."""
    if value != 0 and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def cell_lines(cells: Sequence[Cell]) -> list[tuple[str, str, str, str]]:
    """What, arm, median with unit, smallest and largest."""
    return summary_lines([_summary(cell) for cell in cells])


def summary_lines(cells: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """The same of cells as they are in a file."""
    return [
        (
            cell["what"],
            cell["arm"],
            f"{figure(cell['median'])} {cell['unit']}",
            " to ".join(map(figure, cell["spread"])),
        )
        if "median" in cell
        else (cell["what"], cell["arm"], cell["note"], "")
        for cell in cells
    ]


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need to be."""
    widths = [max(len(row[column]) for row in [header, *lines]) for column in range(len(header))]
    ruled = [header, ["-" * width for width in widths], *lines]
    padded = [[text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in ruled]
    return "\n".join("  ".join(row).rstrip() for row in padded)
