"""Which parked calls may run together: those whose keys are equal.

Nothing here knows a model family. The rules read shapes, types and the names of parameters:

- a tensor whose first dimension is the call's rows is laid row after row;
- a 0-d timestep becomes one value a row; rows may be at different steps;
- geometry (`img_ids`, rotary embeddings, anything without the row dimension) is shared, if equal;
- a list of tensors (Z-Image) has one entry a row, of any shape;
- text of different lengths is padded where the model takes a mask for it, else its length must be equal;
- everything else must be equal.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import torch
from torch.utils.weak import WeakTensorKeyDictionary

from generation.engine.arguments import (
    RowLayout,
    has_rows,
    is_list_of_tensors,
    is_time,
    layout_of,
    named,
    reads,
    sample_of,
)
from generation.engine.padding import TEXT, is_padded, mask_name, without_length
from generation.engine.standins import Call

# Model, component, method, dtype, and the shape of a row, where there is one.
Place = tuple[Hashable, str, str, torch.dtype | None, tuple[tuple[int, ...], ...]]


class Key(NamedTuple):
    """Calls with equal keys may run together. `place` is what decides memory: component, method and shape."""

    place: Place
    arguments: Hashable


def key_of(owner: Hashable, call: Call) -> Key:
    """The key of a call of the model `owner`."""
    layout, sample, mask = layout_of(call), sample_of(call), mask_name(call)
    shape = () if sample is None else (sample[0].shape if layout.listed else sample.shape[1:],)
    place = (owner, call.component, call.method, call.dtype, shape)
    signatures: list[Hashable] = [call.adapters]
    for name, value in named(call).items():
        if mask is not None and name in (TEXT, mask):
            value = without_length(value)
        if name == "generator" and not reads(call, name):
            value = None
        signatures.append((name, _signature(name, value, layout)))
    return Key(place, tuple(signatures))


def form_of(calls: Sequence[Call]) -> Hashable:
    """How such calls are laid together: the method, how each argument is joined, and its flags and words,
    which decide what the answer holds. Shapes and numbers do not matter.

    What is found out about some calls of a form holds for all calls of that form.
    """
    first, layout = calls[0], layout_of(calls[0])
    joined = [(name, _joining(name, value, layout)) for name, value in named(first).items()]
    return first.method, is_padded(calls), tuple(joined)


def _signature(name: str, value: Any, layout: RowLayout) -> Hashable:
    """A value that is equal for two arguments exactly when they can be joined."""
    if isinstance(value, torch.Tensor):
        return _signature_of_tensor(name, value, layout)
    if layout.listed and is_list_of_tensors(value):
        return ("list", value[0].dtype, value[0].device, value[0].ndim)
    if isinstance(value, dict):
        return tuple((key, _signature(key, item, layout)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return (type(value), *(_signature(name, item, layout) for item in value))
    if isinstance(value, (bool, int, float, str, type(None), torch.dtype, torch.device)):
        return type(value), value
    return "object", id(value)


def _signature_of_tensor(name: str, value: torch.Tensor, layout: RowLayout) -> Hashable:
    kind = (value.dtype, value.device)
    if is_time(name, value):
        return ("rows", (), *kind)
    if has_rows(name, value, layout):
        return ("rows", tuple(value.shape[1:]), *kind)
    return ("shared", tuple(value.shape), *kind, _digest(value))


def _joining(name: str, value: Any, layout: RowLayout) -> Hashable:
    """How an argument is joined: its signature without shapes and numbers."""
    if isinstance(value, torch.Tensor):
        if is_time(name, value):
            return "time"
        return "rows" if has_rows(name, value, layout) else "shared"
    if layout.listed and is_list_of_tensors(value):
        return "list"
    if isinstance(value, dict):
        return tuple((key, _joining(key, item, layout)) for key, item in value.items())
    if isinstance(value, (list, tuple)) and any(isinstance(item, torch.Tensor) for item in value):
        return tuple(_joining(name, item, layout) for item in value)
    return (value,) if isinstance(value, (bool, str, type(None))) else (type(value),)


# A request passes the same geometry tensor at every step; it is read from the device once.
_digests: WeakTensorKeyDictionary = WeakTensorKeyDictionary()


def _digest(value: torch.Tensor) -> int:
    if value not in _digests:
        data = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        _digests[value] = hash(data.numpy().tobytes())
    return int(_digests[value])
