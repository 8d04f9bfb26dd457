"""One real call of a component for many parked ones, with faults kept to the rows that caused them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

import torch

from generation.engine.adapters import activate
from generation.engine.deterministic import fillers
from generation.engine.grouping import merge, split
from generation.engine.standins import Call, dtype_of
from generation.engine.standins import cast as recast


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gets: its value, or the error to raise where the fiber is parked.

    `is_forecast`: the value was told from the request's last ones, and no component ran.
    """

    value: Any = None
    error: Exception | None = None
    is_forecast: bool = False


class OutOfMemory(Exception):
    """Calls did not fit into memory, and may if run in another way."""


def forward(calls: Sequence[Call], *, rows: int = 0, tiled: bool = False) -> list[Answer]:
    """Run calls with equal keys together, filled up to `rows` rows; one answer a call, in order.

    If they fail together each is run alone, so that only the guilty one fails. `tiled` has a decoder work
    tile by tile. Raises OutOfMemory when there is a way to do with less: fewer calls, fewer fillers, or
    tiles; and torch.AcceleratorError, after which the device cannot be used any more.
    """
    padded = [*calls, *fillers(calls, rows)]
    try:
        batch = merge(padded)
        output = _run(calls[0], batch.args, batch.kwargs, tiled)
        return [Answer(part) for part in split(output, batch)[: len(calls)]]
    except Exception as error:  # a component may raise anything; it becomes the fiber's error
        if is_out_of_memory(error) and (len(padded) > 1 or (can_tile(calls[0]) and not tiled)):
            raise OutOfMemory from None
        if isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error):
            raise
        if len(calls) == 1:
            return [Answer(error=error)]
    return [answer for call in calls for answer in forward([call], rows=rows, tiled=tiled)]


def can_tile(call: Call) -> bool:
    """Whether it is a decoder's that can work tile by tile, and does not yet."""
    return call.method == "decode" and getattr(call.module, "use_tiling", None) is False


def is_out_of_memory(error: BaseException) -> bool:
    """PyTorch raises OutOfMemoryError on a GPU only; the CPU's allocator raises a plain RuntimeError."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(
        sign in text for sign in ("DefaultCPUAllocator", "not enough memory", "out of memory", "ALLOC_FAILED")
    )


def run_alone(call: Call) -> Any:
    """Run a call by itself, on any thread."""
    return _function(call)(*call.args, **call.kwargs)


@contextmanager
def _tiling(call: Call) -> Iterator[None]:
    """For this call only: other shapes fit whole, and the seams of tiles cost exactness."""
    decoder: Any = call.module
    decoder.enable_tiling()
    try:
        yield
    finally:
        decoder.disable_tiling()


def _function(call: Call) -> Callable[..., Any]:
    # A module is called itself for the sake of its hooks.
    function = call.module if call.method == "forward" else getattr(call.module, call.method)
    return cast(Callable[..., Any], function)


def _run(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any], tiled: bool) -> Any:
    module = call.module
    if call.dtype is not None and dtype_of(module) != call.dtype:
        recast(module, call.dtype)
    activate(module, call.adapters)
    with _tiling(call) if tiled and can_tile(call) else nullcontext():
        output = _function(call)(*args, **kwargs)
    if torch.accelerator.is_available():
        # Kernels run behind Python's back: wait, so that the time measured is theirs.
        torch.accelerator.synchronize()
    return output
