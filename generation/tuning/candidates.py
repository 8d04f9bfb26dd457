"""What may be tried on a pipeline here, in the order in which it is tried.

A candidate is exact when it only reorders the same arithmetic in the same precision; the others are lossy.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from diffusers import DiffusionPipeline

from .applying import denoisers_of
from .tuning import Settings, tiny_decoder_of

# Attention in the arithmetic of the model. None of a hub's: they are fetched when first used. On a CPU torch
# has one fast kernel, and takes it by itself.
ATTENTION = ("_native_cudnn", "_native_flash", "_native_efficient", "flash", "_flash_3", "xformers")

# Queries and keys in 8 bits.
LOSSY_ATTENTION = ("sage",)

# Tolerance of forecast steps. On the starter model at 20 steps: 30 % of them skipped, pictures 0.2 % off,
# a third of what 12 steps in place of 20 cost.
ROW_SKIP = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """`changes` are fields of Settings, `words` what a person reads, `allowed_by` empty for an exact one."""

    words: str
    changes: dict[str, Any]
    allowed_by: str = ""

    def on(self, settings: Settings) -> Settings:
        return replace(settings, **self.changes)


def candidates(pipeline: DiffusionPipeline, folder: Path) -> Iterator[Candidate]:
    """Those that this pipeline has the parts for and this device the kernels."""
    denoisers = denoisers_of(pipeline)
    weights = [weight for module in denoisers for weight in module.parameters()]
    if any(weight.ndim == 4 for weight in weights):
        yield Candidate("images stored channels last", {"channels_last": True})
    if all(hasattr(module, "fuse_qkv_projections") for module in denoisers):
        yield Candidate("attention's three projections in one", {"fused_qkv": True})
    on_gpu = weights[0].is_cuda
    dispatches = any(_dispatches_attention(module) for module in denoisers)
    if on_gpu and dispatches:
        for name in ATTENTION:
            yield Candidate(f"attention by {name.lstrip('_')}", {"attention": name})
    yield Candidate("compiled", {"compiled": True})
    yield from _lossy(weights[0], dispatches, folder)


def _lossy(weight: torch.Tensor, dispatches: bool, folder: Path) -> Iterator[Candidate]:
    if weight.dtype == torch.float32 and (weight.is_cuda or _computes_bfloat16()):
        yield Candidate("16 bits in place of 32 (bf16)", {"dtype": "bfloat16"}, "bf16")
    if weight.is_cuda and weight.dtype != torch.float16:
        yield Candidate("16 bits with finer steps (fp16)", {"dtype": "float16"}, "fp16")
    if weight.is_cuda and importlib.util.find_spec("torchao"):
        # Without the compiler each layer would convert its inputs in many small kernels, slower than before.
        if torch.cuda.get_device_capability() >= (8, 9):
            yield Candidate("8-bit floats (fp8)", {"quantization": "float8", "compiled": True}, "fp8")
        yield Candidate("8-bit integers (int8)", {"quantization": "int8", "compiled": True}, "int8")
    if weight.is_cuda and dispatches:
        for name in LOSSY_ATTENTION:
            yield Candidate(f"attention in 8 bits ({name})", {"attention": name}, name)
    if tiny_decoder_of(folder).is_dir():
        yield Candidate("the tiny decoder", {"tiny_decoder": True}, "tiny_decoder")
    yield Candidate("steps forecast from their neighbours", {"row_skip": ROW_SKIP}, "row_skip")


def _dispatches_attention(module: torch.nn.Module) -> bool:
    """Whether diffusers' choice of attention reaches this model: its UNets call torch's straight away."""
    return any(hasattr(getattr(part, "processor", None), "_attention_backend") for part in module.modules())


def _computes_bfloat16() -> bool:
    """Whether the processor multiplies 16-bit numbers as such; without that they only cost conversions."""
    has = torch.cpu.get_capabilities()
    return bool(has.get("avx512_bf16") or has.get("amx_bf16") or has.get("bf16"))
