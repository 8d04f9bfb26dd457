"""A plug-in of pytest, which is told to say which lines each test runs, or to run some tests only.

    pytest -p bench.mutation.probes --lines-of MODULE.py ... --lines-to FILE
    pytest -p bench.mutation.probes --only-tests FILE --cluster FOLDER --reuse-db

The lines are told by calls that are put before each statement when a module is imported: a tracer and the
engine's greenlets wait for each other. What other processes run is not seen.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from bench.mutation import cluster

PROBE = "_ran_"


class Probes(importlib.abc.MetaPathFinder):
    """Imports `modules` with a call before each statement. `note` takes the file and the line."""

    def __init__(self, modules: dict[str, str], note: Callable[[str, int], None]) -> None:
        self._modules, self._note = modules, note

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._modules:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(name, spec.origin, partial(self._note, self._modules[name]))
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, note: Callable[[int], None]) -> None:
        super().__init__(name, path)
        self._note = note

    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path), self.path)
        return compile(ast.fix_missing_locations(_Probed().visit(tree)), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, PROBE, self._note)
        super().exec_module(module)


class _Probed(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, name, None), list):
                setattr(node, name, list(_with_probes(statements)))
        return node


def _with_probes(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not text and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            call = ast.Call(ast.Name(PROBE, ast.Load()), [ast.Constant(statement.lineno)], [])
            yield ast.copy_location(ast.Expr(call), statement)
        yield statement


class _Recorder:
    """What each test ran: seconds, and lines by file; written at the end."""

    def __init__(self, files: Sequence[str], target: Path) -> None:
        self._target = target
        self._tests: dict[str, dict] = {}
        self._lines: dict[str, set[int]] = defaultdict(set)
        self._failed: set[str] = set()
        modules = {
            file.removesuffix(".py").removesuffix("/__init__").replace("/", "."): file for file in files
        }
        sys.meta_path.insert(0, Probes(modules, lambda file, line: self._lines[file].add(line)))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        self._lines.clear()
        began = time.monotonic()
        answer = yield
        lines = {file: sorted(found) for file, found in self._lines.items()}
        self._tests[item.nodeid] = {"seconds": round(time.monotonic() - began, 3), "lines": lines}
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        passed = {name: ran for name, ran in self._tests.items() if name not in self._failed}
        self._target.write_text(json.dumps(passed))


class _Chosen:
    def __init__(self, tests: Sequence[str]) -> None:
        self._tests = frozenset(tests)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._tests]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lines-of", nargs="+", default=[], metavar="FILE")
    parser.addoption("--lines-to", type=Path)
    parser.addoption("--only-tests", type=Path)
    parser.addoption("--cluster", type=Path, help="of PostgreSQL, to be copied instead of made")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before `tests/conftest.py` imports the site."""
    asked = early_config.known_args_namespace
    if asked.lines_to:
        early_config.pluginmanager.register(_Recorder(asked.lines_of, asked.lines_to))
    if asked.cluster:
        from webapp.postgres import server

        server.create = lambda folder, *_, **__: cluster.copy(asked.cluster, folder)
    if asked.only_tests:
        early_config.pluginmanager.register(_Chosen(json.loads(asked.only_tests.read_text())))
