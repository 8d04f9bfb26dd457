"""Sizes, defaults, memory and licence, from what a checkpoint says of itself."""

from pathlib import Path
from typing import Any

import pytest

from generation.checkpoints import CheckpointFacts, facts_of, install, licence_of, memory_bytes
from tests.checkpoints.trees import edit, honest, put, safetensors
from tests.engine.tiny_pipelines import FAMILIES, build

# The configurations that matter of published models: (pipeline, autoencoder, denoiser) -> multiple, default
# side.
SD15 = ("StableDiffusionPipeline", {"block_out_channels": [128, 256, 512, 512], "latent_channels": 4}, "unet")
PUBLISHED: dict[str, tuple[Any, ...]] = {
    "Stable Diffusion 1.5": (*SD15, {"sample_size": 64, "in_channels": 4}, 8, 512),
    "SDXL": (*SD15, {"sample_size": 128, "in_channels": 4}, 8, 1024),
    "SD 3": (
        "StableDiffusion3Pipeline",
        {"block_out_channels": [128, 256, 512, 512], "latent_channels": 16},
        "transformer",
        {"sample_size": 128, "in_channels": 16, "patch_size": 2},
        16,
        1024,
    ),
    "FLUX.1": (
        "FluxPipeline",
        {"block_out_channels": [128, 256, 512, 512], "latent_channels": 16},
        "transformer",
        {"in_channels": 64, "patch_size": 1},
        16,
        1024,
    ),
    "Sana": (
        "SanaPipeline",
        {"encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024], "latent_channels": 32},
        "transformer",
        {"sample_size": 32, "in_channels": 32, "patch_size": 1},
        32,
        1024,
    ),
    "Z-Image": (
        "ZImagePipeline",
        {"block_out_channels": [128, 256, 512, 512], "latent_channels": 16},
        "transformer",
        {"in_channels": 16, "all_patch_size": [2]},
        16,
        1024,
    ),
    "Qwen-Image": (
        "QwenImagePipeline",
        {"temperal_downsample": [False, True, True], "z_dim": 16},
        "transformer",
        {"in_channels": 64, "patch_size": 2},
        16,
        1024,
    ),
}


def with_configurations(source: Path, vae: dict, denoiser: str, config: dict) -> None:
    put(source, "vae/config.json", vae)
    if denoiser == "transformer":
        edit(source, "model_index.json", unet=..., transformer=["diffusers", "FluxTransformer2DModel"])
        (source / "unet").rename(source / "transformer")
    put(source, f"{denoiser}/config.json", config)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_configurations_give_the_sizes_they_were_trained_for(name: str, tmp_path: Path) -> None:
    pipeline, vae, denoiser, config, multiple, side = PUBLISHED[name]
    source = honest(tmp_path / "tree")
    edit(source, "model_index.json", _class_name=pipeline)
    with_configurations(source, vae, denoiser, config)
    facts = facts_of(install(str(source), tmp_path / "models").checkpoint)

    assert (facts.size_multiple, facts.size_default) == (multiple, side)
    assert (facts.size_min, facts.size_max) == (side // 2, side * 2)


def test_defaults_are_those_of_the_pipelines_authors(tmp_path: Path) -> None:
    facts = facts_of(install(str(honest(tmp_path / "tree")), tmp_path / "models").checkpoint)

    assert facts == CheckpointFacts(
        size_multiple=8,
        size_min=256,
        size_max=1024,
        size_default=512,
        steps_default=50,
        guidance_default=7.5,
        takes_negative_prompt=True,
    )


@pytest.mark.parametrize("size", ["64", None, -1, [], {}, 10**9, True])
def test_a_size_that_makes_no_sense_is_not_believed(size: object, tmp_path: Path) -> None:
    source = honest(tmp_path / "tree")
    edit(source, "unet/config.json", sample_size=size)

    assert facts_of(install(str(source), tmp_path / "models").checkpoint).size_default == 1024


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_installed_and_its_multiple_is_its_own(family: str, tmp_path: Path) -> None:
    build(family, tmp_path / "tree")
    made = install(str(tmp_path / "tree"), tmp_path / "models", name=family)
    facts = facts_of(made.checkpoint)

    assert facts.size_multiple == {"flux": 4, "flux2": 4, "zimage": 4, "qwen": 8, "pixart": 4}.get(family, 2)
    assert facts.size_default % facts.size_multiple == 0
    assert memory_bytes(made.checkpoint, 4) >= 70_000


def test_memory_is_counted_in_the_type_that_will_be_loaded(tmp_path: Path) -> None:
    source = honest(tmp_path / "tree")
    for component, name in (("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model")):
        put(
            source,
            f"{component}/{name}.safetensors",
            safetensors({"w": ("F32", [8], 32), "ids": ("I64", [2], 16)}),
        )
    put(source, "text_encoder/model.safetensors", safetensors({"w": ("BF16", [8], 16), "q": ("I8", [4], 4)}))
    checkpoint = install(str(source), tmp_path / "models").checkpoint

    assert memory_bytes(checkpoint, 2) == 3 * 8 * 2 + 2 * 16 + 4
    assert memory_bytes(checkpoint, 4) == 3 * 8 * 4 + 2 * 16 + 4


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"README.md": "---\nlicense: apache-2.0\n---\n"}, "apache-2.0"),
        ({"README.md": "---\ntags:\n- x\nlicense: 'mit'\n---\n"}, "mit"),
        ({"README.md": "---\nlicense: other\nlicense_name: flux-1-dev\n---\n"}, "flux-1-dev"),
        (
            {"README.md": "# A title\nlicense: mit\n", "LICENSE.md": "\n  MIT License\n\nCopyright"},
            "MIT License",
        ),
        ({"README.md": "---\nlicense:\n---\n", "LICENSE": "Open RAIL"}, "Open RAIL"),
        ({"LICENSE": "x" * 1000}, "x" * 120),
        ({"LICENSE": "a\x1b[31mb"}, "a[31mb"),
        ({"LICENSE": ""}, "not stated"),
        ({}, "not stated"),
    ],
)
def test_the_licence_is_what_the_model_says(files: dict[str, str], said: str, tmp_path: Path) -> None:
    for name, text in files.items():
        put(tmp_path, name, text)
    assert licence_of(tmp_path) == said
