"""Which parked calls fit together, and how they are laid together.

Nothing here knows a model family. The rules read shapes, the names of parameters and types:

- a tensor whose first dimension is the call's rows is laid row after row;
- a 0-d timestep becomes one value a row; rows may be at different steps;
- geometry (`img_ids`, rotary embeddings, anything without the row dimension) is shared, if equal;
- a list of tensors (Z-Image) has one entry a row, of any shape;
- text of different lengths is padded where the model takes a mask for it, else it groups apart;
- everything else must be equal.
"""

from __future__ import annotations

import dataclasses
import dis
import inspect
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch.utils.weak import WeakTensorKeyDictionary

from generation.engine.standins import Call

# One value for the whole call in diffusers, one a row for us.
_TIMES = frozenset({"timestep", "timesteps", "t"})

# Positions of tokens, the same for every row, whatever their first dimension says.
_GEOMETRY = frozenset({"img_ids", "txt_ids", "image_rotary_emb", "rotary_emb", "freqs_cis"})

# Text states that may be padded, and the masks that then hide the padding.
_TEXT = "encoder_hidden_states"
_MASKS = ("encoder_hidden_states_mask", "encoder_attention_mask")

# With this mask, None is documented as "every token counts", so a mask of ones may be made for it.
_MASK_OF_ONES = "encoder_hidden_states_mask"


class Key(NamedTuple):
    """Calls with equal keys may run together. `place` is what decides memory: component, method and shape."""

    place: Hashable
    arguments: Hashable


class Layout(NamedTuple):
    """How a call holds its rows: how many, and as lists of tensors (`listed`) or as a first dimension."""

    rows: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls laid together, ready to run; `layouts` has one entry a call."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    layouts: tuple[Layout, ...]

    @property
    def rows(self) -> int:
        return rows_of(self.layouts)


def rows_of(layouts: Sequence[Layout]) -> int:
    return sum(layout.rows for layout in layouts)


def layout_of(call: Call) -> Layout:
    """Rows are counted by the call's first tensor, or list of tensors."""
    main = _main(call)
    return Layout(1 if main is None else len(main), isinstance(main, list))


def time_of(call: Call) -> float | None:
    """The diffusion time a denoiser is called at, in the model's own unit; None if it takes none."""
    for name, value in named(call).items():
        if name in _TIMES and isinstance(value, torch.Tensor) and value.numel():
            return float(value.reshape(-1)[0])
        if name in _TIMES and isinstance(value, (int, float)):
            return float(value)
    return None


def key_of(owner: Hashable, call: Call) -> Key:
    """The key of a call of the model `owner`."""
    layout, main, mask = layout_of(call), _main(call), _mask_name(call)
    shape = () if main is None else (main[0].shape if layout.listed else main.shape[1:],)
    place = (owner, call.component, call.method, call.dtype, shape)
    signed: list[Hashable] = [call.adapters]
    for name, value in named(call).items():
        if mask is not None and name in (_TEXT, mask):
            value = _without_length(value)
        if name == "generator" and not _reads(_function(call), name):
            value = None
        signed.append((name, _sign(name, value, layout)))
    return Key(place, tuple(signed))


def merge(calls: Sequence[Call]) -> Batch:
    """Lay calls with equal keys together. A single call is passed on untouched."""
    first, layouts = calls[0], tuple(layout_of(call) for call in calls)
    if len(calls) == 1:
        return Batch(first.args, first.kwargs, layouts)
    arguments = [named(call) for call in calls]
    columns: dict[str, list[Any]] = {name: [each[name] for each in arguments] for name in arguments[0]}
    if mask := _mask_name(first):
        columns[_TEXT], columns[mask] = _pad(columns[_TEXT], columns[mask])
    merged = {name: _join(name, values, layouts) for name, values in columns.items()}
    args = tuple(merged.values())[: len(first.args)]
    return Batch(args, {name: merged[name] for name in first.kwargs}, layouts)


def form_of(calls: Sequence[Call]) -> Hashable:
    """How such calls are laid together, whatever their shapes and numbers.

    What is found out about two of a form holds for all of that form: the same method, each argument joined
    in the same way, the same switches, which decide what the answer holds.
    """
    first, layout = calls[0], layout_of(calls[0])
    modes = [(name, _mode(name, value, layout)) for name, value in named(first).items()]
    return first.method, is_padded(calls), tuple(modes)


def is_padded(calls: Sequence[Call]) -> bool:
    """Whether the text of some of them is padded to be as long as that of others."""
    if len(calls) == 1 or _mask_name(calls[0]) is None:
        return False
    return len({named(call)[_TEXT].shape[1] for call in calls}) > 1


def copied(call: Call) -> Call:
    """The same call with tensors of its own, which a component may change as it likes."""
    args: tuple[Any, ...] = _copied(call.args)
    return dataclasses.replace(call, args=args, kwargs=_copied(call.kwargs))


# --- names and rows ---------------------------------------------------------------------------------------


def _function(call: Call) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(type(call.module), call.method)
    return function


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)[1:]


@lru_cache(maxsize=256)
def _reads(function: Callable[..., Any], name: str) -> bool:
    """Whether the function looks at its parameter at all: most VAEs take a generator and leave it alone."""
    return any(step.argval == name for step in dis.get_instructions(inspect.unwrap(function)))


def named(call: Call) -> dict[str, Any]:
    """The call's arguments by parameter name, positional ones first."""
    names = _parameters(_function(call))
    names += tuple(f"argument {index}" for index in range(len(names), len(call.args)))
    return dict(zip(names, call.args, strict=False)) | call.kwargs


