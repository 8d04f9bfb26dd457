"""The starter as an ordinary diffusers pipeline: text in, pictures out, at any size."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import torch
from diffusers import DiffusionPipeline, FlowMatchEulerDiscreteScheduler, ImagePipelineOutput
from diffusers.utils.torch_utils import randn_tensor
from PIL import Image
from torch import Generator, Tensor, nn

from . import codec
from .drawing import draw, preview
from .held import Held, held
from .legibility import made_legible
from .model import SceneTransformer, clean_scene, spread
from .natural import made_natural
from .scene import COLOURS, Scene
from .understanding import understood

SIZES = range(256, 2049, 8)  # pixels
PREVIEW_SIDE = 96
VALUES_REACH = 3.0  # colours and pose beyond this many spreads are no scene's
StepEnd = Callable[[DiffusionPipeline, int, int, dict[str, Tensor]], dict[str, Tensor] | None]


class SceneRenderer(nn.Module):
    """The decoder, as a part of its own: it has no weights and leaves the accelerator to others."""

    runs_offloaded = True  # an engine may run it beside its own thread

    def decode(
        self, latents: Tensor, known: Tensor, seeds: list[int], height: int, width: int
    ) -> list[Image.Image]:
        """Draw scenes (rows, codec.SIZE), their particles scattered by one seed each. known: (rows, tokens),
        what is held whatever it looks like.
        """
        scenes = [scene_of(*row) for row in zip(latents, known, seeds, strict=True)]
        return [draw(scene, width, height) for scene in scenes]


class StarterPipeline(DiffusionPipeline):
    """Reads a prompt, holds what it says, denoises the rest of a scene (rows, codec.SIZE) and draws it.

    The transformer is called once a step with the unconditional rows first, then the conditional ones.
    """

    model_cpu_offload_seq = "transformer"
    _callback_tensor_inputs = ["latents"]

    def __init__(self, transformer: SceneTransformer, scheduler: FlowMatchEulerDiscreteScheduler) -> None:
        super().__init__()
        self.register_modules(transformer=transformer, scheduler=scheduler)
        self.renderer = SceneRenderer()
        self.drawn_as: tuple[list[int], Tensor] | None = None  # of the pictures being made, for previews

    @torch.no_grad()
    def __call__(
        self,
        prompt: str | list[str],
        negative_prompt: str | list[str] | None = None,
        height: int = 1024,
        width: int = 1024,
        num_inference_steps: int = 12,
        guidance_scale: float = 1.2,
        num_images_per_prompt: int = 1,
        generator: Generator | list[Generator] | None = None,
        latents: Tensor | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
        callback_on_step_end: StepEnd | None = None,
        callback_on_step_end_tensor_inputs: list[str] | None = None,
    ) -> ImagePipelineOutput | tuple[Any, ...]:
        """Draw pictures of a prompt.

        negative_prompt: what guidance leads away from; None leads away from nothing said at all. height,
        width: pixels, 256 to 2048, divisible by 8. guidance_scale: 1 follows no guidance; what a prompt says
        of colours, things and places is held at any. output_type: "pil", "np" (0..1), or "latent" for scenes'
        vectors. Raises ValueError.
        """
        _check(height, width, num_inference_steps, guidance_scale, output_type)
        prompts = [text for text in _listed(prompt) for _ in range(num_images_per_prompt)]
        latents = self._noise(len(prompts), generator) if latents is None else latents
        seeds = _scatter_seeds(latents)
        said, known = self._said(prompts, seeds)
        unwanted, avoided = self._unwanted(negative_prompt, len(prompts), num_images_per_prompt, seeds)
        self.drawn_as = seeds, known
        self.scheduler.set_timesteps(num_inference_steps, device=self._device)
        for number, timestep in enumerate(self.progress_bar(self.scheduler.timesteps)):
            clean = self._guided(latents, timestep, (unwanted, avoided), (said, known), guidance_scale)
            sigma = self.scheduler.sigmas[number]
            velocity = (latents - clean) / sigma
            latents = self.scheduler.step(velocity, timestep, latents, return_dict=False)[0]
            if callback_on_step_end is not None:
                # The estimate shows more than the noisy latent does; only "latents" may be changed.
                answer = callback_on_step_end(self, number, timestep, {"latents": latents, "estimate": clean})
                latents = (answer or {}).get("latents", latents)
        return self._output(latents, known, seeds, height, width, output_type, return_dict)

    def preview(self, latents: Tensor, height: int, width: int) -> Image.Image:
        """The first scene of `latents` (rows, SIZE), drawn small: its longer side PREVIEW_SIDE pixels."""
        scale = PREVIEW_SIDE / max(height, width)
        seeds, known = self.drawn_as or ([0], torch.zeros(1, len(codec.TOKENS), dtype=torch.bool))
        scene = scene_of(latents.reshape(-1, codec.SIZE)[0], known[0], seeds[0])
        return preview(scene, max(round(width * scale), 8), max(round(height * scale), 8))

    @property
    def _device(self) -> torch.device:
        # DiffusionPipeline's own goes through every part and hook, at a millisecond each time.
        return self.transformer.token_in.device

    def _said(self, prompts: list[str], seeds: list[int]) -> tuple[Tensor, Tensor]:
        """Scenes (rows, SIZE) with what the prompts say, and which tokens that is (rows, tokens)."""
        rows = [
            tokens_of(held(understood(text), Random(seed))) for text, seed in zip(prompts, seeds, strict=True)
        ]
        values, known = (torch.stack(each).to(self._device) for each in zip(*rows, strict=True))
        return values, known

    def _unwanted(
        self, negative: str | list[str] | None, rows: int, copies: int, seeds: list[int]
    ) -> tuple[Tensor, Tensor]:
        """The same of what guidance leads away from."""
        given = _listed(negative or "")
        texts = given * rows if len(given) == 1 else [each for each in given for _ in range(copies)]
        if len(texts) != rows:
            raise ValueError(f"{len(texts)} negative prompts for {rows} pictures")
        values, known = self._said(texts, seeds)
        spoken = torch.tensor([bool(each.strip()) for each in texts], device=self._device)
        return values, known & spoken[:, None]

    def _noise(self, rows: int, generator: Generator | list[Generator] | None) -> Tensor:
        if isinstance(generator, list) and len(generator) != rows:
            raise ValueError(f"{len(generator)} generators for {rows} pictures")
        return randn_tensor((rows, codec.SIZE), generator=generator, device=self._device, dtype=torch.float32)

    def _guided(
        self,
        latents: Tensor,
        timestep: Tensor,
        away: tuple[Tensor, Tensor],
        towards: tuple[Tensor, Tensor],
        scale: float,
    ) -> Tensor:
        """The clean scene that the model expects, led away from one thing said towards another."""
        rows = len(latents)
        given = [torch.where(spread(known), values, latents) for values, known in (away, towards)]
        (prediction,) = self.transformer(
            hidden_states=torch.cat(given),
            timestep=timestep.expand(2 * rows),
            known=torch.cat([away[1], towards[1]]),
            return_dict=False,
        )
        without, with_ = prediction.float().chunk(2)
        clean = clean_scene(without + scale * (with_ - without))
        clean[:, codec.COLOUR_START :] = clean[:, codec.COLOUR_START :].clamp(-VALUES_REACH, VALUES_REACH)
        return torch.where(spread(towards[1]), towards[0], clean)

    def _output(
        self,
        latents: Tensor,
        known: Tensor,
        seeds: list[int],
        height: int,
        width: int,
        output_type: str,
        return_dict: bool,
    ) -> ImagePipelineOutput | tuple[Any, ...]:
        images: Any = latents
        if output_type != "latent":
            images = self.renderer.decode(latents, known, seeds, height, width)
        if output_type == "np":
            images = np.stack([np.asarray(image, dtype=np.float32) / 255 for image in images])
        self.maybe_free_model_hooks()
        return ImagePipelineOutput(images=images) if return_dict else (images,)


def scene_of(latent: Tensor, known: Tensor, seed: int) -> Scene:
    """The scene that a latent (SIZE,) is drawn as; `seed` scatters its particles."""
    colours = [slot for slot in COLOURS if known[codec.NUMBER[slot]]]
    return made_legible(made_natural(codec.decode(latent, seed), colours), colours)


def tokens_of(what: Held) -> tuple[Tensor, Tensor]:
    """A scene (SIZE,) in which what is held has its values, and which tokens those are (tokens,)."""
    vector, known = torch.zeros(codec.SIZE), torch.zeros(len(codec.TOKENS), dtype=torch.bool)
    for name, value in what.choices.items():
        vector[codec.TOKENS[name]] = codec.bits(name, value)
        known[codec.NUMBER[name]] = True
    for slot, colour in what.colours.items():
        vector[codec.TOKENS[slot]] = codec.coloured(colour)
        known[codec.NUMBER[slot]] = True
    return vector, known


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
