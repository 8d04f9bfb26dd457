"""The families whose denoiser is a transformer."""

import diffusers
import torch
import transformers
from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler
from diffusers.guiders import AdaptiveProjectedMixGuidance

from .parts import clip_encoder, flow_vae, qwen_vl_encoder, t5_encoder, vae
from .tokenizers import clip_tokenizer, gemma_tokenizer, qwen_tokenizer, t5_tokenizer


def sd3() -> DiffusionPipeline:
    first, second, third = clip_tokenizer(), clip_tokenizer(), t5_tokenizer()
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=32,
            patch_size=1,
            in_channels=16,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=4,
            caption_projection_dim=32,
            joint_attention_dim=32,
            pooled_projection_dim=64,
            out_channels=16,
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=flow_vae(16),
        text_encoder=clip_encoder(first, projection=True),
        tokenizer=first,
        text_encoder_2=clip_encoder(second, projection=True),
        tokenizer_2=second,
        text_encoder_3=t5_encoder(third),
        tokenizer_3=third,
    )


def flux() -> DiffusionPipeline:
    first, second = clip_tokenizer(), t5_tokenizer()
    return diffusers.FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=flow_vae(16),
        text_encoder=clip_encoder(first),
        tokenizer=first,
        text_encoder_2=t5_encoder(second),
        tokenizer_2=second,
        transformer=diffusers.FluxTransformer2DModel(
            patch_size=1,
            in_channels=64,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            axes_dims_rope=[4, 4, 8],
            guidance_embeds=True,
        ),
    )


def flux2() -> DiffusionPipeline:
    """The small FLUX.2, Klein. It reads its text from the 9th, 18th and 27th layer of a language model."""
    tokenizer = qwen_tokenizer()
    encoder = transformers.Qwen3ForCausalLM(
        transformers.Qwen3Config(
            hidden_size=8,
            intermediate_size=8,
            num_hidden_layers=27,
            num_attention_heads=1,
            num_key_value_heads=1,
            head_dim=8,
            vocab_size=len(tokenizer) + 8,
            max_position_embeddings=512,
        )
    )
    transformer = diffusers.Flux2Transformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * 8,
        timestep_guidance_channels=8,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    return diffusers.Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae(kind=diffusers.AutoencoderKLFlux2),
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=transformer,
    )


def sana() -> DiffusionPipeline:
    tokenizer = gemma_tokenizer()
    encoder = transformers.Gemma2Model(
        transformers.Gemma2Config(
            head_dim=16,
            hidden_size=8,
            intermediate_size=64,
            num_attention_heads=2,
            num_hidden_layers=1,
            num_key_value_heads=2,
            vocab_size=len(tokenizer) + 8,
        )
    )
    autoencoder = _sana_autoencoder()
    transformer = diffusers.SanaTransformer2DModel(
        patch_size=1,
        in_channels=4,
        out_channels=4,
        num_layers=1,
        num_attention_heads=2,
        attention_head_dim=4,
        num_cross_attention_heads=2,
        cross_attention_head_dim=4,
        cross_attention_dim=8,
        caption_channels=8,
        sample_size=32,
    )
    scheduler = diffusers.DPMSolverMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
    return diffusers.SanaPipeline(
        tokenizer=tokenizer,
        text_encoder=encoder,
        vae=autoencoder,
        transformer=transformer,
        scheduler=scheduler,
    )


def _sana_autoencoder():
    return diffusers.AutoencoderDC(
        in_channels=3,
        latent_channels=4,
        attention_head_dim=2,
        encoder_block_types=("ResBlock", "EfficientViTBlock"),
        decoder_block_types=("ResBlock", "EfficientViTBlock"),
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        encoder_qkv_multiscales=((), (5,)),
        decoder_qkv_multiscales=((), (5,)),
        encoder_layers_per_block=(1, 1),
        decoder_layers_per_block=[1, 1],
        downsample_block_type="conv",
        upsample_block_type="interpolate",
        decoder_norm_types="rms_norm",
        decoder_act_fns="silu",
        scaling_factor=0.41407,
    )


