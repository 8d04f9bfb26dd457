"""Pictures that are equal to the last bit in any company: every denoiser call has the same number of rows.

A kernel adds up in an order that depends on the shape of what it is given, so that a row's last bits depend
on how many rows there are. They do not depend on its place among them nor on what the other rows hold:
measured for all families of the tests and the starter on a CPU, with one thread and with two. So rows are
added until a call fills its bucket. Encoding and decoding, where rows are few and dear, run a request at a
time.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Any

import torch

from generation.engine.arguments import RowLayout, has_rows, is_list_of_tensors, layout_of, named, rows_of
from generation.engine.batch_scheduler import Waiting
from generation.engine.standins import Call


class Buckets:
    """The fixed number of rows of a denoiser's calls at each place. It changes when memory runs out only."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._narrowed: dict[Hashable, int] = {}

    def size(self, waiting: Waiting, rows: int) -> int:
        """How many rows a call of `rows` rows is to have. A request that is wider takes several buckets."""
        if not waiting.denoising:
            return rows
        bucket = self._narrowed.get(waiting.place, self._rows)
        return -(-rows // bucket) * bucket

    def narrow(self, place: Hashable) -> int:
        """Halve the bucket at a place, and return it."""
        self._narrowed[place] = max(1, self._narrowed.get(place, self._rows) // 2)
        return self._narrowed[place]


def apart(waiting: Waiting, call: Call) -> Waiting:
    """The same with a key that only those share whose every tensor has the same shape past the rows."""
    shapes = _shapes(call.args), _shapes(tuple(call.kwargs.values()))
    return replace(waiting, key=(waiting.key, shapes if waiting.denoising else waiting.request))


def fillers(calls: Sequence[Call], rows: int) -> list[Call]:
    """Calls of one row each, like the first of `calls`, that bring all to `rows` rows."""
    missing = rows - rows_of([layout_of(call) for call in calls])
    return [_first_row(calls[0])] * missing if missing > 0 else []


def _shapes(value: Any) -> Hashable:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape[1:])
    if isinstance(value, dict):
        return tuple((key, _shapes(item)) for key, item in value.items())
    if is_list_of_tensors(value):
        return tuple(tuple(row.shape) for row in value)  # rows of any shape, padded to the largest of them
    return tuple(_shapes(item) for item in value) if isinstance(value, (list, tuple)) else None


def _first_row(call: Call) -> Call:
    layout = layout_of(call)
    cut = {name: _cut(name, value, layout) for name, value in named(call).items()}
    args = tuple(cut.values())[: len(call.args)]
    return replace(call, args=args, kwargs={name: cut[name] for name in call.kwargs})


def _cut(name: str, value: Any, layout: RowLayout) -> Any:
    """The part of an argument that belongs to the first row."""
    if isinstance(value, torch.Tensor):
        return value[:1] if has_rows(name, value, layout) else value
    if isinstance(value, dict):
        return {key: _cut(key, item, layout) for key, item in value.items()}
    is_by_row = isinstance(value, list) and len(value) == layout.rows
    if is_by_row and (layout.listed or not is_list_of_tensors(value)):
        return value[:1]
    if isinstance(value, (list, tuple)):
        return type(value)(_cut(name, item, layout) for item in value)
    return value
