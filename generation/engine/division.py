"""Dividing an answer to several calls among them: for each part of it, where the rows are."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import torch

from generation.engine.arguments import RowLayout, rows_of
from generation.engine.structure import fields_of, sequence_like, with_fields


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
        require(is_array and whole.ndim == self.ndim and whole.shape[self.dim] == total)
        return whole[(slice(None),) * self.dim + (rows,)]


class Entries:
    """A list or tuple with one entry a row."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        require(isinstance(whole, (list, tuple)) and len(whole) == total)
        return sequence_like(whole, whole[rows])


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """A list or tuple of which each item is divided by itself."""

    items: tuple[Division, ...]

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        require(isinstance(whole, (list, tuple)) and len(whole) == len(self.items))
        pairs = zip(self.items, whole, strict=True)
        return sequence_like(whole, [division.part(item, rows, total) for division, item in pairs])


@dataclasses.dataclass(frozen=True, slots=True)
class Fields:
    """A dict, a dataclass or an object with settings, divided field by field."""

    kind: type
    fields: Mapping[Hashable, Division]

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        fields = fields_of(whole)
        require(type(whole) is self.kind and fields is not None and fields.keys() == self.fields.keys())
        parts = {name: self.fields[name].part(value, rows, total) for name, value in (fields or {}).items()}
        return with_fields(whole, parts)


class Nothing:
    """None, which every call gets."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        require(whole is None)


class Setting:
    """A value that belongs to no row, such as the number of tokens that a cache was made for."""

    def part(self, whole: Any, rows: slice, total: int) -> Any:
        return whole


def split(whole: Any, layouts: Sequence[RowLayout], division: Division) -> list[Any]:
    """One part a call, each of the form of the whole. Raises Undividable."""
    total, start, parts = rows_of(layouts), 0, []
    for layout in layouts:
        parts.append(division.part(whole, slice(start, start + layout.rows), total))
        start += layout.rows
    return parts


def require(holds: bool) -> None:
    """Raises Undividable unless it `holds`."""
    if not holds:
        raise Undividable