def zimage() -> DiffusionPipeline:
    tokenizer = qwen_tokenizer()
    encoder = transformers.Qwen3Model(
        transformers.Qwen3Config(
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            num_key_value_heads=2,
            head_dim=8,
            vocab_size=len(tokenizer) + 8,
            max_position_embeddings=512,
        )
    )
    transformer = diffusers.ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=16,
        axes_dims=[8, 4, 4],
        axes_lens=[512, 64, 64],
    )
    return diffusers.ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=flow_vae(16),
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=transformer,
    )


def qwen() -> DiffusionPipeline:
    tokenizer = qwen_tokenizer()
    transformer = diffusers.QwenImageTransformer2DModel(
        patch_size=2,
        in_channels=16,
        out_channels=4,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=3,
        joint_attention_dim=16,
        guidance_embeds=False,
        axes_dims_rope=(8, 4, 4),
    )
    autoencoder = diffusers.AutoencoderKLQwenImage(
        base_dim=24,
        z_dim=4,
        dim_mult=[1, 2, 4],
        num_res_blocks=1,
        temperal_downsample=[False, True],
        latents_mean=[0.0] * 4,
        latents_std=[1.0] * 4,
    )
    return diffusers.QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=autoencoder,
        text_encoder=qwen_vl_encoder(),
        tokenizer=tokenizer,
        transformer=transformer,
    )


def pixart() -> DiffusionPipeline:
    tokenizer = t5_tokenizer()
    transformer = diffusers.PixArtTransformer2DModel(
        sample_size=16,
        num_layers=1,
        patch_size=2,
        attention_head_dim=8,
        num_attention_heads=3,
        caption_channels=32,
        in_channels=4,
        cross_attention_dim=24,
        out_channels=8,
        norm_type="ada_norm_single",
        norm_elementwise_affine=False,
        use_additional_conditions=False,
    )
    return diffusers.PixArtSigmaPipeline(
        tokenizer=tokenizer,
        text_encoder=t5_encoder(tokenizer),
        vae=vae(),
        transformer=transformer,
        scheduler=diffusers.DPMSolverMultistepScheduler(),
    )


def hunyuan_image() -> DiffusionPipeline:
    """Its guidance is an object that keeps a momentum from step to step."""
    tokenizer = qwen_tokenizer()
    glyphs = transformers.ByT5Tokenizer()
    transformer = diffusers.HunyuanImageTransformer2DModel(
        in_channels=4,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=16,
        num_layers=1,
        num_single_layers=1,
        num_refiner_layers=1,
        patch_size=(1, 1),
        qk_norm="rms_norm",
        guidance_embeds=False,
        text_embed_dim=16,
        text_embed_2_dim=32,
        rope_axes_dim=(8, 8),
        use_meanflow=False,
    )
    for weight in transformer.parameters():  # as it begins, it does not mind the text
        torch.nn.init.normal_(weight, std=0.2)
    autoencoder = _hunyuan_autoencoder()
    return diffusers.HunyuanImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=autoencoder,
        text_encoder=qwen_vl_encoder(),
        tokenizer=tokenizer,
        text_encoder_2=t5_encoder(glyphs),
        tokenizer_2=glyphs,
        transformer=transformer,
        guider=AdaptiveProjectedMixGuidance(adaptive_projected_guidance_start_step=1),
        ocr_guider=AdaptiveProjectedMixGuidance(adaptive_projected_guidance_start_step=2),
    )


def _hunyuan_autoencoder():
    return diffusers.AutoencoderKLHunyuanImage(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(32, 64, 64, 64),
        layers_per_block=1,
        spatial_compression_ratio=8,
        sample_size=64,
        scaling_factor=0.75,
    )


def fit_template(pipeline: diffusers.HunyuanImagePipeline) -> None:
    """Cut the template off where it ends for the tiny tokenizer, and keep 40 tokens of text, not 1,000.

    Its 34 tokens of the real tokenizer are 154 here: what was left of 74 held none of the prompt.
    """
    template = pipeline.prompt_template_encode.partition("{}")[0]
    pipeline.prompt_template_encode_start_idx = len(pipeline.tokenizer(template).input_ids)
    pipeline.tokenizer_max_length = 40
