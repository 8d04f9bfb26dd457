"""What an answer is made of: nested lists, dicts and objects, down to tensors and single values."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Hashable, Mapping
from typing import Any

import torch
from transformers.cache_utils import Cache, CacheLayerMixin


def has_settings(value: Any) -> bool:
    """Whether it is one of the objects whose every field is either an array with rows or a setting.

    They are the distribution that a VAE encodes to, and a language model's cache of keys and values.
    """
    is_distribution = isinstance(getattr(value, "parameters", None), torch.Tensor)
    return is_distribution or isinstance(value, (Cache, CacheLayerMixin))


def is_scalar(value: Any) -> bool:
    """Whether it is a single value: a number, a word, a tensor without dimensions."""
    if isinstance(value, torch.Tensor):
        return value.ndim == 0
    return isinstance(value, (bool, int, float, str, type, torch.dtype, torch.device))


def fields_of(value: Any) -> dict[Hashable, Any] | None:
    """The fields of a dict, a dataclass or an object with settings; None for anything else."""
    if isinstance(value, dict):  # diffusers' and transformers' outputs are dicts and dataclasses in one
        return dict(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return dict(vars(value)) if has_settings(value) else None


def with_fields(value: Any, fields: Mapping[Hashable, Any]) -> Any:
    """A copy of `value` with these fields."""
    if isinstance(value, dict) and dataclasses.is_dataclass(value):
        return type(value)(**fields)
    own = copy.copy(value)
    for name, content in fields.items():
        if isinstance(own, dict):
            own[name] = content
        else:
            object.__setattr__(own, str(name), content)
    return own


def sequence_like(value: Any, items: Any) -> Any:
    """A list, tuple or named tuple of the type of `value` that holds `items`."""
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
