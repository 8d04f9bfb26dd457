"""How a model is run on this machine, as `tune_model` measured it: a JSON file beside the model's folder.

Importing this imports no torch.
"""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

# What a person may allow by name, as each loses something.
LOSSY = ("bf16", "fp16", "fp8", "int8", "sage", "tiny_decoder", "row_skip")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The defaults are the pipeline as diffusers loads it.

    dtype: "bfloat16" or "float16", empty for the one it is loaded in. attention: a backend of diffusers,
    empty for its own choice. quantization: "float8" or "int8", of the denoiser's linear layers. row_skip: the
    error a forecast step may have, see generation.engine.step_cache; 0 runs every step.
    """

    channels_last: bool = False
    fused_qkv: bool = False
    attention: str = ""
    compiled: bool = False
    dtype: str = ""
    quantization: str = ""
    tiny_decoder: bool = False
    row_skip: float = 0.0

    def chosen(self) -> dict[str, Any]:
        """What is not as diffusers has it."""
        return {item.name: getattr(self, item.name) for item in fields(self) if getattr(self, item.name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Median seconds of one call of a component, by rows.

    `size` is the picture's, in pixels. The others are the call's place, as generation.engine.grouping has it:
    `shapes` are those of a row, `dtype` is empty for a component without one.
    """

    size: tuple[int, int]
    component: str
    method: str
    dtype: str
    shapes: tuple[tuple[int, ...], ...]
    seconds: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """Holds for one model on one device with one set of packages.

    curves: seconds by rows, of every size. errors: the largest and the mean difference of pictures, of 0 to
    1, that each lossy setting in force causes. artifacts: SHA-256 of the file of compiled code, empty without
    one. tiny_decoder: the same of its weights.
    """

    model_hash: str
    device: str
    versions: Mapping[str, str]
    settings: Settings
    curves: tuple[Timing, ...] = ()
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    artifacts: str = ""
    tiny_decoder: str = ""


def file_of(folder: Path) -> Path:
    """Beside the model's own folder, which is locked."""
    return folder.with_name(f"{folder.name}.tuning.json")


def artifacts_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.compiled")


def tiny_decoder_of(folder: Path) -> Path:
    """Where an AutoencoderTiny for this model may lie, as diffusers saves one."""
    return folder.with_name(f"{folder.name}.decoder")


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("torch", "diffusers")}


def read(folder: Path, model_hash: str, device: str) -> Tuning | None:
    """What was measured for a model on a device, or None. What no longer holds is logged and ignored."""
    file = file_of(folder)
    try:
        tuning = _from_json(json.loads(file.read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("%s is ignored: it cannot be read (%s)", file.name, type(error).__name__)
        return None
    if reason := _stale(tuning, model_hash, device, folder):
        log.warning("%s is ignored: it was measured %s; run tune_model again", file.name, reason)
        return None
    return tuning


def write(folder: Path, tuning: Tuning, artifacts: bytes | None) -> None:
    """Keep it whole or not at all: the compiled code first, then the file that names it by its hash."""
    if artifacts is None:
        artifacts_of(folder).unlink(missing_ok=True)
    else:
        _replace(artifacts_of(folder), artifacts)
    _replace(file_of(folder), json.dumps(asdict(tuning), indent=1).encode())


def sha256_of(file: Path) -> str:
    """Of a file's bytes, or empty if there is none."""
    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def weights_of(decoder: Path) -> Path:
    return decoder / "diffusion_pytorch_model.safetensors"


def _stale(tuning: Tuning, model_hash: str, device: str, folder: Path) -> str:
    """For what else it was measured, in words; empty if it holds."""
    if tuning.model_hash != model_hash:
        return "for another model"
    if tuning.device != device:
        return f"on another device ({tuning.device})"
    if dict(tuning.versions) != versions():
        return f"with other packages ({', '.join(f'{name} {one}' for name, one in tuning.versions.items())})"
    if tuning.tiny_decoder and tuning.tiny_decoder != sha256_of(weights_of(tiny_decoder_of(folder))):
        return "with another tiny decoder"
    return ""


def _from_json(value: dict[str, Any]) -> Tuning:
    curves = tuple(
        Timing(
            **{
                **curve,
                "size": tuple(curve["size"]),
                "shapes": tuple(tuple(shape) for shape in curve["shapes"]),
                "seconds": {int(rows): float(seconds) for rows, seconds in curve["seconds"].items()},
            }
        )
        for curve in value["curves"]
    )
    return Tuning(**{**value, "settings": Settings(**value["settings"]), "curves": curves})


def _replace(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}-{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
