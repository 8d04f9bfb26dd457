"""How others order the same work, on the schedule's own interface, to be compared with it.

Each is what people run today, given every benefit of the doubt: no cost of its own, no failure, and every
request of one model, so that none has to be loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from generation.engine.batch_scheduler import BatchScheduler, Waiting

WIDTH = 8  # requests: vLLM-Omni's documented --max-num-seqs, and the engine's default
WINDOW = 0.05  # seconds: SGLang's documented --batching-delay-ms


class Policy(Protocol):
    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        """The calls to run now. None although some wait: ask again at `look_again`."""

    def charge(self, chosen: Sequence[Waiting], seconds: float) -> None: ...


def look_again(policy: Policy) -> float:
    """When a policy that picked nothing wants to be asked again, in the clock's seconds."""
    return float(getattr(policy, "look_again", float("inf")))


class Fifo:
    """One picture after the other, from its text to its pixels: a Celery worker with one slot."""

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        return [min(waiting, key=_order)] if waiting else []

    def charge(self, chosen: Sequence[Waiting], seconds: float) -> None:
        pass


class Static:
    """Batches of equal size and steps, closed when full or 50 ms after their first, run to the end.

    SGLang-Diffusion's dynamic batching and Aquiles-Image's; the latter wants equal seeds too.
    """

    def __init__(self) -> None:
        self._batch: set[int] = set()
        self.look_again = float("inf")

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        running = [call for call in waiting if call.request in self._batch]
        if not running and waiting:
            running = self._gather(sorted(waiting, key=_order), now)
        self._batch = {call.request for call in running}
        return running

    def _gather(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        first = waiting[0]
        alike = [call for call in waiting if (call.key, call.steps) == (first.key, first.steps)][:WIDTH]
        self.look_again = first.arrived + WINDOW
        return alike if len(alike) == WIDTH or now >= self.look_again else []

    def charge(self, chosen: Sequence[Waiting], seconds: float) -> None:
        pass


class OmniLike:
    """vLLM-Omni's step scheduler: requests join and leave at any step, first come, first served.

    The running ones share one key (size, guidance or none, LoRA), at most eight; the first that waits joins
    when there is room and its key is theirs, and otherwise holds back all behind it (`StepScheduler`,
    `_BaseScheduler.schedule`). Encoding and decoding run by request. Joining others in the middle of their
    steps, which it allows for some models only, is granted to all.
    """

    def __init__(self) -> None:
        self._running: set[int] = set()

    def pick(self, waiting: Sequence[Waiting], now: float) -> list[Waiting]:
        ordered = sorted(waiting, key=_order)
        running = [call for call in ordered if call.request in self._running]
        for call in ordered:
            if call.request in self._running:
                continue
            if len(running) == WIDTH or (running and _kind(call) != _kind(running[0])):
                break
            running.append(call)
        self._running = {call.request for call in running}
        alone = [call for call in running if not call.denoising]
        return alone[:1] or running

    def charge(self, chosen: Sequence[Waiting], seconds: float) -> None:
        pass


class Ours(BatchScheduler):
    """The engine's own schedule: the class itself, as the engine makes it."""

    def __init__(self) -> None:
        super().__init__(max_rows=WIDTH)


def _order(call: Waiting) -> tuple[float, int]:
    return call.arrived, call.request


def _kind(call: Waiting) -> object:
    """What the simulator's keys end with: the size and whatever else a forward cannot mix."""
    return call.key[-1] if isinstance(call.key, tuple) else call.key
