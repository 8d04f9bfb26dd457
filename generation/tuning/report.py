"""What a person reads of a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from .candidates import Candidate


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two pictures, in parts of the whole range from black to white: the largest, and the mean."""

    most: float
    mean: float

    def words(self) -> str:
        if self.most <= 1e-5:
            return "the same picture"
        return f"pictures differ by {self.mean:.2%} on average, {self.most:.1%} at most"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a candidate; `missing` says why there is nothing to tell."""

    candidate: Candidate
    before: float = 0.0
    after: float = 0.0
    difference: Difference = Difference(0.0, 0.0)
    is_on: bool = False
    missing: str = ""

    def words(self) -> str:
        if self.missing:
            return self.missing
        times = f"a picture in {seconds(self.after)} instead of {seconds(self.before)}"
        return f"{times}; {self.difference.words()}"

    def verdict(self) -> str:
        if self.is_on:
            return "on"
        name = self.candidate.allowed_by
        return f"off: it loses something; --allow {name} to have it" if name and self._is_faster() else "off"

    def _is_faster(self) -> bool:
        return self.after < self.before


def table(trials: Sequence[Trial]) -> str:
    """A line for each trial: what, on or off, and why."""
    width = max(len(trial.candidate.words) for trial in trials)
    lines = []
    for trial in trials:
        verdict = "-" if trial.missing else trial.verdict()
        lines.append(f"  {trial.candidate.words:<{width}}  {trial.words()}; {verdict}")
    return "\n".join(line.removesuffix("; -") for line in lines)


def seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 0.1 else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def summary(trials: Sequence[Trial], before: float, after: float) -> str:
    """All that was tried, and what it comes to."""
    gain = (
        f"A picture now takes {seconds(after)} instead of {seconds(before)}."
        if any(trial.is_on for trial in trials)
        else f"A picture takes {seconds(before)}, and nothing that was tried makes it faster by itself."
    )
    return f"{table(trials)}\n{gain}\nA worker that starts from now on runs the model so."
