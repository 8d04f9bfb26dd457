"""How an answer to several calls is divided among them again, learned from answers to each of them alone.

Where the rows of an answer are cannot be read from its shape: a text encoder may have them in its second
dimension, a safety checker in a list of flags, and a length may equal the number of rows by chance. So the
answer to calls laid together is compared with what two of them were answered alone: the rows lie along the
dimension whose length changes with them, and each part has to be what its call is answered alone. Whatever
does not pass (a mean over the rows, one flag for all) cannot be divided.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from transformers.cache_utils import Cache, CacheLayerMixin

from generation.engine.grouping import Layout, rows_of

# How far a row's values may be off in company: additions come in another order, and graphics cards round
# the factors of single precision as well. Relative to the size of the whole answer.
NOISE = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
SINGLE = 1e-3

# Two answers show something about a division only if they differ by this many times the noise.
APART = 3.0


class Undividable(Exception):
    """An answer to several calls that cannot be divided among them."""


class Division(Protocol):
    """Where the rows are in answers of one form."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        """The part of `rows` of an answer to `total` rows. Raises Undividable for one of another form."""


@dataclasses.dataclass(frozen=True, slots=True)
class Along:
    """A tensor or an array with its rows along one dimension."""

    dim: int
    ndim: int

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        is_array = isinstance(whole, (torch.Tensor, np.ndarray))
        _require(is_array and whole.ndim == self.ndim and whole.shape[self.dim] == total)
        return whole[(slice(None),) * self.dim + (rows,)]


class Entries:
    """A list or tuple with one entry a row."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        _require(isinstance(whole, (list, tuple)) and len(whole) == total)
        return _sequence_like(whole, whole[rows])


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """A list or tuple of which each item is divided by itself."""

    items: tuple[Division, ...]

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        _require(isinstance(whole, (list, tuple)) and len(whole) == len(self.items))
        pairs = zip(self.items, whole, strict=True)
        return _sequence_like(whole, [division.part(item, rows, total) for division, item in pairs])


@dataclasses.dataclass(frozen=True, slots=True)
class Fields:
    """A dict, a dataclass or a known object, divided field by field."""

    kind: type
    fields: Mapping[Hashable, Division]

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        fields = _fields_of(whole)
        _require(type(whole) is self.kind and fields is not None and fields.keys() == self.fields.keys())
        parts = {name: self.fields[name].part(value, rows, total) for name, value in (fields or {}).items()}
        return _with_fields(whole, parts)


class Nothing:
    """None, which every call gets."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        _require(whole is None)


class Setting:
    """A value that a known object was made with, as a cache's number of tokens: no row's own."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        return whole


def split(whole: Any, layouts: Sequence[Layout], division: Division) -> list[Any]:
    """Divide an answer: one of the same form a call. Raises Undividable."""
    total, start, parts = rows_of(layouts), 0, []
    for layout in layouts:
        parts.append(division.part(whole, slice(start, start + layout.rows), total))
        start += layout.rows
    return parts


# --- learning ---------------------------------------------------------------------------------------------


def learned(whole: Any, layouts: Sequence[Layout], alone: Mapping[int, Any]) -> Division:
    """How an answer to several calls is divided, when some of them, by number, were answered alone as well.

    Raises Undividable, also when a part is not what its call was answered alone.
    """
    rows = [layouts[number].rows for number in alone]
    division = _found(whole, rows_of(layouts), list(alone.values()), rows)
    parts = split(whole, layouts, division)
    for number, answer in alone.items():
        _require(all(gap <= 1 for gap in _gaps(parts[number], answer)))
    return division


def tell_apart(one: Any, other: Any) -> bool:
    """Whether two answers differ in everything, so that a division that mixes them cannot go unnoticed."""
    return all(gap >= APART for gap in _gaps(one, other))


def _found(
    whole: Any, total: int, alone: Sequence[Any], rows: Sequence[int], known: bool = False
) -> Division:
    """By shapes alone. `known`: whether `whole` belongs to a known object, which may have settings."""
    _require(all(type(part) is type(whole) for part in alone))
    if isinstance(whole, (torch.Tensor, np.ndarray)) and whole.ndim:
        return _along(whole, total, alone, rows)
    if isinstance(whole, (list, tuple)):
        lengths = [len(part) for part in alone]
        if len(whole) == total and lengths == list(rows):
            return Entries()
        _require(all(length == len(whole) for length in lengths))
        columns = zip(whole, *alone, strict=True)
        return Items(tuple(_found(item, total, parts, rows) for item, *parts in columns))
    if (fields := _fields_of(whole)) is not None:
        theirs = [_fields_of(part) or {} for part in alone]
        _require(all(each.keys() == fields.keys() for each in theirs))
        found = {
            name: _found(value, total, [each[name] for each in theirs], rows, _is_known(whole))
            for name, value in fields.items()
        }
        return Fields(type(whole), found)
    if whole is None:
        return Nothing()
    _require(known and all(bool(part == whole) for part in alone))
    return Setting()


