"""What text encoders have answered, kept for the next request with the same text."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator
from typing import Any, NamedTuple

import torch

from generation.engine.standins import Call

# Of answers kept. 256 MiB hold about 20 prompts of SDXL with all hidden states, or 1,000 of a small encoder.
LIMIT = 256 * 2**20


class EncodingKey(NamedTuple):
    """Equal for two calls exactly when one's answer is the other's.

    `group` tells apart what the arguments do not show, as which adapters are on.
    """

    model: str
    share: str
    group: Hashable
    arguments: bytes


class Encodings:
    """Answers of text encoders by everything that decides them, least recently used first to go.

    Kept for each share by itself, or a quick answer would tell one what another has asked. Belongs to the
    engine's thread. What goes in and what comes out are copies, so that no pipeline can change what is kept.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        """limit: in bytes of tensors."""
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[EncodingKey, Any] = OrderedDict()

    def find(self, key: EncodingKey) -> Any | None:
        """A copy of the answer, or None."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return _copy(self._kept[key])

    def keep(self, key: EncodingKey, answer: Any) -> None:
        copy = _copy(answer)
        size = bytes_of_tensors(copy)
        if key in self._kept or size > self._limit:
            return
        self._kept[key] = copy
        self._bytes += size
        while self._bytes > self._limit:
            self._bytes -= bytes_of_tensors(self._kept.popitem(last=False)[1])

    def retain(self, models: Collection[str]) -> None:
        """Drop the answers of all other models."""
        for key in [key for key in self._kept if key.model not in models]:
            self._bytes -= bytes_of_tensors(self._kept.pop(key))


def encoding_key(model: str, share: str, group: Hashable, call: Call) -> EncodingKey | None:
    """The key of a text encoder's call, None for another's and for one whose arguments cannot be compared."""
    if not call.component.startswith("text_encoder") or call.method != "forward":
        return None
    digest = hashlib.blake2b(digest_size=16)
    for name, value in [*enumerate(call.args), *sorted(call.kwargs.items())]:
        digest.update(repr(name).encode())
        for part in _signs(value):
            if part is None:
                return None
            digest.update(part)
    return EncodingKey(model, share, group, digest.digest())


def _signs(value: Any) -> Iterator[bytes | None]:
    """Bytes that are equal for equal arguments; a None among them for one that cannot be compared."""
    if isinstance(value, torch.Tensor):
        yield repr((value.dtype, value.shape)).encode()
        yield value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    elif isinstance(value, (list, tuple)):
        yield f"{type(value)}{len(value)}".encode()
        for item in value:
            yield from _signs(item)
    elif isinstance(value, (bool, int, float, str, type(None), torch.dtype, torch.device)):
        yield repr((type(value), value)).encode()
    else:
        yield None


def _copy(value: Any) -> Any:
    """The same form with tensors of its own. What else comes along (a key-value cache) no pipeline reads."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, (list, tuple)):
        return type(value)(_copy(item) for item in value)
    if isinstance(value, dict):  # transformers' outputs are dicts and dataclasses in one
        return type(value)(**{key: _copy(item) for key, item in value.items()})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(value, **{key: _copy(item) for key, item in vars(value).items()})
    return value if isinstance(value, (int, float, str)) else None


def bytes_of_tensors(value: Any) -> int:
    """Of all tensors in any nesting of lists, dicts and dataclasses."""
    if isinstance(value, torch.Tensor):
        return value.nbytes
    if isinstance(value, dict):
        return sum(bytes_of_tensors(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return sum(bytes_of_tensors(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return sum(bytes_of_tensors(item) for item in vars(value).values())
    return 0
