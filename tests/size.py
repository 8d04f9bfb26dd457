"""How long the functions and files are: `python -m tests.size`. A function over 40 lines fails, and so do a
class name that stands twice within an app and a line of a page or a style over 120 characters."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("accounts", "generation", "webapp", "tests", "bench")
LONGEST_FUNCTION = 40
LARGE_FILE = 300
WIDEST = 120  # characters
PAGES = ("templates/**/*.html", "static/css/**/*.css")
NAMED_BY_DJANGO = ("Command",)


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


def twice(sources: Mapping[str, str]) -> Iterator[str]:
    """Every name that two classes of one app have, with the files: one word for one thing."""
    files: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_DJANGO:
                files[file.split("/")[0], node.name].append(file)
    return (f"TWICE: {name} in {' and '.join(found)}" for (_, name), found in files.items() if len(found) > 1)


def wide(root: Path) -> Iterator[str]:
    """Every line of a page or a style that is too long to be read in a diff."""
    for path in sorted(path for pattern in PAGES for path in root.glob(pattern)):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if len(line) > WIDEST:
                where = f"{path.relative_to(root)}:{number}"
                yield f"TOO WIDE: {len(line)} characters, the most is {WIDEST}: {where}"


def percentile(values: list[int], percent: int) -> int:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)] if values else 0


def report(root: Path) -> tuple[list[str], bool]:
    """The report's lines, and whether every function and line is short enough and no class name doubled."""
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
    refused = [*twice(sources), *wide(root)]
    return lines + refused, not (too_long or refused)


if __name__ == "__main__":
    lines, is_fine = report(ROOT)
    print("\n".join(lines))
    sys.exit(0 if is_fine else 1)