def _along(whole: Any, total: int, alone: Sequence[Any], rows: Sequence[int]) -> Along:
    """The dimension that is as long as there are rows, together and alone, when all others are equal."""
    dims = [
        dim
        for dim in range(whole.ndim)
        if all(
            tuple(part.shape) == (*whole.shape[:dim], count, *whole.shape[dim + 1 :])
            for part, count in zip(alone, rows, strict=True)
        )
        and whole.shape[dim] == total
    ]
    _require(len(dims) == 1)
    return Along(dims[0], whole.ndim)


def stripped_of_fillers(whole: Any, total: int, rows: int) -> Division:
    """How an answer is divided in which all rows from `rows` on are copies of the first.

    It says where the rows are and nothing of whether they mind each other. Raises Undividable.
    """
    if isinstance(whole, (torch.Tensor, np.ndarray)) and whole.ndim:
        dims = [dim for dim in range(whole.ndim) if _repeats(whole, dim, total, rows)]
        _require(len(dims) == 1)
        return Along(dims[0], whole.ndim)
    if isinstance(whole, (list, tuple)):
        if len(whole) == total and all(_is_equal(whole[0], entry) for entry in whole[rows:]):
            return Entries()
        return Items(tuple(stripped_of_fillers(item, total, rows) for item in whole))
    if (fields := _fields_of(whole)) is not None:
        known = _is_known(whole)
        settings = {name for name, value in fields.items() if known and _is_plain(value)}
        found = {
            name: Setting() if name in settings else stripped_of_fillers(value, total, rows)
            for name, value in fields.items()
        }
        return Fields(type(whole), found)
    _require(whole is None)
    return Nothing()


def _repeats(whole: Any, dim: int, total: int, rows: int) -> bool:
    if whole.shape[dim] != total:
        return False
    first, *_ = entries = [whole[(slice(None),) * dim + (row,)] for row in range(total)]
    return all(_is_equal(first, entry) for entry in entries[rows:])


def _require(holds: bool) -> None:
    if not holds:
        raise Undividable


# --- comparing --------------------------------------------------------------------------------------------


def _gaps(one: Any, other: Any) -> Iterator[float]:
    """How far two answers are apart, value by value, in units of the noise; NaN where none can be said."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        one, other = torch.from_numpy(one), torch.from_numpy(other)
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        yield _gap(one, other)
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        if len(one) != len(other):
            yield math.nan
        for pair in zip(one, other, strict=False):
            yield from _gaps(*pair)
    elif (fields := _fields_of(one)) is not None and (theirs := _fields_of(other)) is not None:
        known = _is_known(one)
        for name in fields.keys() & theirs.keys():
            if not (known and _is_plain(fields[name])):
                yield from _gaps(fields[name], theirs[name])
    elif one is not None or other is not None:
        yield 0.0 if _is_plain(one) and type(one) is type(other) and one == other else math.inf


def _gap(one: torch.Tensor, other: torch.Tensor) -> float:
    if one.shape != other.shape or one.dtype != other.dtype:
        return math.nan
    if not (one.is_floating_point() or one.is_complex()):
        return 0.0 if torch.equal(one, other) else math.inf
    noise = NOISE.get(one.dtype, SINGLE)
    wide = torch.complex128 if one.is_complex() else torch.float64 if one.itemsize > 4 else torch.float32
    first, second = one.to(wide), other.to(wide)
    size = max(float(torch.linalg.vector_norm(first)), float(torch.linalg.vector_norm(second)))
    distance = float(torch.linalg.vector_norm(first - second))
    return distance / (noise * size) if size else distance


def _is_equal(one: Any, other: Any) -> bool:
    """To the last bit, where nothing but a number may be missing on both sides."""
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.shape == other.shape and torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    return all(gap == 0 for gap in _gaps(one, other))


# --- nests ------------------------------------------------------------------------------------------------


def _is_known(value: Any) -> bool:
    """Objects of which it is known that all they hold is rows and settings.

    The distribution that an encoder answers with, from which each request draws by its own seed, and a
    language model's keys and values.
    """
    is_distribution = isinstance(getattr(value, "parameters", None), torch.Tensor)
    return is_distribution or isinstance(value, (Cache, CacheLayerMixin))


def _is_plain(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.ndim == 0
    return isinstance(value, (bool, int, float, str, type, torch.dtype, torch.device))


def _fields_of(value: Any) -> dict[Hashable, Any] | None:
    """What a dict, a dataclass or a known object holds; None for anything else."""
    if isinstance(value, dict):  # diffusers' and transformers' outputs are dicts and dataclasses in one
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(vars(value)) if _is_known(value) else None


def _with_fields(value: Any, fields: Mapping[Hashable, Any]) -> Any:
    """The same with other contents."""
    if isinstance(value, dict) and dataclasses.is_dataclass(value):
        return type(value)(**fields)
    own = copy.copy(value)
    for name, content in fields.items():
        if isinstance(own, dict):
            own[name] = content
        else:
            object.__setattr__(own, str(name), content)
    return own


def _sequence_like(value: Any, items: Any) -> Any:
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
