"""A copy of the tree in which a fault can be put without anybody meeting it, and the tests run there."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.machine import ROOT
from bench.mutation.mutator import Mutant

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
NOTHING_RAN = 5  # pytest's answer


class Scratch:
    """The tree as it is, files that git does not know yet included, in a folder of its own. cluster: what
    the tests' PostgreSQL is a copy of; None for tests that need none.
    """

    def __init__(self, folder: Path, cluster: Path | None) -> None:
        self._database = [] if cluster is None else ["--reuse-db", f"--cluster={cluster}"]
        self.folder = folder / "tree"
        self._temporary = folder / "t"  # short: the path of a socket may have 107 bytes
        for path in _files():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, self.folder / path)

    @contextmanager
    def having(self, mutant: Mutant) -> Iterator[None]:
        """While it is entered: the fault is in the file."""
        file = self.folder / mutant.file
        whole = file.read_bytes()
        try:
            self._write(file, mutant.applied_to(whole))
            yield
        finally:
            self._write(file, whole)

    def run(self, tests: Iterable[str], *, seconds: float) -> str:
        """Run some tests, up to the first that fails. Returns that, "the start" where none began, or nothing.

        Raises TimeoutError after `seconds`.
        """
        chosen = [*tests]
        listed = self.folder.parent / "chosen.json"
        listed.write_text(json.dumps(chosen))
        files = dict.fromkeys(name.partition("::")[0] for name in chosen)
        code, printed = self.pytest("-x", "--tb=no", f"--only-tests={listed}", *files, seconds=seconds)
        if code == NOTHING_RAN:
            raise RuntimeError(f"none of the chosen tests is there: {chosen[:3]}")
        found = FAILED.search(printed)
        return (found[1] if found else "the start") if code else ""

    def pytest(self, *words: str, seconds: float) -> tuple[int, str]:
        """What pytest answers and prints, with the plug-in of `probes`."""
        command = [sys.executable, "-m", "pytest", "-p", "bench.mutation.probes", "-p", "no:cacheprovider"]
        self._temporary.mkdir()
        process = subprocess.Popen(
            [*command, "-q", "--color=no", *self._database, *words],
            cwd=self.folder,
            env={**os.environ, "TMPDIR": str(self._temporary), "COLUMNS": "1000"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            printed, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            shutil.rmtree(self._temporary, ignore_errors=True)
        return process.returncode, printed

    @staticmethod
    def _write(file: Path, data: bytes) -> None:
        """Bytecode is taken for new while the size and the second are the same: it goes with the old text."""
        file.write_bytes(data)
        Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


@contextmanager
def scratch(cluster: Path | None) -> Iterator[Scratch]:
    with tempfile.TemporaryDirectory(prefix="hb-") as folder:
        yield Scratch(Path(folder), cluster)


def _files() -> Sequence[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in listed.stdout.split("\0") if (ROOT / path).is_file()]