def _main(call: Call) -> Any:
    """The argument that counts the rows: the sample, latents or token ids, always the first tensor."""
    for value in (*call.args, *call.kwargs.values()):
        if _is_list_of_tensors(value) or (isinstance(value, torch.Tensor) and value.ndim > 0):
            return value
    return None


def _is_list_of_tensors(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, torch.Tensor) for row in value)


def _is_time(name: str, value: torch.Tensor) -> bool:
    return value.ndim == 0 and name in _TIMES


def has_rows(name: str, value: torch.Tensor, layout: Layout) -> bool:
    """Whether the first dimension is the rows, or a 1 that stands for all of them."""
    return value.ndim > 0 and name not in _GEOMETRY and value.shape[0] in (layout.rows, 1)


# --- what must be equal -----------------------------------------------------------------------------------


def _sign(name: str, value: Any, layout: Layout) -> Hashable:
    """A value that is equal for two arguments exactly when they can be joined."""
    if isinstance(value, torch.Tensor):
        return _sign_tensor(name, value, layout)
    if layout.listed and _is_list_of_tensors(value):
        return ("list", value[0].dtype, value[0].device, value[0].ndim)
    if isinstance(value, dict):
        return tuple((key, _sign(key, item, layout)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return (type(value), *(_sign(name, item, layout) for item in value))
    if isinstance(value, (bool, int, float, str, type(None), torch.dtype, torch.device)):
        return type(value), value
    return "object", id(value)


def _sign_tensor(name: str, value: torch.Tensor, layout: Layout) -> Hashable:
    kind = (value.dtype, value.device)
    if _is_time(name, value):
        return ("rows", (), *kind)
    if has_rows(name, value, layout):
        return ("rows", tuple(value.shape[1:]), *kind)
    return ("shared", tuple(value.shape), *kind, _digest(value))


def _mode(name: str, value: Any, layout: Layout) -> Hashable:
    """How an argument is joined: as `_sign` without shapes and numbers."""
    if isinstance(value, torch.Tensor):
        if _is_time(name, value):
            return "time"
        return "rows" if has_rows(name, value, layout) else "shared"
    if layout.listed and _is_list_of_tensors(value):
        return "list"
    if isinstance(value, dict):
        return tuple((key, _mode(key, item, layout)) for key, item in value.items())
    if isinstance(value, (list, tuple)) and any(isinstance(item, torch.Tensor) for item in value):
        return tuple(_mode(name, item, layout) for item in value)
    return (value,) if isinstance(value, (bool, str, type(None))) else (type(value),)


# A request passes the same geometry tensor at every step; it is read from the device once.
_digests: WeakTensorKeyDictionary = WeakTensorKeyDictionary()


def _digest(value: torch.Tensor) -> int:
    if value not in _digests:
        data = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
        _digests[value] = hash(data.numpy().tobytes())
    return int(_digests[value])


# --- text of different lengths ----------------------------------------------------------------------------


def _mask_name(call: Call) -> str | None:
    """The mask by which this call's text may be padded, if there is one."""
    arguments = named(call)
    text = arguments.get(_TEXT)
    if not isinstance(text, torch.Tensor) or text.ndim != 3:
        return None
    for name in _MASKS:
        mask = arguments.get(name)
        if isinstance(mask, torch.Tensor) and mask.ndim == 2:
            return name
        if mask is None and name in arguments and name == _MASK_OF_ONES:
            return name
    return None


def _without_length(value: torch.Tensor | None) -> torch.Tensor | None:
    """The part of text states or of their mask that must be equal: all but the number of tokens."""
    return value[:, :0] if value is not None and value.ndim == 3 else None


def _pad(texts: list[torch.Tensor], masks: list[torch.Tensor | None]) -> tuple[list[Any], list[Any]]:
    """Bring text states (rows, tokens, width) to one length, hidden by their masks (rows, tokens)."""
    longest = max(text.shape[1] for text in texts)
    given = [mask is not None for mask in masks]
    if all(text.shape[1] == longest for text in texts) and (all(given) or not any(given)):
        return texts, masks
    dtype = next((mask.dtype for mask in masks if mask is not None), torch.bool)
    whole = [
        text.new_ones(text.shape[:2], dtype=dtype) if mask is None else mask.to(dtype)
        for text, mask in zip(texts, masks, strict=True)
    ]
    return (
        [F.pad(text, (0, 0, 0, longest - text.shape[1])) for text in texts],
        [F.pad(mask, (0, longest - mask.shape[1])) for mask in whole],
    )


# --- joining ---------------------------------------------------------------------------------


def _join(name: str, values: Sequence[Any], layouts: Sequence[Layout]) -> Any:
    first, layout = values[0], layouts[0]
    if isinstance(first, torch.Tensor):
        return _join_tensors(name, values, layouts)
    if isinstance(first, dict):
        return {key: _join(key, [value[key] for value in values], layouts) for key in first}
    if (
        isinstance(first, list)
        and len(first) == layout.rows
        and (layout.listed or not _is_list_of_tensors(first))
    ):
        return [row for value in values for row in value]
    if isinstance(first, list):
        return [_join(name, items, layouts) for items in zip(*values, strict=True)]
    if isinstance(first, tuple):
        return tuple(_join(name, items, layouts) for items in zip(*values, strict=True))
    return first


def _join_tensors(name: str, values: Sequence[torch.Tensor], layouts: Sequence[Layout]) -> torch.Tensor:
    rows = [layout.rows for layout in layouts]
    if _is_time(name, values[0]):
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
