"""One real call of a component for many parked ones, with faults kept to the rows that caused them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from generation.engine.grouping import merge, split
from generation.engine.standins import Call


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gets: its value, or the error to raise where the fiber is parked."""

    value: Any = None
    error: Exception | None = None


class OutOfMemory(Exception):
    """Several calls together did not fit into memory."""


def forward(calls: Sequence[Call]) -> list[Answer]:
    """Run calls with equal keys together; one answer a call, in order.

    If they fail together each is run alone, so that only the guilty one fails. Raises OutOfMemory when more
    than one call did not fit, and torch.AcceleratorError, after which the device cannot be used any more.
    """
    try:
        batch = merge(calls)
        return [Answer(part) for part in split(_run(calls[0], batch.args, batch.kwargs), batch)]
    except Exception as error:  # a component may raise anything; it becomes the fiber's error
        if is_out_of_memory(error) and len(calls) > 1:
            raise OutOfMemory from None
        if isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error):
            raise
        if len(calls) == 1:
            return [Answer(error=error)]
    return [answer for call in calls for answer in forward([call])]


def is_out_of_memory(error: BaseException) -> bool:
    """PyTorch raises OutOfMemoryError on a GPU only; the CPU's allocator raises a plain RuntimeError."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(
        sign in text for sign in ("DefaultCPUAllocator", "not enough memory", "out of memory", "ALLOC_FAILED")
    )


def _run(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    module = call.module
    if call.dtype is not None and module.dtype != call.dtype:
        module.to(call.dtype)
    output = (
        module(*args, **kwargs) if call.method == "forward" else getattr(module, call.method)(*args, **kwargs)
    )
    if torch.accelerator.is_available():
        # Kernels run behind Python's back: wait, so that the time measured is theirs.
        torch.accelerator.synchronize()
    return output
