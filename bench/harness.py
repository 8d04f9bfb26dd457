"""What a benchmark is made of: arms that take turns, cells of samples, targets and what was measured.

Each benchmark is a module of this package with `TARGETS` and `run(quick) -> Result`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

GPU = "needs a GPU"

Arm = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach: `bound` or more, or with `at_most` that or less. `key` is unique in its module.

    `unit` is written behind the figure: "x", "ms", "%", " pictures/s".
    """

    key: str
    what: str
    bound: float
    unit: str = "x"
    at_most: bool = False

    def is_held_by(self, measured: float) -> bool:
        return measured <= self.bound if self.at_most else measured >= self.bound


@dataclass(frozen=True, slots=True)
class Cell:
    """Samples of one quantity in one place of a benchmark's table: what was run, and by which arm."""

    what: str
    arm: str
    unit: str
    samples: tuple[float, ...]
    note: str = ""

    def __post_init__(self) -> None:
        assert self.samples or self.note, "a cell that was not measured says why"

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest sample."""
        return min(self.samples), max(self.samples)


@dataclass(slots=True)
class Result:
    """What one run of one benchmark found. `measured` and `missing` are by the keys of its targets.

    `missing` says why a target was not measured; `is_saved`, that its parts are in files already. seed: where
    what is drawn begins; None where nothing is.
    """

    name: str
    cells: list[Cell] = field(default_factory=list)
    measured: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    is_saved: bool = False
    seed: int | None = None

    def absorb(self, other: Result) -> None:
        """Take in what another part of the same benchmark found."""
        self.cells += other.cells
        self.measured |= other.measured
        self.missing |= other.missing


def interleaved(arms: Mapping[str, Arm], *, rounds: int, warm_ups: int = 1) -> dict[str, tuple[float, ...]]:
    """Seconds that each arm took, round by round: A B A B, so that a slower minute hits all of them."""
    for _ in range(warm_ups):
        for arm in arms.values():
            arm()
    taken: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            taken[name].append(seconds_of(arm))
    return {name: tuple(seconds) for name, seconds in taken.items()}


def seconds_of(arm: Arm) -> float:
    began = time.perf_counter()
    arm()
    return time.perf_counter() - began


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' own ratios, which a slower minute leaves as they are."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that `percent` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
