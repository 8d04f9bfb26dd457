"""A small honest checkpoint, shaped like Stable Diffusion 1.5, written without torch, for tests to spoil."""

import json
import struct
from pathlib import Path
from typing import Any

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.42.0",
    "requires_safety_checker": False,
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}
WEIGHTS = {
    "text_encoder": "model.safetensors",
    "unet": "diffusion_pytorch_model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
}


def safetensors(tensors: dict[str, tuple[str, list[int], int]] | None = None, fill: bytes = b"\1") -> bytes:
    """A valid file. `tensors`: name -> (dtype, shape, bytes)."""
    tensors = tensors or {"weight": ("F32", [2, 3], 24), "bias": ("F16", [4], 8)}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    return with_header(json.dumps(header).encode(), fill * at)


def with_header(header: bytes, data: bytes) -> bytes:
    return struct.pack("<Q", len(header)) + header + data


def put(folder: Path, path: str, content: bytes | str | dict | list) -> Path:
    """Write bytes as they are, text as UTF-8, anything else as JSON."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    file.write_bytes(content)
    return file


def honest(folder: Path) -> Path:
    """Write the honest checkpoint into `folder`, which is made."""
    put(folder, "model_index.json", INDEX)
    put(folder, "scheduler/scheduler_config.json", {"_class_name": "DDIMScheduler"})
    put(folder, "tokenizer/vocab.json", {"a": 0, "b": 1})
    put(folder, "tokenizer/merges.txt", "#version: 0.2\na b\n")
    put(folder, "text_encoder/config.json", {"architectures": ["CLIPTextModel"]})
    put(folder, "unet/config.json", {"sample_size": 64, "in_channels": 4})
    put(folder, "vae/config.json", {"block_out_channels": [1, 2, 3, 4], "latent_channels": 4})
    for component, name in WEIGHTS.items():
        put(folder, f"{component}/{name}", safetensors())
    put(folder, "README.md", "---\nlicense: openrail\ntags: [x]\n---\n# A model\n")
    put(folder, "sample.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
    return folder


def edit(folder: Path, path: str, **changes: object) -> None:
    """Set top-level keys of a JSON file; a value of ... removes the key."""
    document = json.loads((folder / path).read_text())
    for key, value in changes.items():
        document.pop(key, None) if value is ... else document.update({key: value})
    put(folder, path, document)
