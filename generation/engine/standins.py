"""Stand-ins for a pipeline's costly components: a call on one parks the fiber until the engine has run it.

A stand-in answers every attribute and every `isinstance` check as its component does, so a diffusers pipeline
cannot tell them apart. It knows nothing of batches: it only hands the call's arguments out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import greenlet
import torch
from torch import nn

from generation.engine.adapters import Adapters

# Components that prepare or finish a picture; every other module of a pipeline denoises.
_ENCODERS = ("text_encoder", "image_encoder", "safety_checker")
_DECODERS = ("vae", "movq", "vqgan")


@dataclass(frozen=True, slots=True)
class Call:
    """A parked call: which method of which component, with what, and in what dtype the fiber left it.

    `adapters` are those that the component needs for it, none of others.
    """

    component: str
    method: str
    module: nn.Module
    dtype: torch.dtype | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    adapters: Adapters = ()

    @property
    def stage(self) -> str:
        """What the call is for: "encoding", "denoising" or "decoding"."""
        if self.component.startswith(_ENCODERS) or self.method == "encode":
            return "encoding"
        return "decoding" if self.method == "decode" or self.component.startswith(_DECODERS) else "denoising"

    @property
    def is_offloaded(self) -> bool:
        """Whether it may run on another thread, beside the engine's: the component's class says so."""
        return getattr(type(self.module), "runs_offloaded", False)


# diffusers looks through all parts and hooks of a module for its dtype, half a millisecond at each call.
_dtypes: WeakKeyDictionary[nn.Module, torch.dtype | None] = WeakKeyDictionary()


def dtype_of(module: nn.Module) -> torch.dtype | None:
    """The dtype that `module` says it has, if it says so. While pipelines fly, only `cast` changes it."""
    if module not in _dtypes:
        _dtypes[module] = getattr(module, "dtype", None)
    return _dtypes[module]


def cast(module: nn.Module, *args: Any, **kwargs: Any) -> None:
    """`module.to` with these arguments."""
    module.to(*args, **kwargs)
    _dtypes.pop(module, None)


class StandIn:
    """Takes the place of `module` in one fiber's pipeline."""

    def __init__(self, component: str, module: nn.Module, adapters: Adapters = ()) -> None:
        self._component = component
        self._adapters = adapters
        self._module = module
        self._dtype = dtype_of(module)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        # diffusers asks isinstance(component, torch.nn.Module), is_compiled_module(component), ...
        return type(self._module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._park("forward", args, kwargs)

    def encode(self, *args: Any, **kwargs: Any) -> Any:
        return self._park("encode", args, kwargs)

    def decode(self, *args: Any, **kwargs: Any) -> Any:
        return self._park("decode", args, kwargs)

    @property
    def dtype(self) -> torch.dtype | None:
        """The dtype this fiber last asked for.

        SDXL casts its VAE to float32 around the decode. Other fibers run in between, so each keeps its own
        view, and the engine casts the component to the view of the call it is about to run.
        """
        return self._dtype

    def to(self, *args: Any, **kwargs: Any) -> StandIn:
        cast(self._module, *args, **kwargs)
        self._dtype = dtype_of(self._module)
        return self

    @contextmanager
    def cache_context(self, *args: Any, **kwargs: Any) -> Iterator[None]:
        """Nothing to enter: diffusers' feature caches are off, as they decide per batch and not per row."""
        yield

    def _park(self, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        call = Call(self._component, method, self._module, self._dtype, args, kwargs, self._adapters)
        engine = greenlet.getcurrent().parent
        assert engine is not None, "a stand-in is called inside a fiber only"
        return engine.switch(call)
