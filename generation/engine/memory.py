"""Which models stay loaded. The least recently used idle one goes first when the budget would be exceeded."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from diffusers import DiffusionPipeline
from torch import nn

from generation.engine.forward import is_out_of_memory, raise_if_lost
from generation.engine.pipelines import disable_caches, takes_turns
from generation.engine.request import ModelNotLoaded, Reason


class ResidentModels:
    """Loads models by key and keeps them. Belongs to the engine's thread.

    `budget` in bytes of weights, None for no limit. A model in use is never evicted, so one model alone may
    exceed the budget.
    """

    def __init__(self, load: Callable[[str], DiffusionPipeline], budget: int | None) -> None:
        self._load = load
        self._budget = budget
        self._pipelines: OrderedDict[str, DiffusionPipeline] = OrderedDict()  # least recently used first
        self._users: dict[str, int] = {}
        # Sizes outlive eviction, so that room is made before the next load.
        self._bytes: dict[str, int] = {}

    @property
    def resident(self) -> tuple[str, ...]:
        """Keys of the loaded models, least recently used first."""
        return tuple(self._pipelines)

    def can_acquire(self, *keys: str) -> bool:
        """Whether `keys` are loaded or could be without exceeding the budget, once idle models are gone."""
        if any(key in self._users and takes_turns(self._pipelines[key]) for key in keys):
            return False
        if not self._users or all(key in self._pipelines for key in keys):
            return True
        return self._fits(sum(self._bytes.get(key, 0) for key in {*self._users, *keys}))

    def acquire(self, key: str) -> DiffusionPipeline:
        """The pipeline, loaded if need be and in use until `release`. Raises what the loader raises."""
        if key not in self._pipelines:
            self._evict_for(self._bytes.get(key, 0))
            # Weights are no inference tensors, so that the loader may give them to others too.
            with torch.inference_mode(False):
                pipeline = self._load(key)
            disable_caches(pipeline)
            self._bytes[key] = bytes_of(pipeline)
            self._evict_for(self._bytes[key])
            self._pipelines[key] = pipeline
        self._pipelines.move_to_end(key)
        self._users[key] = self._users.get(key, 0) + 1
        return self._pipelines[key]

    def acquire_all(self, keys: Sequence[str]) -> list[Any]:
        """A pipeline and its ControlNets, in use from now on.

        Raises ModelNotLoaded, and torch.AcceleratorError when the device is lost.
        """
        acquired: list[Any] = []
        try:
            for key in keys:
                acquired.append(self._acquire_anyhow(key))
        except Exception as error:  # loaders raise what they like
            self.release(*keys[: len(acquired)])
            raise_if_lost(error)
            reason: Reason = "out_of_memory" if is_out_of_memory(error) else "model_unavailable"
            raise ModelNotLoaded(reason, f"The model could not be loaded: {error}") from None
        return acquired

    def _acquire_anyhow(self, key: str) -> Any:
        """The same as `acquire`; if memory is short, at the cost of all that is idle."""
        try:
            return self.acquire(key)
        except Exception as error:  # only lack of memory is worth a second try
            if not is_out_of_memory(error):
                raise
        self.evict_idle()
        return self.acquire(key)

    def weigh(self, key: str) -> None:
        """Measure a model again, after adapters came to its weights or left them."""
        self._bytes[key] = bytes_of(self._pipelines[key])

    def release(self, *keys: str) -> None:
        for key in keys:
            self._users[key] -= 1
            if not self._users[key]:
                del self._users[key]

    def evict_idle(self) -> None:
        """Drop every model that is not in use."""
        for key in [key for key in self._pipelines if key not in self._users]:
            del self._pipelines[key]
        free_cached_memory()

    def _fits(self, needed: int) -> bool:
        return self._budget is None or needed <= self._budget

    def _evict_for(self, needed: int) -> None:
        evicted = False
        for key in list(self._pipelines):
            if self._fits(sum(self._bytes[resident] for resident in self._pipelines) + needed):
                break
            if key not in self._users:
                del self._pipelines[key]
                evicted = True
        if evicted:
            free_cached_memory()


def bytes_of(model: DiffusionPipeline | nn.Module) -> int:
    """Bytes of all weights and buffers of a pipeline or ControlNet; what two components share counts once."""
    tensors = {
        tensor.data_ptr(): tensor.nbytes
        for module in (model, *vars(model).values())
        if isinstance(module, nn.Module)
        for tensor in (*module.parameters(), *module.buffers())
    }
    return sum(tensors.values())


def free_cached_memory() -> None:
    """Give memory that nothing uses any more back to the device."""
    gc.collect()
    if torch.accelerator.is_available():
        torch.accelerator.empty_cache()
