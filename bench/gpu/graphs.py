"""A denoiser as CUDA graphs: all its kernels are launched at once, for calls of a few fixed widths."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import torch
from diffusers import DiffusionPipeline
from torch import nn
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from bench.pipelines import denoiser_of, with_own_denoiser

# Rows; a call of fewer is filled up, one of more runs without a graph.
BUCKETS = (2, 8, 32)
WARM_UPS = 3  # before a capture: kernels are chosen, libraries make their workspaces

Run = Callable[[], Any]


def graphed(pipeline: DiffusionPipeline) -> DiffusionPipeline:
    """A copy whose denoiser runs as graphs, captured when a width first comes."""
    own = with_own_denoiser(pipeline)
    denoiser = denoiser_of(own)
    denoiser.forward = Graphs(denoiser)
    return own


class Graphs:
    """Takes the place of `module.forward`; its calls' first tensor has the rows.

    `capture` runs a function once and returns what runs it again, on the same memory.
    """

    def __init__(self, module: nn.Module, capture: Callable[[Run], tuple[Run, Any]] | None = None) -> None:
        self._forward = module.forward
        self._capture = capture or _capture
        self._graphs: dict[Hashable, Graph] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        leaves, form = tree_flatten((args, kwargs))
        tensors = [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]
        rows = len(tensors[0])
        bucket = next((bucket for bucket in BUCKETS if bucket >= rows), None)
        if bucket is None:
            return self._forward(*args, **kwargs)
        leaves = tree_map(lambda leaf: _filled(leaf, rows, bucket), leaves)
        key = (form, *(_sign(leaf) for leaf in leaves))
        if key not in self._graphs:
            self._graphs[key] = Graph(self._call, leaves, form, self._capture)
        return tree_map(lambda leaf: _cut(leaf, rows, bucket), self._graphs[key].replay(leaves))

    def _call(self, call: tuple[tuple[Any, ...], dict[str, Any]]) -> Any:
        return self._forward(*call[0], **call[1])


class Graph:
    """One captured call: it reads and writes the same memory each time."""

    def __init__(
        self,
        forward: Callable[[Any], Any],
        leaves: list[Any],
        form: Any,
        capture: Callable[[Run], tuple[Run, Any]],
    ) -> None:
        self._leaves = tree_map(lambda leaf: leaf.clone() if isinstance(leaf, torch.Tensor) else leaf, leaves)
        self._run, self._answer = capture(lambda: forward(tree_unflatten(self._leaves, form)))

    def replay(self, leaves: list[Any]) -> Any:
        """What the captured call answers to `leaves`, good until the next one."""
        for own, leaf in zip(self._leaves, leaves, strict=True):
            if isinstance(own, torch.Tensor):
                own.copy_(leaf)
        self._run()
        return self._answer


def _capture(run: Run) -> tuple[Run, Any]:
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UPS):
            run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    # Other threads fetch finished pictures meanwhile.
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        answer = run()
    return graph.replay, answer


def _filled(leaf: Any, rows: int, bucket: int) -> Any:
    """With copies of its first row up to the bucket, if it has the call's rows."""
    if not isinstance(leaf, torch.Tensor) or leaf.ndim == 0 or len(leaf) != rows or rows == bucket:
        return leaf
    return torch.cat([leaf, leaf[:1].expand(bucket - rows, *leaf.shape[1:])])


def _cut(leaf: Any, rows: int, bucket: int) -> Any:
    """The call's own rows, in memory that the next replay leaves alone."""
    if not isinstance(leaf, torch.Tensor):
        return leaf
    return (leaf[:rows] if leaf.ndim and len(leaf) == bucket else leaf).clone()


def _sign(leaf: Any) -> Hashable:
    return (leaf.shape, leaf.dtype, leaf.device) if isinstance(leaf, torch.Tensor) else leaf
