"""A call's arguments by name, and which of them have a row for each row of the call."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import torch

from generation.engine.standins import Call

# Pipelines pass one value for the whole call; here each row has its own.
_TIMES = frozenset({"timestep", "timesteps", "t"})

# Positions of tokens, the same for every row, whatever their first dimension says.
_GEOMETRY = frozenset({"img_ids", "txt_ids", "image_rotary_emb", "rotary_emb", "freqs_cis"})


class RowLayout(NamedTuple):
    """How many rows a call has, and whether they are entries of lists (`listed`) or the first dimension."""

    rows: int
    listed: bool


def rows_of(layouts: Sequence[RowLayout]) -> int:
    return sum(layout.rows for layout in layouts)


def layout_of(call: Call) -> RowLayout:
    """Rows are counted by the call's first tensor, or list of tensors."""
    sample = sample_of(call)
    return RowLayout(1 if sample is None else len(sample), isinstance(sample, list))


def time_of(call: Call) -> float | None:
    """The diffusion time a denoiser is called at, in the model's own unit; None if it takes none."""
    for name, value in named(call).items():
        if name in _TIMES and isinstance(value, torch.Tensor) and value.numel():
            return float(value.reshape(-1)[0])
        if name in _TIMES and isinstance(value, (int, float)):
            return float(value)
    return None


def named(call: Call) -> dict[str, Any]:
    """The call's arguments by parameter name, positional ones first."""
    names = _parameters(_function(call))
    names += tuple(f"argument {index}" for index in range(len(names), len(call.args)))
    return dict(zip(names, call.args, strict=False)) | call.kwargs


def sample_of(call: Call) -> Any:
    """The argument that counts the rows: latents, a picture or token ids, always the first tensor."""
    for value in (*call.args, *call.kwargs.values()):
        if is_list_of_tensors(value) or (isinstance(value, torch.Tensor) and value.ndim > 0):
            return value
    return None


def is_list_of_tensors(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, torch.Tensor) for row in value)


def is_time(name: str, value: torch.Tensor) -> bool:
    """Whether it is a time that holds for the whole call."""
    return value.ndim == 0 and name in _TIMES


def has_rows(name: str, value: torch.Tensor, layout: RowLayout) -> bool:
    """Whether the first dimension is the rows, or a 1 that stands for all of them."""
    return value.ndim > 0 and name not in _GEOMETRY and value.shape[0] in (layout.rows, 1)


def reads(call: Call, name: str) -> bool:
    """Whether the method looks at its parameter at all: most VAEs take a generator and leave it alone."""
    return _reads(_function(call), name)


@lru_cache(maxsize=256)
def _reads(function: Callable[..., Any], name: str) -> bool:
    return any(step.argval == name for step in dis.get_instructions(inspect.unwrap(function)))


def _function(call: Call) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(type(call.module), call.method)
    return function


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)[1:]
