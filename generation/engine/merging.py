"""Laying calls with equal keys together: their arguments joined into one batch, row after row."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from generation.engine.arguments import (
    RowLayout,
    has_rows,
    is_list_of_tensors,
    is_time,
    layout_of,
    named,
    rows_of,
)
from generation.engine.padding import TEXT, mask_name, pad
from generation.engine.standins import Call


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls laid together, ready to run; `layouts` has one entry a call."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    layouts: tuple[RowLayout, ...]

    @property
    def rows(self) -> int:
        return rows_of(self.layouts)


def merge(calls: Sequence[Call]) -> Batch:
    """Lay calls with equal keys together. A single call is passed on untouched."""
    first, layouts = calls[0], tuple(layout_of(call) for call in calls)
    if len(calls) == 1:
        return Batch(first.args, first.kwargs, layouts)
    arguments = [named(call) for call in calls]
    columns: dict[str, list[Any]] = {name: [each[name] for each in arguments] for name in arguments[0]}
    if mask := mask_name(first):
        columns[TEXT], columns[mask] = pad(columns[TEXT], columns[mask])
    merged = {name: _join(name, values, layouts) for name, values in columns.items()}
    args = tuple(merged.values())[: len(first.args)]
    return Batch(args, {name: merged[name] for name in first.kwargs}, layouts)


def copied(call: Call) -> Call:
    """The same call with tensors of its own, for a component that may write into what it is given."""
    args: tuple[Any, ...] = _copied(call.args)
    return dataclasses.replace(call, args=args, kwargs=_copied(call.kwargs))


def _join(name: str, values: Sequence[Any], layouts: Sequence[RowLayout]) -> Any:
    first, layout = values[0], layouts[0]
    if isinstance(first, torch.Tensor):
        return _join_tensors(name, values, layouts)
    if isinstance(first, dict):
        return {key: _join(key, [value[key] for value in values], layouts) for key in first}
    if (
        isinstance(first, list)
        and len(first) == layout.rows
        and (layout.listed or not is_list_of_tensors(first))
    ):
        return [row for value in values for row in value]
    if isinstance(first, list):
        return [_join(name, items, layouts) for items in zip(*values, strict=True)]
    if isinstance(first, tuple):
        return tuple(_join(name, items, layouts) for items in zip(*values, strict=True))
    return first


def _join_tensors(name: str, values: Sequence[torch.Tensor], layouts: Sequence[RowLayout]) -> torch.Tensor:
    rows = [layout.rows for layout in layouts]
    if is_time(name, values[0]):
        return torch.cat([value.expand(count) for value, count in zip(values, rows, strict=True)])
    if has_rows(name, values[0], layouts[0]):
        pairs = zip(values, rows, strict=True)
        return torch.cat([value.expand(count, *value.shape[1:]) for value, count in pairs])
    return values[0]


def _copied(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_copied(item) for item in value)
    return value
