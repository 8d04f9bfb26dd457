"""Tiny pipelines of nine families with random weights and real tokenizers, built without a network.

Each is what its family is in all but size: the same classes, saved and loaded as any downloaded model is.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import diffusers
import peft
import sentencepiece
import torch
import transformers
from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler
from diffusers.guiders import AdaptiveProjectedMixGuidance
from diffusers.pipelines.kolors.text_encoder import ChatGLMConfig, ChatGLMModel
from diffusers.pipelines.kolors.tokenizer import ChatGLMTokenizer
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from peft import LoraConfig
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

SENTENCES = [
    "a photo of a red apple on a wooden table",
    "summer sale poster for a small bakery with bold text",
    "product shot, studio light, white background",
]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.-"
# Likeness to one of its concepts from which the safety checker calls a picture unsafe.
CHECKED = 0.66

SD_NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def build(family: str, folder: Path) -> None:
    """Save the tiny pipeline of `family` into `folder`."""
    torch.manual_seed(0)
    (FAMILIES | SINGULAR)[family]().save_pretrained(folder, safe_serialization=True)


# --- tokenizers -------------------------------------------------------------------------------------------


def byte_pairs(
    end_of_word: str = "", special: tuple[str, ...] = ()
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=end_of_word))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        SENTENCES,
        trainers.BpeTrainer(
            vocab_size=600,
            special_tokens=list(special),
            end_of_word_suffix=end_of_word,
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair) for pair in model["merges"]]
    return model["vocab"], merges


def clip_tokenizer():
    vocabulary, merges = byte_pairs("</w>")
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    # CLIP knows every byte twice: inside a word and at its end.
    for symbol in [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]:
        vocabulary.setdefault(symbol, len(vocabulary))
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)


def t5_tokenizer():
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces += [(letter, -3.0) for letter in LETTERS]
    return transformers.T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=77)


def qwen_tokenizer():
    vocabulary, merges = byte_pairs(special=("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer = transformers.Qwen2Tokenizer(vocab=vocabulary, merges=merges)
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{m['role']}}\n{{m['content']}}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return tokenizer


def gemma_tokenizer():
    vocabulary, merges = byte_pairs(special=("<pad>", "<eos>", "<bos>", "<unk>", "<mask>"))
    return transformers.GemmaTokenizer(vocab=vocabulary, merges=merges)


# --- text encoders ----------------------------------------------------------------------------------------


# `sizes` are those of larger models, where what is timed is their speed.


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


# --- parts that several families share --------------------------------------------------------------------


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


# --- families ---------------------------------------------------------------------------------------------


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
    autoencoder = diffusers.AutoencoderDC(
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


FAMILIES: dict[str, Callable[[], DiffusionPipeline]] = {
    "sd15": sd15,
    "sdxl": sdxl,
    "sd3": sd3,
    "flux": flux,
    "flux2": flux2,
    "sana": sana,
    "zimage": zimage,
    "qwen": qwen,
    "pixart": pixart,
}


# --- families with a part that no other has ---------------------------------------------------------------


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


def chatglm_tokenizer() -> ChatGLMTokenizer:
    file = tempfile.NamedTemporaryFile(suffix=".model")  # noqa: SIM115 - lives as long as the tokenizer
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*SENTENCES, *LETTERS]), model_writer=file, vocab_size=80, minloglevel=2
    )
    file.flush()
    tokenizer = ChatGLMTokenizer(file.name)
    tokenizer.file = file
    return tokenizer


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
    autoencoder = diffusers.AutoencoderKLHunyuanImage(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(32, 64, 64, 64),
        layers_per_block=1,
        spatial_compression_ratio=8,
        sample_size=64,
        scaling_factor=0.75,
    )
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


def fit_template(pipeline: diffusers.HunyuanImagePipeline) -> None:
    """Cut the template off where it ends for the tiny tokenizer, and keep 40 tokens of text, not 1,000.

    Its 34 tokens of the real tokenizer are 154 here: what was left of 74 held none of the prompt.
    """
    template = pipeline.prompt_template_encode.partition("{}")[0]
    pipeline.prompt_template_encode_start_idx = len(pipeline.tokenizer(template).input_ids)
    pipeline.tokenizer_max_length = 40


SINGULAR: dict[str, Callable[[], DiffusionPipeline]] = {
    "sd15_checked": sd15_checked,
    "kolors": kolors,
    "hunyuan_image": hunyuan_image,
}
