"""Faults put into the code on purpose, one at a time: whether a test notices each.

Thirty are written by hand (`bench.mutation.listed`); two hundred are drawn from all small changes of the
modules that decide who may do what, who pays and what is kept. Each runs in a copy of the tree, with the
tests that come by its line. A run that is stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from bench import report
from bench.harness import Cell, Result, Target
from bench.machine import ROOT
from bench.mutation import cluster, lines, listed, mutator
from bench.mutation.mutator import Mutant
from bench.mutation.scratch import Scratch, scratch

SEED = 20261127
COUNT, QUICK_COUNT = 200, 5
MODULES = (
    "accounts/access.py",
    "accounts/audit.py",
    "accounts/owners.py",
    "accounts/roles.py",
    "accounts/usage.py",
    "accounts/usage_report.py",
    "webapp/access.py",
    "generation/files/*.py",
    "generation/jobs/*.py",
    "generation/pictures/outputs.py",
    "generation/pictures/request_rules.py",
    "generation/pictures/submission.py",
)
TARGETS = (
    Target("listed", f"{len(listed.FAULTS)} listed mutants that a test notices", 100, " %"),
    Target("random", f"{COUNT} mutants drawn at random that a test notices", 90, " %"),
)
PATIENCE = 60.0  # seconds more than four times what the tests take without a fault
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Fate:
    """`killed_by`: the test that failed, or "the clock"; empty for a mutant that lives."""

    mutant: Mutant
    killed_by: str
    seconds: float


def run(quick: bool) -> Result:
    by_hand = listed.mutants()
    groups = {LISTED: by_hand[:QUICK_COUNT] if quick else by_hand}
    drawn = draw(QUICK_COUNT if quick else COUNT)
    groups |= {
        file: [one for one in drawn if one.file == file] for file in dict.fromkeys(m.file for m in drawn)
    }
    found = _tried([mutant for group in groups.values() for mutant in group])
    result = Result("mutations", seed=SEED)
    for name, group in groups.items():
        result.cells += _cells(name, [found[mutant] for mutant in group])
    result.measured = {
        "listed": _percent([found[mutant] for mutant in groups[LISTED]]),
        "random": _percent([found[mutant] for mutant in drawn]),
    }
    return result


def draw(count: int) -> list[Mutant]:
    """Of all mutants of the modules, in the order of their places."""
    everything = [one for file in files() for one in mutator.mutants((ROOT / file).read_bytes(), file)]
    chosen = random.Random(SEED).sample(range(len(everything)), min(count, len(everything)))
    return [everything[number] for number in sorted(chosen)]


def files() -> list[str]:
    return [str(path.relative_to(ROOT)) for pattern in MODULES for path in sorted(ROOT.glob(pattern))]


def _tried(mutants: Sequence[Mutant]) -> dict[Mutant, Fate]:
    """Each in turn, by as many processes as there are cores."""
    copies: SimpleQueue[Scratch] = SimpleQueue()
    with ExitStack() as stack:
        at_once = len(os.sched_getaffinity(0))
        template = stack.enter_context(cluster.made())
        scratches = [stack.enter_context(scratch(template)) for _ in range(at_once)]
        for one in scratches:
            copies.put(one)
        modules = sorted({*files(), *(mutant.file for mutant in listed.mutants())})
        known = lines.known(scratches[0], modules, report.samples_folder() / "mutations-lines.json")
        state = State(report.samples_folder() / "mutations-state.json")

        def try_one(mutant: Mutant) -> Fate:
            if (outcome := state.recall(mutant)) is None:
                copy = copies.get()
                try:
                    outcome = attempt(mutant, copy, known)
                finally:
                    copies.put(copy)
                state.keep(outcome)
                print(f"{outcome.seconds:5.0f} s  {outcome.killed_by or 'LIVES'}  {mutant}", flush=True)
            return outcome

        with ThreadPoolExecutor(at_once) as pool:
            return {outcome.mutant: outcome for outcome in pool.map(try_one, mutants)}


def attempt(mutant: Mutant, copy: Scratch, known: lines.Lines) -> Fate:
    """Run the tests that come by the mutant's line, with it."""
    began = time.monotonic()
    killed_by = ""
    with copy.having(mutant):
        for tests in known.tests_for(mutant):
            try:
                killed_by = copy.run(tests, seconds=PATIENCE + 4 * known.seconds_of(tests))
            except TimeoutError:
                killed_by = "the clock"
            if killed_by:
                break
    return Fate(mutant, killed_by, time.monotonic() - began)


class State:
    """The mutants that were killed, in a file: each while its file and the test that killed it stay as they
    are. One that lived is tried again, as a test may have been written for it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._killed = json.loads(file.read_text()) if file.exists() else {}
        self._writing = threading.Lock()

    def recall(self, mutant: Mutant) -> Fate | None:
        killed = self._killed.get(_key(mutant))
        if killed is None or killed["test"] != _hash_of(killed["by"]):
            return None
        return Fate(mutant, killed["by"], killed["seconds"])

    def keep(self, outcome: Fate) -> None:
        if outcome.killed_by:
            seconds, test = round(outcome.seconds, 1), _hash_of(outcome.killed_by)
            killed = {"by": outcome.killed_by, "seconds": seconds, "test": test}
            with self._writing:
                self._killed[_key(outcome.mutant)] = killed
                part = self._file.with_suffix(".part")
                part.write_text(json.dumps(self._killed, indent=1))
                part.replace(self._file)


def _key(mutant: Mutant) -> str:
    changed = mutant.applied_to((ROOT / mutant.file).read_bytes())
    return f"{mutant.file} {hashlib.sha256(changed).hexdigest()}"


def _hash_of(test: str) -> str:
    """Of the file that a test is in; nothing for what killed a mutant and is no test."""
    file = ROOT / test.partition("::")[0]
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _percent(outcomes: Sequence[Fate]) -> float:
    return 100 * sum(bool(one.killed_by) for one in outcomes) / len(outcomes)


def _cells(name: str, outcomes: Sequence[Fate]) -> list[Cell]:
    """Seconds a mutant, and each that lives with what it is."""
    killed = f"{sum(bool(one.killed_by) for one in outcomes)} of {len(outcomes)} killed"
    seconds = Cell(name, killed, "s", tuple(one.seconds for one in outcomes))
    alive = [one.mutant for one in outcomes if not one.killed_by]
    return [seconds, *(Cell(name, "lives", "", (), note=f"`{mutant}`") for mutant in alive)]
