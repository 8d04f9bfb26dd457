"""Who asks for what, and when: arrivals drawn from a seed, or read from a file."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# What people ask for: few steps from distilled models, twenty by default, fifty when it must be good.
STEPS = (4, 20, 50)
STEPS_MIX = (60, 25, 15)  # per cent
MEAN_STEPS = sum(steps * parts for steps, parts in zip(STEPS, STEPS_MIX, strict=True)) / sum(STEPS_MIX)
SHORT = min(STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One picture asked for at `time`, in seconds. `rows` is how many rows one step of it takes."""

    time: float
    share: str
    steps: int
    size: int
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who asks: `shares` businesses alike, or one that sends `noisy` of all jobs and the others the rest."""

    shares: int = 20
    noisy: float = 0.0

    def draw(self, chance: random.Random) -> str:
        if self.noisy and chance.random() < self.noisy:
            return NOISY
        first = 1 if self.noisy else 0
        return f"business {chance.randrange(first, self.shares)}"


NOISY = "noisy"


def poisson(
    seed: int, jobs: int, rate: float, sizes: Sequence[int], crowd: Crowd | None = None
) -> list[Arrival]:
    """`jobs` arrivals, `rate` a second, of random size, steps and share."""
    chance, now = random.Random(seed), 0.0
    trace = []
    for _ in range(jobs):
        now += chance.expovariate(rate)
        trace.append(_arrival(chance, now, sizes, crowd or Crowd()))
    return trace


def flash(seed: int, jobs: int, sizes: Sequence[int], crowd: Crowd | None = None) -> list[Arrival]:
    """`jobs` arrivals at once."""
    chance = random.Random(seed)
    return [_arrival(chance, 0.0, sizes, crowd or Crowd()) for _ in range(jobs)]


def _arrival(chance: random.Random, now: float, sizes: Sequence[int], crowd: Crowd) -> Arrival:
    share = crowd.draw(chance)
    (steps,) = chance.choices(STEPS, STEPS_MIX)
    return Arrival(time=now, share=share, steps=steps, size=chance.choice(sizes))


def rate_at(load: float, sizes: Sequence[int], solo_step: Callable[[int], float]) -> float:
    """Arrivals a second that keep a machine busy `load` of the time that makes pictures one at a time."""
    seconds = MEAN_STEPS * sum(solo_step(size) for size in sizes) / len(sizes)
    return load / seconds


def read(path: Path) -> list[Arrival]:
    """A trace from a CSV file with the columns time, share, steps, size and, if not 1, rows."""
    with path.open(newline="") as lines:
        return sorted(_parsed(csv.DictReader(lines)), key=lambda arrival: arrival.time)


def _parsed(rows: csv.DictReader[str]) -> Iterator[Arrival]:
    for row in rows:
        yield Arrival(
            time=float(row["time"]),
            share=row["share"],
            steps=int(row["steps"]),
            size=int(row["size"]),
            rows=int(row.get("rows") or 1),
        )
