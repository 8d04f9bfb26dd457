"""Which test runs which line, as a run of all that may matter has told; kept, as it takes minutes.

What is kept of a file of tests holds until that file or one of the modules changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.machine import ROOT
from bench.mutation.mutator import Mutant
from bench.mutation.scratch import Scratch

# Those that may run what is mutated. Tests of real processes wait for real clocks, and what those processes
# run is not seen.
TESTS = (
    "accounts/**/test_*.py",
    "checkpoints/test_*.py",
    "compositor/test_colours.py",
    "generation/**/test_*.py",
    "provenance/test_*.py",
    "webapp/**/test_*.py",
)
LEFT_OUT = ("tests/generation/worker/test_worker.py",)
HOUR = 3600.0
PARTS = (8.0, 50.0)  # seconds of tests for one mutant: some, and if none fails the others


class Lines:
    """`tests`: by the name of each test, what it ran: {"seconds": ..., "lines": {file: [line, ...]}}."""

    def __init__(self, tests: Mapping[str, dict]) -> None:
        self._tests = tests

    def tests_for(self, mutant: Mutant) -> list[list[str]]:
        """Those that come by its line, or for a line of the import all that use its file: first those of the
        file of tests that is called as the module is, then those that run little else.

        In parts, to be run one after the other: within one, Django puts tests with real commits last.
        """
        by_line = [name for name in self._tests if mutant.line in self._ran(name, mutant.file)]
        found = by_line or [name for name in self._tests if self._ran(name, mutant.file)]
        own = f"/test_{Path(mutant.file).name}::"
        in_order = iter(sorted(found, key=lambda name: (own not in name, self._width(name))))
        parts = (self._within(seconds, in_order) for seconds in PARTS)
        return [part for part in parts if part]

    def _within(self, seconds: float, tests: Iterator[str]) -> list[str]:
        """The next few, at least one of them if there is any."""
        chosen: list[str] = []
        taken = 0.0
        for name in tests:
            chosen.append(name)
            taken += self._tests[name]["seconds"]
            if taken > seconds:
                break
        return chosen

    def seconds_of(self, tests: Iterable[str]) -> float:
        return sum(self._tests[name]["seconds"] for name in tests)

    def _ran(self, test: str, file: str) -> Sequence[int]:
        return self._tests[test]["lines"].get(file, ())

    def _width(self, test: str) -> int:
        return sum(map(len, self._tests[test]["lines"].values()))


def known(scratch: Scratch, modules: Sequence[str], kept: Path) -> Lines:
    """What is kept at `kept`, brought up to date by running the files of tests that it does not know."""
    of_modules = _hash(modules)
    before = json.loads(kept.read_text()) if kept.exists() else {}
    files = before["files"] if before.get("modules") == of_modules else {}
    wanted = {path: _hash([path]) for path in test_files()}
    files = {path: found for path, found in files.items() if found["hash"] == wanted.get(path)}
    if missing := [path for path in wanted if path not in files]:
        print(f"which lines do the tests of {len(missing)} files run?", flush=True)
        for name, ran in _run(scratch, modules, missing).items():
            path = name.partition("::")[0]
            files.setdefault(path, {"hash": wanted[path], "tests": {}})["tests"][name] = ran
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps({"modules": of_modules, "files": files}))
    return Lines({name: ran for found in files.values() for name, ran in found["tests"].items()})


def test_files() -> list[str]:
    found = {path for pattern in TESTS for path in (ROOT / "tests").glob(pattern)}
    return sorted(name for path in found if (name := str(path.relative_to(ROOT))) not in LEFT_OUT)


def _run(scratch: Scratch, modules: Sequence[str], tests: Sequence[str]) -> dict[str, dict]:
    told = scratch.folder.parent / "lines.json"
    code, printed = scratch.pytest(*tests, f"--lines-to={told}", "--lines-of", *modules, seconds=HOUR)
    if code:
        print(f"Tests that fail without any fault are left out:\n{printed[-3000:]}", flush=True)
    return json.loads(told.read_text())


def _hash(files: Sequence[str]) -> str:
    return hashlib.sha256(b"\0".join((ROOT / file).read_bytes() for file in files)).hexdigest()
