"""Padding texts of different lengths to one, for models that take a mask that hides the padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F

from generation.engine.arguments import named
from generation.engine.standins import Call

# Text states that may be padded, and the masks that then hide the padding.
TEXT = "encoder_hidden_states"
_MASKS = ("encoder_hidden_states_mask", "encoder_attention_mask")

# With this mask, None is documented as "every token counts", so a mask of ones may be made for it.
_MASK_OF_ONES = "encoder_hidden_states_mask"


def is_padded(calls: Sequence[Call]) -> bool:
    """Whether the text of some of them is padded to be as long as that of others."""
    if len(calls) == 1 or mask_name(calls[0]) is None:
        return False
    return len({named(call)[TEXT].shape[1] for call in calls}) > 1


def mask_name(call: Call) -> str | None:
    """The mask by which this call's text may be padded, if there is one."""
    arguments = named(call)
    text = arguments.get(TEXT)
    if not isinstance(text, torch.Tensor) or text.ndim != 3:
        return None
    for name in _MASKS:
        mask = arguments.get(name)
        if isinstance(mask, torch.Tensor) and mask.ndim == 2:
            return name
        if mask is None and name in arguments and name == _MASK_OF_ONES:
            return name
    return None


def without_length(value: torch.Tensor | None) -> torch.Tensor | None:
    """Text states without any tokens, to compare all but their length; None for a mask."""
    return value[:, :0] if value is not None and value.ndim == 3 else None


def pad(texts: list[torch.Tensor], masks: list[torch.Tensor | None]) -> tuple[list[Any], list[Any]]:
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
