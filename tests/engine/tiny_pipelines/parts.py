"""Encoders, autoencoders and denoisers that several families have, with random weights; and a LoRA."""

from pathlib import Path

import diffusers
import peft
import torch
import transformers
from diffusers import DiffusionPipeline
from peft import LoraConfig

from .tokenizers import qwen_tokenizer


def clip_encoder(tokenizer, *, projection: bool = False, **sizes: int):
    tiny = {
        "hidden_size": 32,
        "intermediate_size": 37,
        "num_attention_heads": 4,
        "num_hidden_layers": 2,
        "projection_dim": 32,
    }
    config = transformers.CLIPTextConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        hidden_act="gelu",
        **tiny | sizes,
    )
    kind = transformers.CLIPTextModelWithProjection if projection else transformers.CLIPTextModel
    return kind(config)


def t5_encoder(tokenizer, **sizes: int):
    tiny = {"d_model": 32, "d_ff": 37, "d_kv": 8, "num_heads": 4, "num_layers": 2}
    return transformers.T5EncoderModel(
        transformers.T5Config(vocab_size=len(tokenizer) + 8, feed_forward_proj="gated-gelu", **tiny | sizes)
    )


def qwen_vl_encoder():
    text = {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e6},
        "vocab_size": len(qwen_tokenizer()) + 8,
    }
    vision = {
        "depth": 2, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16
    }  # fmt: skip
    return transformers.Qwen2_5_VLForConditionalGeneration(
        transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision)
    )


def vae(channels: int = 4, kind=diffusers.AutoencoderKL, **config):
    return kind(
        block_out_channels=(8, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=channels,
        norm_num_groups=4,
        layers_per_block=1,
        sample_size=32,
        **config,
    )


def flow_vae(channels: int):
    return vae(
        channels, shift_factor=0.06, scaling_factor=1.5, use_quant_conv=False, use_post_quant_conv=False
    )


def unet(text_width: int, **config):
    return diffusers.UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=text_width,
        norm_num_groups=4,
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        **config,
    )


def controlnet(unet, seed: int):
    """A ControlNet for `unet` with random weights: a new one's are zero and would change nothing."""
    torch.manual_seed(seed)
    net = diffusers.ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 8))
    for name, weight in net.named_parameters():
        if "controlnet" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return net.eval()


def save_lora(pipeline: DiffusionPipeline, file: Path, seed: int, *, of_text: bool = True) -> Path:
    """Write a LoRA for the denoiser, and the text encoders if `of_text`, as diffusers' training scripts do.

    Adds adapters to `pipeline`, which should be of no other use.
    """
    torch.manual_seed(seed)
    layers = {}
    for name in pipeline._lora_loadable_modules:
        if not of_text and name.startswith("text_encoder"):
            continue
        module = getattr(pipeline, name)
        targets = ["q_proj", "v_proj"] if name.startswith("text_encoder") else ["to_q", "to_v", "to_out.0"]
        module.add_adapter(LoraConfig(r=4, lora_alpha=8, target_modules=targets), f"made_{seed}")
        weights = peft.get_peft_model_state_dict(module, adapter_name=f"made_{seed}")
        layers[f"{name}_lora_layers"] = {
            key: torch.randn_like(weight) * 0.2 for key, weight in weights.items()
        }
    pipeline.save_lora_weights(file.parent, weight_name=file.name, **layers)
    return file
