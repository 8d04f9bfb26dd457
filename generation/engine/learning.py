"""Finding out how a component's answers are divided, by comparing them.

One answer's shape does not tell where its rows are: a text encoder may have them in the second dimension, a
safety checker in a list of flags, and any length may equal the number of rows by chance. So the answer to
several calls is compared with the answers to two of them alone. The rows lie along the dimension whose length
changes with their number, and each part must equal what its call was answered alone. An answer that does not
pass (a mean over the rows, one flag for all) cannot be divided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from generation.engine.arguments import RowLayout, rows_of
from generation.engine.division import (
    Along,
    Division,
    Entries,
    Fields,
    Items,
    Nothing,
    Setting,
    require,
    split,
)
from generation.engine.likeness import is_alike, is_equal
from generation.engine.structure import fields_of, has_settings, is_scalar


def learned(whole: Any, layouts: Sequence[RowLayout], alone: Mapping[int, Any]) -> tuple[Division, list[Any]]:
    """The division of `whole`, the answer to several calls, and its parts. `alone` has the answers to some of
    them alone, by their places among the calls.

    Raises Undividable, also when a part is not what its call was answered alone.
    """
    rows = [layouts[number].rows for number in alone]
    division = _by_shape(whole, rows_of(layouts), list(alone.values()), rows)
    parts = split(whole, layouts, division)
    for number, answer in alone.items():
        require(is_alike(parts[number], answer))
    return division, parts


def learned_from_fillers(whole: Any, total: int, rows: int) -> Division:
    """The division of an answer to `total` rows, of which those from `rows` on are copies of the first.

    It tells where the rows are, not whether they depend on each other. Raises Undividable.
    """
    if isinstance(whole, (torch.Tensor, np.ndarray)) and whole.ndim:
        dims = [dim for dim in range(whole.ndim) if _repeats(whole, dim, total, rows, is_equal)]
        # On a graphics card a row's last bits may depend on its place among the others.
        dims = dims or [dim for dim in range(whole.ndim) if _repeats(whole, dim, total, rows, is_alike)]
        require(len(dims) == 1)
        return Along(dims[0], whole.ndim)
    if isinstance(whole, (list, tuple)):
        if len(whole) == total and all(is_alike(whole[0], entry) for entry in whole[rows:]):
            return Entries()
        return Items(tuple(learned_from_fillers(item, total, rows) for item in whole))
    if (fields := fields_of(whole)) is not None:
        scalars = {name for name, value in fields.items() if is_scalar(value)}
        settings = scalars if has_settings(whole) else set()
        found = {
            name: Setting() if name in settings else learned_from_fillers(value, total, rows)
            for name, value in fields.items()
        }
        return Fields(type(whole), found)
    require(whole is None)
    return Nothing()


def _by_shape(
    whole: Any, total: int, alone: Sequence[Any], rows: Sequence[int], may_be_setting: bool = False
) -> Division:
    """The only division that the shapes allow; the values are not looked at. `alone` answered `rows` rows."""
    require(all(type(part) is type(whole) for part in alone))
    if isinstance(whole, (torch.Tensor, np.ndarray)) and whole.ndim:
        return _along(whole, total, alone, rows)
    if isinstance(whole, (list, tuple)):
        lengths = [len(part) for part in alone]
        if len(whole) == total and lengths == list(rows):
            return Entries()
        require(all(length == len(whole) for length in lengths))
        columns = zip(whole, *alone, strict=True)
        return Items(tuple(_by_shape(item, total, parts, rows) for item, *parts in columns))
    if (fields := fields_of(whole)) is not None:
        theirs = [fields_of(part) or {} for part in alone]
        require(all(each.keys() == fields.keys() for each in theirs))
        found = {
            name: _by_shape(value, total, [each[name] for each in theirs], rows, has_settings(whole))
            for name, value in fields.items()
        }
        return Fields(type(whole), found)
    if whole is None:
        return Nothing()
    require(may_be_setting and all(bool(part == whole) for part in alone))
    return Setting()


def _along(whole: Any, total: int, alone: Sequence[Any], rows: Sequence[int]) -> Along:
    """The one dimension whose length is the number of rows in each answer, all others being equal."""
    dims = [
        dim
        for dim in range(whole.ndim)
        if all(
            tuple(part.shape) == (*whole.shape[:dim], count, *whole.shape[dim + 1 :])
            for part, count in zip(alone, rows, strict=True)
        )
        and whole.shape[dim] == total
    ]
    require(len(dims) == 1)
    return Along(dims[0], whole.ndim)


def _repeats(whole: Any, dim: int, total: int, rows: int, are_same: Callable[[Any, Any], bool]) -> bool:
    """Whether the entries along `dim` from `rows` on are the same as the first."""
    if whole.shape[dim] != total:
        return False
    first, *_ = entries = [whole[(slice(None),) * dim + (row,)] for row in range(total)]
    return all(are_same(first, entry) for entry in entries[rows:])
