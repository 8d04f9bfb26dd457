"""Configurations that ask the loader for code from elsewhere, or for classes that are not public."""

import pickle
from pathlib import Path

import pytest

from tests.checkpoints.hostility import Case, assert_refused, file_at, setting
from tests.checkpoints.trees import edit, put


def second_model_named_in_the_card(folder: Path, canary: Path) -> None:
    edit(folder, "model_index.json", _class_name="StableCascadeCombinedPipeline")
    put(folder, "README.md", "---\nprior:\n- /tmp/evil\n---\n")


CASES: dict[str, Case] = {
    "plain data in protocol 0": (file_at("LICENSE", pickle.dumps([1, 2], 0)), "LICENSE", "is a pickle"),
    "auto_map": (
        setting("unet/config.json", auto_map={"AutoModel": "modeling.Net"}),
        "unet/config.json",
        "auto_map",
    ),
    "auto_map in the index": (setting("model_index.json", auto_map={}), "model_index.json", "auto_map"),
    "auto_map deep inside": (
        setting("text_encoder/config.json", vision_config={"a": [{"auto_map": {}}]}),
        "text_encoder/config.json",
        "auto_map",
    ),
    "auto_map in a tokenizer": (
        file_at("tokenizer/tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["t.T", None]}}),
        "tokenizer/tokenizer_config.json",
        "auto_map",
    ),
    "auto_map in a pretended vocabulary": (
        file_at("tokenizer/vocab.json", {"auto_map": 1}),
        "tokenizer/vocab.json",
        "auto_map",
    ),
    "custom_pipeline": (
        setting("model_index.json", custom_pipeline="x/y"),
        "model_index.json",
        "custom_pipeline",
    ),
    "trust_remote_code": (
        setting("text_encoder/config.json", text_config={"trust_remote_code": True}),
        "text_encoder/config.json",
        "trust_remote_code",
    ),
    "attention from a hub (CVE-2026-4372)": (
        setting("text_encoder/config.json", _attn_implementation_internal="evil/kernel"),
        "text_encoder/config.json",
        "_attn_implementation_internal",
    ),
    "the same, nested": (
        setting("text_encoder/config.json", text_config={"_attn_implementation_internal": "evil/kernel"}),
        "text_encoder/config.json",
        "_attn_implementation_internal",
    ),
    "attention by its public key": (
        setting("text_encoder/config.json", attn_implementation="evil/kernel"),
        "text_encoder/config.json",
        "attn_implementation",
    ),
    "attention of one part": (
        setting("text_encoder/config.json", _attn_implementation={"text_config": "evil/kernel@main:f"}),
        "text_encoder/config.json",
        "_attn_implementation",
    ),
    "adapter that names another base": (
        file_at("text_encoder/adapter_config.json", {"base_model_name_or_path": "evil/model"}),
        "text_encoder/adapter_config.json",
        "other files",
    ),
    "unknown library": (
        setting("model_index.json", unet=["evil_package", "UNet"]),
        "model_index.json",
        "evil_package",
    ),
    "library of the system": (
        setting("model_index.json", unet=["os", "system"]),
        "model_index.json",
        "os.system",
    ),
    "inner module of diffusers": (
        setting("model_index.json", unet=["diffusers.utils", "x"]),
        "model_index.json",
        "only classes of diffusers",
    ),
    "module of Handbill's own": (
        setting("model_index.json", unet=["generation.starter.model", "SceneTransformer"]),
        "model_index.json",
        "only classes of diffusers",
    ),
    "unknown class": (
        setting("model_index.json", unet=["diffusers", "EvilNet"]),
        "model_index.json",
        "EvilNet",
    ),
    "a function": (setting("model_index.json", unet=["diffusers", "logging"]), "model_index.json", "logging"),
    "a class that is no component": (
        setting("model_index.json", unet=["transformers", "Trainer"]),
        "model_index.json",
        "Trainer",
    ),
    "a class that dispatches": (
        setting("model_index.json", text_encoder=["transformers", "AutoModel"]),
        "model_index.json",
        "AutoModel",
    ),
    "dotted class": (
        setting("model_index.json", unet=["diffusers", "utils.logging"]),
        "model_index.json",
        "utils.logging",
    ),
    "unknown pipeline": (setting("model_index.json", _class_name="Evil"), "model_index.json", "Evil"),
    "pipeline from a file": (
        setting("model_index.json", _class_name=["pipeline", "Evil"]),
        "model_index.json",
        "pipeline class",
    ),
    "pipeline that makes video": (
        setting("model_index.json", _class_name="CogVideoXPipeline"),
        "model_index.json",
        "text-to-image",
    ),
    "pipeline that needs a control picture": (
        setting("model_index.json", _class_name="StableDiffusionControlNetPipeline"),
        "model_index.json",
        "control picture",
    ),
    "model card that names a second model to load": (
        second_model_named_in_the_card,
        "model_index.json",
        "wherever its model card says",
    ),
    "component with a path for a name": (
        setting("model_index.json", **{"../unet": ["diffusers", "UNet2DConditionModel"]}),
        "model_index.json",
        "../unet",
    ),
    "component of three parts": (
        setting("model_index.json", unet=["a", "b", "c"]),
        "model_index.json",
        "unknown way",
    ),
    "index that is a list": (file_at("model_index.json", []), "model_index.json", "pipeline class"),
    "index that is not JSON": (file_at("model_index.json", "{"), "model_index.json", "not a JSON"),
    "configuration in UTF-16": (
        file_at("unet/config.json", '{"a": 1}'.encode("utf-16")),
        "unet/config.json",
        "not a JSON",
    ),
    "configuration nested without end": (
        file_at("unet/config.json", "[" * 200_000),
        "unet/config.json",
        "not a JSON",
    ),
    "vocabulary that is no SentencePiece": (
        file_at("tokenizer/spiece.model", b"\x0a\xff\xff"),
        "tokenizer/spiece.model",
        "SentencePiece",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_its_reason_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    assert_refused(CASES[name], tmp_path)
