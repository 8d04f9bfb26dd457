"""Settings put to a loaded pipeline, each by the means that diffusers and torch have for it."""

import hashlib
import logging
import os
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderTiny, DiffusionPipeline
from diffusers.models.attention_dispatch import attention_backend
from torch import nn

from generation.engine.latency_curve import LatencyCurve
from generation.engine.standins import Call

from .tuning import Settings, Tuning, artifacts_of, tiny_decoder_of

# Graphs of one function: a block of each width, for one row and for several, in each dtype.
RECOMPILES = 64

log = logging.getLogger(__name__)


def curves_of(tuning: Tuning) -> dict[Hashable, LatencyCurve]:
    """The measured curves, by the place that the engine knows them by."""
    curves: dict[Hashable, LatencyCurve] = {}
    for timing in tuning.curves:
        dtype = getattr(torch, timing.dtype) if timing.dtype else None
        place = (tuning.model_hash, timing.component, timing.method, dtype, timing.shapes)
        curves[place] = LatencyCurve(timing.seconds)
    return curves


def device_name() -> str:
    """What a measurement holds for: the accelerator, or the processor and how many of its cores are ours."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    name = torch.cpu.get_capabilities().get("cpu_name", "CPU")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name} ({torch.backends.cpu.get_cpu_capability()}), {cores} cores"


def run_as_tuned(pipeline: DiffusionPipeline, tuning: Tuning, folder: Path) -> DiffusionPipeline:
    """The pipeline with its chosen settings. What does not compile is logged and runs as it is."""
    if tuning.settings.compiled:
        torch._dynamo.config.suppress_errors = True
        keep_compiled_beside(folder)
        _load_artifacts(artifacts_of(folder), tuning.artifacts)
    apply(pipeline, tuning.settings, folder)
    log.info("%s runs with %s", folder.parent.name, tuning.settings.chosen() or "its plain settings")
    return pipeline


def keep_compiled_beside(folder: Path) -> None:
    """Let the compiler keep its files in the models folder, which is ours alone and outlives a restart.

    By itself torch keeps them below /tmp. Saved artifacts hold a CPU's code as source only, which would go
    through the C++ compiler at every start.
    """
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(folder.parent.parent / ".compiler"))


def apply(pipeline: DiffusionPipeline, settings: Settings, folder: Path) -> None:
    """Change `pipeline` in place. Raises whatever a means raises that is not to be had here."""
    if settings.dtype:
        pipeline.to(dtype=getattr(torch, settings.dtype))
    if settings.tiny_decoder:
        pipeline.vae = tiny_decoder(folder, pipeline.vae)
    for name, module in modules_of(pipeline).items():
        stage = _stage_of(name, module)
        if settings.channels_last and stage != "encoding":
            # torch's stubs lack this overload.
            module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if stage == "denoising":
            _apply_to_denoiser(module, settings)


def modules_of(pipeline: DiffusionPipeline) -> dict[str, nn.Module]:
    """Those with weights: the starter's renderer, for one, has none."""
    modules = {name: value for name, value in vars(pipeline).items() if isinstance(value, nn.Module)}
    return {name: module for name, module in modules.items() if any(True for _ in module.parameters())}


def denoisers_of(pipeline: DiffusionPipeline) -> list[Any]:
    """The modules that are called at every step."""
    modules = modules_of(pipeline)
    return [module for name, module in modules.items() if _stage_of(name, module) == "denoising"]


def tiny_decoder(folder: Path, vae: nn.Module) -> AutoencoderTiny:
    """The tiny decoder that lies beside the model, where and in what the model's own decoder is."""
    tiny = AutoencoderTiny.from_pretrained(
        tiny_decoder_of(folder), use_safetensors=True, local_files_only=True, torch_dtype=vae.dtype
    )
    return tiny.to(vae.device).eval()


def _stage_of(name: str, module: nn.Module) -> str:
    return Call(name, "forward", module, None, (), {}).stage


def _apply_to_denoiser(module: Any, settings: Settings) -> None:
    if settings.fused_qkv:
        module.fuse_qkv_projections()
    if settings.attention:
        # A model's choice is set for the whole process as well; leaving this sets that back.
        with attention_backend():
            module.set_attention_backend(settings.attention)
    if settings.quantization:
        _quantize(module, settings.quantization)
    if settings.compiled:
        _compile(module)


def _compile(module: Any) -> None:
    """Its repeated blocks, which compiles in a fraction of the time, or all of it where it has none.

    Dynamic: as requests join and leave the rows change at every step, and each new number would be compiled.
    """
    torch._dynamo.config.recompile_limit = max(RECOMPILES, torch._dynamo.config.recompile_limit)
    if getattr(module, "_repeated_blocks", None):
        module.compile_repeated_blocks(dynamic=True)
    else:
        module.compile(dynamic=True)


def _quantize(module: nn.Module, kind: str) -> None:
    """Every row of an activation by a scale of its own: one for all would let a picture depend on those that
    share its call. Settings of the compiler, which torchao would change for the whole process, stay.
    """
    from torchao import quantization

    configs = {
        "float8": "Float8DynamicActivationFloat8WeightConfig",
        "int8": "Int8DynamicActivationInt8WeightConfig",
    }
    config = getattr(quantization, configs[kind])
    quantization.quantize_(module, config(granularity=quantization.PerRow(), set_inductor_config=False))


def _load_artifacts(file: Path, sha256: str) -> None:
    """Code that was compiled when the model was tuned. Without it the first pictures wait for the compiler.

    It is code: only the very bytes that tune_model wrote are loaded.
    """
    data = file.read_bytes() if sha256 and file.is_file() else b""
    if hashlib.sha256(data).hexdigest() == sha256:
        torch.compiler.load_cache_artifacts(data)
    else:
        log.warning("%s is not what tune_model wrote: the model is compiled anew", file.name)
