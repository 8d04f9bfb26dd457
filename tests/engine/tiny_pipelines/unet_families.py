"""The families whose denoiser is a U-Net."""

import diffusers
import torch
import transformers
from diffusers import DiffusionPipeline
from diffusers.pipelines.kolors.text_encoder import ChatGLMConfig, ChatGLMModel
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker

from .parts import clip_encoder, unet, vae
from .tokenizers import chatglm_tokenizer, clip_tokenizer

# Likeness to one of its concepts from which the safety checker calls a picture unsafe.
CHECKED = 0.66
SD_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def sd15() -> DiffusionPipeline:
    tokenizer = clip_tokenizer()
    return diffusers.StableDiffusionPipeline(
        vae=vae(),
        text_encoder=clip_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=unet(32),
        scheduler=diffusers.DPMSolverMultistepScheduler(**SD_NOISE),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl() -> DiffusionPipeline:
    first, second = clip_tokenizer(), clip_tokenizer()
    return diffusers.StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=clip_encoder(first),
        text_encoder_2=clip_encoder(second, projection=True),
        tokenizer=first,
        tokenizer_2=second,
        unet=unet(
            64,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            transformer_layers_per_block=(1, 1),
            projection_class_embeddings_input_dim=32 + 6 * 8,
        ),
        scheduler=diffusers.EulerDiscreteScheduler(**SD_NOISE, timestep_spacing="leading"),
    )


def sd15_checked() -> DiffusionPipeline:
    """SD 1.5 as it comes, with a safety checker that finds fault with about half of random pictures."""
    pipeline = sd15()
    size = {"hidden_size": 16, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 1}
    config = transformers.CLIPConfig(
        text_config=size, vision_config=size | {"image_size": 32, "patch_size": 8}, projection_dim=8
    )
    checker = StableDiffusionSafetyChecker(config)
    torch.nn.init.normal_(checker.concept_embeds)
    checker.concept_embeds_weights.data.fill_(CHECKED)
    images = transformers.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32)
    return diffusers.StableDiffusionPipeline(
        **pipeline.components | {"safety_checker": checker, "feature_extractor": images}
    )


def kolors() -> DiffusionPipeline:
    """Its text encoder answers [tokens, rows, width]."""
    tokenizer = chatglm_tokenizer()
    encoder = ChatGLMModel(
        ChatGLMConfig(
            num_layers=2,
            padded_vocab_size=tokenizer.vocab_size + 8,
            hidden_size=16,
            ffn_hidden_size=24,
            kv_channels=8,
            num_attention_heads=2,
            seq_length=256,
            multi_query_attention=True,
            multi_query_group_num=1,
            add_qkv_bias=True,
            original_rope=True,
        ),
        empty_init=False,
    )
    for weight in encoder.parameters():  # it leaves them as they lie in memory
        torch.nn.init.normal_(weight, std=0.3)
    return diffusers.KolorsPipeline(
        vae=vae(),
        text_encoder=encoder,
        tokenizer=tokenizer,
        unet=unet(
            16,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            transformer_layers_per_block=(1, 1),
            projection_class_embeddings_input_dim=16 + 6 * 8,
        ),
        scheduler=diffusers.EulerDiscreteScheduler(**SD_NOISE, timestep_spacing="leading"),
    )
