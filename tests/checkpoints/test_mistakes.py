"""What people give in place of a model's folder is refused at once, with what to do instead."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generation.checkpoints import CheckpointRefused, install
from generation.checkpoints.mistakes import refuse_mistakes, without_index
from generation.checkpoints.tree import File
from tests.checkpoints.trees import INDEX, honest, put, safetensors, with_header

UNET = "unet/diffusion_pytorch_model.safetensors"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 3438167540\n"
PAGE = b"<!DOCTYPE html><html><body>Access to this model is restricted</body></html>" * 9
Spoil = Callable[[Path], object]


def weights(*names: str) -> bytes:
    return safetensors({name: ("F16", [2], 4) for name in names})


def at(path: str, content: bytes | str | dict) -> Spoil:
    return lambda folder: put(folder, path, content)


def cut_short(folder: Path) -> None:
    whole = (folder / UNET).read_bytes()
    put(folder, UNET, whole[:-10])


def sharded(folder: Path) -> None:
    first = "diffusion_pytorch_model-00001-of-00002.safetensors"
    (folder / UNET).rename(folder / "unet" / first)
    names = {"weight": first, "more": first.replace("00001", "00002")}
    put(folder, "unet/diffusion_pytorch_model.safetensors.index.json", {"weight_map": names})


def without_weights(other: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / UNET).unlink()
        if other:
            put(folder, f"unet/{other}", b"\x08\x07 weights")

    return spoil


SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "git-lfs pointer": (at(UNET, POINTER), UNET, "run `git lfs pull`"),
    "git-lfs pointer for the index": (
        at("model_index.json", POINTER),
        "model_index.json",
        "run `git lfs pull`",
    ),
    "git-lfs pointer for a vocabulary": (
        at("tokenizer/vocab.json", POINTER),
        "tokenizer/vocab.json",
        "git lfs",
    ),
    "broken off by name": (
        lambda folder: (folder / UNET).rename(folder / f"{UNET}.incomplete"),
        f"{UNET}.incomplete",
        "download it again",
    ),
    "broken off by a browser": (
        at("vae/model.safetensors.crdownload", b""),
        "vae/model.safetensors.crdownload",
        "again",
    ),
    "cut short": (cut_short, UNET, "is cut short: 22 of its 32 bytes"),
    "cut in its header": (at(UNET, weights("a")[:20]), UNET, "more than the file: download it again"),
    "empty": (at(UNET, b""), UNET, "is empty or too short"),
    "room kept and never filled": (at(UNET, bytes(900)), UNET, "nothing but zeros"),
    "page of an error": (at(UNET, PAGE), UNET, "is a web page"),
    "page in place of the index": (at("model_index.json", PAGE), "model_index.json", "is a web page"),
    "text of an error": (at(UNET, "Entry not found\n"), UNET, "is text and holds no weights"),
    "answer in JSON": (at(UNET, '{"error": "Repository is gated"}'), UNET, "is text and holds no weights"),
    "GGUF by content": (at(UNET, b"GGUF\3\0\0\0" + bytes(64)), UNET, "is GGUF"),
    "one shard of two": (
        sharded,
        "unet/diffusion_pytorch_model.safetensors.index.json",
        "00002-of-00002.*not there",
    ),
    "no weights": (without_weights(""), "unet", "has no weights in safetensors form: download it again"),
    "weights for ONNX": (
        without_weights("model.onnx"),
        "unet",
        "is an ONNX model, .* get the model in safetensors",
    ),
    "weights for Flax": (without_weights("model.msgpack"), "unet", "for Flax"),
    "pickled weights": (without_weights("pytorch_model.bin"), "unet", "is a pickle by its name"),
    "export to ONNX": (
        at("model_index.json", INDEX | {"_class_name": "OnnxStableDiffusionPipeline"}),
        "model_index.json",
        "for ONNX",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_folder_is_refused_with_what_to_do(name, tmp_path):
    spoil, path, reason = SPOILT[name]
    spoil(honest(tmp_path / "model"))
    with pytest.raises(CheckpointRefused, match=reason) as refused:
        refuse_mistakes(tmp_path / "model")
    assert refused.value.path == path
    assert str(tmp_path) not in str(refused.value)


SINGLE = {
    "sd15.safetensors": (
        weights("cond_stage_model.transformer.text_model.embeddings", "model.diffusion_model.input_blocks.0"),
        "whole model in one file.*StableDiffusionPipeline.from_single_file",
    ),
    "sdxl.safetensors": (
        weights("conditioner.embedders.0.x", "model.diffusion_model.out.0"),
        "StableDiffusionXLPipeline",
    ),
    "sd3.safetensors": (weights("model.diffusion_model.joint_blocks.0.x"), "StableDiffusion3Pipeline"),
    "flux.safetensors": (
        weights("double_blocks.0.img_attn.qkv.weight"),
        "only FLUX's transformer, a part of a model",
    ),
    "flux-all.safetensors": (
        weights(
            "model.diffusion_model.double_blocks.0.x", "text_encoders.t5xxl.x", "vae.decoder.conv_in.weight"
        ),
        "FluxPipeline",
    ),
    "style.safetensors": (
        weights("lora_unet_down_blocks_0.lora_down.weight"),
        "LoRA in the form that kohya.*fuse_lora",
    ),
    "adapter.safetensors": (
        weights("transformer.blocks.0.attn.to_q.lora_A.weight"),
        "is a LoRA. .*fuse_lora",
    ),
    "loha.safetensors": (weights("lora_te_text_model.hada_w1_a"), "is a LoRA"),
    "vae.safetensors": (weights("encoder.conv_in.weight", "decoder.conv_in.weight"), "autoencoder"),
    "control.safetensors": (weights("control_model.input_hint_block.0.weight"), "ControlNet"),
    "clip.safetensors": (weights("text_model.encoder.layers.0.x"), "a text encoder"),
    "word.safetensors": (weights("emb_params"), "textual inversion"),
    "odd.safetensors": (weights("wibble"), "unknown kind"),
    "page.safetensors": (PAGE, "is a web page"),
    "half.safetensors": (weights("double_blocks.0")[:-1], "is cut short"),
    "model.ckpt": (b"PK\3\4", "is a pickle by its name.*safetensors"),
    "model.gguf": (b"GGUF", "GGUF.*safetensors"),
    "model.onnx": (b"\x08\x07", "ONNX"),
    "model.zip": (b"PK\3\4", "unpack it"),
    "model.safetensors.part": (b"", "broken off"),
    "model_index.json": (b"{}", "give the folder"),
    "notes.txt": (b"hello", "a model is a folder"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_a_single_file_is_told_what_it_is_and_what_to_do(name, tmp_path):
    content, reason = SINGLE[name]
    file = put(tmp_path, name, content)
    with pytest.raises(CheckpointRefused, match=reason) as refused:
        refuse_mistakes(file)
    assert refused.value.path == name


@pytest.mark.parametrize("name", ["style.safetensors", "sdxl.safetensors", "vae.safetensors"])
def test_a_folder_with_only_a_single_file_is_told_the_same(name, tmp_path):
    content, reason = SINGLE[name]
    put(tmp_path / "downloads", name, content)
    with pytest.raises(CheckpointRefused, match=f"no model_index.json. Its file {name} is .*{reason}"):
        refuse_mistakes(tmp_path / "downloads")


def test_the_wrong_folder_is_led_to_the_right_one(tmp_path):
    model = honest(tmp_path / "outer" / "model")
    for folder, reason in (
        (tmp_path / "outer", "its folder model has: install that one"),
        (model / "unet", "is one part of a model: install the folder above it, model"),
    ):
        with pytest.raises(CheckpointRefused, match=reason):
            refuse_mistakes(folder)
    honest(tmp_path / "outer" / "second")
    with pytest.raises(CheckpointRefused, match="holds 2 models: install one of its folders"):
        refuse_mistakes(tmp_path / "outer")
    (model / "model_index.json").unlink()
    with pytest.raises(CheckpointRefused, match="or that file is missing: download it again"):
        refuse_mistakes(model)
    with pytest.raises(CheckpointRefused, match="There are no files in it"):
        refuse_mistakes(put(tmp_path / "none", ".DS_Store", b"").parent)


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (["pytorch_lora_weights.safetensors", "README.md"], "A LoRA is an addition to a model"),
        (["sdxl.safetensors", "README.md"], "A model in one file .* from_single_file"),
        (["config.json", "model.safetensors"], "one network by itself"),
        (["model-Q4.gguf"], "GGUF"),
        (["unet/config.json", "vae/config.json"], "download it again, whole"),
        (["README.md"], "not a pipeline folder"),
    ],
)
def test_a_repository_on_a_hub_is_told_by_its_names(paths, reason):
    told = without_index([File(path, 9) for path in paths])
    assert re.search(f"has no model_index.json.*{reason}", told)


def test_the_hub_clients_cache_is_told_by_its_links(tmp_path):
    repository = tmp_path / "models--owner--name"
    blob = put(repository, "blobs/4d7a", b"{}")
    snapshot = put(repository, "snapshots/c0ffee/README.md", "x").parent
    (snapshot / "model_index.json").symlink_to(blob)
    for given in (repository, snapshot):
        with pytest.raises(
            CheckpointRefused, match="Install owner/name by that name, or copy them with `cp -rL"
        ):
            refuse_mistakes(given)


def test_what_desktops_and_browsers_leave_beside_the_files_does_no_harm(tmp_path):
    source = honest(tmp_path / "model")
    put(source, "sample.png", POINTER)
    put(source, f"{UNET}.part", b"of a first try")
    for path in (".DS_Store", "unet/.DS_Store", "unet/Thumbs.db", "desktop.ini", "__MACOSX/unet/x.json"):
        put(source, path, b"\0\5\x16\7")
    for path in ("._model_index.json", "unet/._config.json", f"unet/._{Path(UNET).name}", "._model.bin"):
        put(source, path, b"\0\5\x16\7\0\2\0\0Mac OS X        ")
    installed = install(str(source), tmp_path / "models")
    kept = {path.name for path in installed.checkpoint.folder.rglob("*")}
    assert not {name for name in kept if name.startswith("._")} | ({".DS_Store", "Thumbs.db"} & kept)


def test_a_variant_in_place_of_the_shards_on_a_list_and_a_tokenizers_configuration_are_enough(tmp_path):
    source = honest(tmp_path / "model")
    (source / UNET).rename(source / "unet/diffusion_pytorch_model.fp16.safetensors")
    names = {"weight": "diffusion_pytorch_model-00001-of-00002.safetensors"}
    put(source, "unet/diffusion_pytorch_model.safetensors.index.json", {"weight_map": names})
    put(source, "tokenizer/config.json", {"architectures": ["CLIPTextModel"]})
    put(source, "safety_checker/config.json", {})  # the index has none
    refuse_mistakes(source)


def test_a_folder_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    """By the answer of the operating system, as the tests may run as root, whom nothing is denied."""
    denied, scandir = honest(tmp_path / "model") / "unet", os.scandir

    def scanned(folder: Path):
        if folder == denied:
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", scanned)
    with pytest.raises(CheckpointRefused, match="unet may not be read by this user"):
        refuse_mistakes(tmp_path / "model")


def test_gigabytes_are_refused_by_their_first_bytes_and_without_torch(tmp_path):
    """A sparse file of 40 GB: whoever reads it, or loads the libraries first, is not done in 5 seconds."""
    source = honest(tmp_path / "model")
    with (source / UNET).open("r+b") as file:
        file.truncate(40 << 30)
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from generation.checkpoints import CheckpointRefused, install\n"
        "try:\n    install(sys.argv[1], Path(sys.argv[2]))\n"
        "except CheckpointRefused as error:\n    print(error)\n"
        "print([name for name in ('torch', 'diffusers', 'transformers') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "models")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout
    assert "should hold 32 bytes of tensors and holds" in said
    assert said.strip().endswith("[]")


def test_an_honest_header_may_begin_with_any_byte(tmp_path):
    """The first byte is of a length: that of some headers is a brace or a letter."""
    for first in b"{[<Gv":
        header = b'{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}'.ljust(256 + first)
        assert with_header(header, b"\1" * 4)[0] == first
        put(honest(tmp_path / chr(first)), UNET, with_header(header, b"\1" * 4))
        refuse_mistakes(tmp_path / chr(first))
