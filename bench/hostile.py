"""Files from people who mean harm, at every door: how long, how large, and whether one came back as it was.

The corpus is `tests/hostile`, the doors are the functions that the site itself calls. Time is from the file's
last byte to the answer; memory is the largest process that was started, looked at every few milliseconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench.harness import Cell, Result, Target
from bench.own_identity import own_identity
from generation.compositor import uploaded_font
from generation.provenance import SigningIdentity
from generation.provenance.inspection import inspect
from generation.sandbox import FileRefused
from tests.hostile import DOORS, Hostile, corpus
from webapp.brand import logo

COUNT, QUICK_COUNT, SEED = 300, 30, 9
MOST_SECONDS, MOST_MEGABYTES = 10.0, 300.0
LOOK = 0.004  # seconds
TARGETS = (
    Target("slow", f"hostile files over {MOST_SECONDS:.0f} s", 0, "", at_most=True),
    Target("large", f"hostile files over {MOST_MEGABYTES:.0f} MB", 0, "", at_most=True),
    Target("as they came", "hostile files kept as they came", 0, "", at_most=True),
    Target("ours", "hostile files said to be made here", 0, "", at_most=True),
    Target("crashes", "hostile files that were no answer", 0, "", at_most=True),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. answer: "taken", "refused", "made here" or an exception that nobody wanted."""

    file: Hostile
    seconds: float
    megabytes: float
    answer: str
    kept: bytes = b""


def run(quick: bool) -> Result:
    result = Result("hostile", seed=SEED)
    with own_identity() as identity:
        outcomes = [outcome(file, identity) for file in corpus(QUICK_COUNT if quick else COUNT, SEED)]
    for door in DOORS:
        here = [one for one in outcomes if one.file.door == door]
        answers = f"{sum(one.answer == 'refused' for one in here)} of {len(here)} refused"
        result.cells += [
            Cell(f"{door}: time", answers, "s", tuple(one.seconds for one in here)),
            Cell(f"{door}: memory", answers, "MB", tuple(one.megabytes for one in here)),
        ]
    result.measured = {
        "slow": sum(one.seconds > MOST_SECONDS for one in outcomes),
        "large": sum(one.megabytes > MOST_MEGABYTES for one in outcomes),
        "as they came": sum(is_as_it_came(one) for one in outcomes),
        "ours": sum(one.answer == "made here" for one in outcomes),
        "crashes": sum(one.answer not in ("taken", "refused", "made here") for one in outcomes),
    }
    return result


def outcome(file: Hostile, identity: SigningIdentity) -> Outcome:
    """Bring one file to its door."""
    kept, began = b"", time.perf_counter()
    with Children() as children:
        try:
            answer, kept = ENTRANCES[file.door](file.data, identity)
        except FileRefused:
            answer = "refused"
        except Exception as error:  # What is no refusal is what this looks for.
            answer = type(error).__name__
    return Outcome(file, time.perf_counter() - began, children.largest / 1e6, answer, kept)


def is_as_it_came(one: Outcome) -> bool:
    return bool(one.kept) and (one.kept == one.file.data or b"<script" in one.kept)


def _logo(data: bytes, _: SigningIdentity) -> tuple[str, bytes]:
    return "taken", logo.read(data).png


def _font(data: bytes, _: SigningIdentity) -> tuple[str, bytes]:
    return "taken", uploaded_font.read(data).data


def _verify(data: bytes, identity: SigningIdentity) -> tuple[str, bytes]:
    return "made here" if inspect(data, identity).is_ours else "taken", b""


ENTRANCES: dict[str, Callable[[bytes, SigningIdentity], tuple[str, bytes]]] = {
    "logo": _logo,
    "font": _font,
    "verify": _verify,
}


class Children:
    """While it is entered: the largest that any reader grew that this process has started, in bytes."""

    def __init__(self) -> None:
        self.largest = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Children:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            for children in Path("/proc/self/task").glob("*/children"):
                for process in children.read_text().split():
                    self.largest = max(self.largest, _largest(process))


def _largest(process: str) -> int:
    """The most memory that it ever had, resident; 0 for one that reads no file: ours that is about to become
    a reader, or another program that was started here.
    """
    try:
        if b"generation.sandbox.child" not in Path(f"/proc/{process}/cmdline").read_bytes():
            return 0
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # It has just ended.
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
