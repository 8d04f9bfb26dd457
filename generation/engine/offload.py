"""Work that needs no accelerator, on a few other threads, while the engine goes on with other rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import torch

from generation.engine.forward import Answer


class Done(NamedTuple):
    """Whose work is done, what came of it, and the seconds it took."""

    request: int
    answer: Answer
    seconds: float


class Offload:
    """One piece of work at a time for each request. Belongs to the engine's thread.

    `wake` is called, on another thread, whenever an answer is there to be collected.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._cores = torch.get_num_threads()
        # Torch's first call in a thread takes over the number that another thread set last: it comes before
        # any number is set here.
        self._pool = ThreadPoolExecutor(self._cores, "offload", initializer=torch.get_num_threads)
        self._running: dict[int, Future[tuple[Answer, float]]] = {}
        self._began: dict[int, float] = {}  # by time.perf_counter

    def __contains__(self, request: int) -> bool:
        """Whether the request waits for work of its own."""
        return request in self._running

    def send(self, request: int, work: Callable[[], object]) -> None:
        assert request not in self._running
        # A lone picture may have all cores; several are drawn faster side by side, a core each.
        threads = max(1, self._cores // (len(self._running) + 1))
        self._running[request] = future = self._pool.submit(self._do, request, work, threads)
        future.add_done_callback(lambda _: self._wake())

    def collect(self) -> Iterator[Done]:
        """What is done, in the order in which it was sent."""
        for request, future in list(self._running.items()):
            if future.done():
                del self._running[request]
                self._began.pop(request, None)
                yield Done(request, *future.result())

    def drop(self, request: int) -> float:
        """Nobody waits for this request's work any more; it is not begun if it was not yet. Returns the
        seconds that it has taken so far.
        """
        future, began = self._running.pop(request, None), self._began.pop(request, None)
        if future is None or future.cancel() or began is None:
            return 0.0
        return time.perf_counter() - began

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _do(self, request: int, work: Callable[[], object], threads: int) -> tuple[Answer, float]:
        torch.set_num_threads(threads)
        started = self._began[request] = time.perf_counter()
        try:
            with torch.inference_mode():
                answer = Answer(work())
        except Exception as error:  # whatever it was, it is raised where the request waits for it
            answer = Answer(error=error)
        # Torch gives the last number that any thread has set to threads that are yet to come.
        torch.set_num_threads(self._cores)
        return answer, time.perf_counter() - started
