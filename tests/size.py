"""How long the functions and files are: `python -m tests.size`. A function over 60 lines fails."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("accounts", "generation", "webapp", "tests", "bench")
LONGEST_FUNCTION = 60
LARGE_FILE = 300


class Function(NamedTuple):
    lines: int
    name: str


def functions(source: str, file: str) -> Iterator[Function]:
    """Every function in `source`, with its lines from `def` to its end; the docstring does not count."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            docstring = node.body[0].end_lineno - node.body[0].lineno + 1 if documented else 0
            yield Function(node.end_lineno - node.lineno + 1 - docstring, f"{file}:{node.lineno} {node.name}")


def percentile(values: list[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)] if values else 0


def report(root: Path) -> tuple[list[str], bool]:
    """The report's lines, and whether every function is short enough."""
    sources = {
        str(path.relative_to(root)): path.read_text()
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*.py"))
        if path.parent.name != "migrations"
    }
    found = [function for file, source in sources.items() for function in functions(source, file)]
    lengths = {file: source.count("\n") for file, source in sources.items()}
    tests = sum(lines for file, lines in lengths.items() if file.startswith("tests/"))
    p90 = percentile([function.lines for function in found], 90)
    lines = [
        f"{len(lengths)} files, {sum(lengths.values()) - tests} lines of code, {tests} of tests;"
        f" {len(found)} functions, median {percentile([f.lines for f in found], 50)} lines, p90 {p90}",
        *(
            f"largest: {lines:4} {file}"
            for file, lines in sorted(lengths.items(), key=lambda item: -item[1])[:5]
        ),
        *(f"look hard: {lines} lines in {file}" for file, lines in lengths.items() if lines > LARGE_FILE),
        *(f"longest: {lines:4} {name}" for lines, name in sorted(found, reverse=True)[:3]),
    ]
    too_long = [function for function in found if function.lines > LONGEST_FUNCTION]
    lines += [f"TOO LONG: {lines} lines, the most is {LONGEST_FUNCTION}: {name}" for lines, name in too_long]
    return lines, not too_long


if __name__ == "__main__":
    lines, is_fine = report(ROOT)
    print("\n".join(lines))
    sys.exit(0 if is_fine else 1)
