"""What one safetensors file by itself is, told by the names of its tensors, and what to do with it.

None is installed: what is missing from it (tokenizers, configurations) a loader would fetch from a hub.
"""

from collections.abc import Collection

from generation.files.refusal import printable

LORA = (
    "A LoRA is an addition to a model and no model. Put it into its model once with diffusers "
    "(load_lora_weights, fuse_lora, unload_lora_weights, save_pretrained) and install that folder"
)
WHOLE = (
    "is a whole model in one file, as A1111 and ComfyUI read it; Handbill takes folders. Install the model by"
    " its hub id (owner/name); or make a folder of it where a hub can be reached, with diffusers' "
    "{pipeline}.from_single_file(FILE).save_pretrained(FOLDER), and give that"
)
ONE_FILE = (
    "A model in one file is made into a folder where a hub can be reached, with diffusers' "
    "from_single_file(FILE).save_pretrained(FOLDER)"
)
PART = (
    "is only {what}, a part of a model. Install the model that it belongs to: its folder, or its hub id "
    "(owner/name)"
)
# Of a tensor's name, from the surest sign to the weakest.
LORAS = ("lora_", ".lora", "lora.", ".hada_w", ".lokr_w", ".oft_", ".dora_scale", "lora_A", "lora_down")
PIPELINES = {
    "conditioner.embedders.": "StableDiffusionXLPipeline",
    "joint_blocks.": "StableDiffusion3Pipeline",
    "cond_stage_model.": "StableDiffusionPipeline",
}
PARTS = {
    "double_blocks.": "FLUX's transformer",
    "control_model.": "a ControlNet",
    "controlnet_": "a ControlNet",
    "input_hint_block": "a ControlNet",
    "first_stage_model.": "an autoencoder (VAE)",
    "decoder.conv_in": "an autoencoder (VAE)",
    "decoder.up.": "an autoencoder (VAE)",
    "diffusion_model.": "a denoiser",
    "down_blocks.": "a denoiser (UNet)",
    "transformer_blocks.": "a denoiser (transformer)",
    "noise_refiner.": "a denoiser (transformer)",
    "text_model.": "a text encoder",
    "encoder.block.": "a text encoder",
    "vision_model.": "an image encoder",
    "model.layers.": "a language model",
    ".rdb1.": "an upscaler",
    "upsampler.": "an upscaler",
}
EMBEDDINGS = {"emb_params", "clip_l", "clip_g", "t5"}


def described(tensors: Collection[str]) -> str:
    """A clause that begins with "is": what a file with these tensors is, and what to do."""
    if any(sign in name for name in tensors for sign in LORAS):
        kohya = any(name.startswith(("lora_unet_", "lora_te")) for name in tensors)
        return f"is a LoRA{' in the form that kohya writes' if kohya else ''}. {LORA}"
    if len(tensors) <= len(EMBEDDINGS) and EMBEDDINGS & set(tensors):
        return "is a textual inversion (a word learnt for a model) and no model: Handbill has no use for it"
    for sign, pipeline in PIPELINES.items():
        if any(sign in name for name in tensors):
            return WHOLE.format(pipeline=pipeline)
    if _any(tensors, "double_blocks.") and _any(tensors, "text_encoders."):
        return WHOLE.format(pipeline="FluxPipeline")
    what = next((what for sign, what in PARTS.items() if _any(tensors, sign)), "")
    if what:
        return PART.format(what=what)
    example = printable(next(iter(tensors), ""), 60)
    return (
        f"is one file of weights of an unknown kind (with {example!r}): give a folder as diffusers saves it"
    )


def _any(tensors: Collection[str], sign: str) -> bool:
    return any(sign in name for name in tensors)
