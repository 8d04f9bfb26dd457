"""The denoiser: a small diffusion transformer over the 16 tokens of a scene.

Adaptive layer norm shared between blocks (adaLN-single, Chen et al., "PixArt-alpha", 2023), cross attention
to the words. It predicts the clean scene: logits for the categorical tokens (variational flow matching,
Eijkelboom et al., 2024), values for the rest.
"""

import math

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn
from torch.nn import functional

from . import codec

FREQUENCIES = 128
WIDEST = max(token.stop - token.start for token in codec.TOKENS)


def _token_places() -> Tensor:
    """(tokens, WIDEST) places in the vector, padded with SIZE, where a zero is appended."""
    places = torch.full((len(codec.TOKENS), WIDEST), codec.SIZE)
    for row, token in enumerate(codec.TOKENS):
        places[row, : token.stop - token.start] = torch.arange(token.start, token.stop)
    return places


class SceneTransformer(ModelMixin, ConfigMixin):
    """Rows in, rows out; no row sees another."""

    @register_to_config
    def __init__(
        self, width: int = 192, layers: int = 4, heads: int = 4, text_width: int = 384, text_length: int = 32
    ) -> None:
        super().__init__()
        tokens = len(codec.TOKENS)
        self.token_in = nn.Parameter(torch.randn(tokens, WIDEST, width) / WIDEST**0.5)
        self.token_place = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.token_out = nn.Parameter(torch.zeros(tokens, width, WIDEST))
        self.token_bias = nn.Parameter(torch.zeros(tokens, WIDEST))
        self.time = nn.Sequential(nn.Linear(2 * FREQUENCIES, width), nn.SiLU(), nn.Linear(width, width))
        self.meaning_condition = nn.Linear(text_width, width)
        self.modulation = nn.Linear(width, 6 * width)
        self.words_in = nn.Linear(text_width, width)
        self.meaning_in = nn.Linear(text_width, width)
        self.words_norm = nn.LayerNorm(width)
        self.words_place = nn.Parameter(torch.zeros(text_length + 1, width))
        self.nothing = nn.Parameter(torch.randn(text_width) * 0.5)  # the meaning of no text at all
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.final_modulation = nn.Linear(width, 2 * width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        self.register_buffer("places", _token_places(), persistent=False)

    def forward(
        self,
        hidden_states: Tensor,
        timestep: Tensor,
        encoder_hidden_states: Tensor,
        encoder_attention_mask: Tensor,
        pooled_projections: Tensor,
        return_dict: bool = False,
    ) -> tuple[Tensor]:
        """Predict the clean scene.

        hidden_states (rows, SIZE): the noisy scene; timestep (rows,): 1000 is pure noise, 0 the clean
        scene; encoder_hidden_states (rows, text, 384); encoder_attention_mask (rows, text): a row without
        any token is unconditional; pooled_projections (rows, 384). Returns ((rows, SIZE),): logits for
        categoricals, else values.
        """
        words, mask, meaning = self._text(
            encoder_hidden_states, encoder_attention_mask.bool(), pooled_projections
        )
        condition = functional.silu(self.time(_waves(1 - timestep / 1000)) + self.meaning_condition(meaning))
        modulation = self.modulation(condition).unflatten(-1, (6, -1))
        tokens = torch.einsum("bnm,nmd->bnd", self._tokens(hidden_states), self.token_in) + self.token_place
        for block in self.blocks:
            tokens = block(tokens, modulation, words, mask)
        scale, shift = self.final_modulation(condition).chunk(2, -1)
        tokens = _norm(tokens) * (1 + scale[:, None]) + shift[:, None]
        out = torch.einsum("bnd,ndm->bnm", tokens, self.token_out) + self.token_bias
        pieces = [out[:, row, : token.stop - token.start] for row, token in enumerate(codec.TOKENS)]
        return (torch.cat(pieces, 1),)

    def _text(self, words: Tensor, mask: Tensor, meaning: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        silent = ~mask.any(1, keepdim=True)
        meaning = torch.where(silent, self.nothing.to(meaning.dtype), meaning)
        states = torch.cat([self.meaning_in(meaning)[:, None], self.words_in(words)], 1)
        states = self.words_norm(states + self.words_place[: states.shape[1]])
        return states, functional.pad(mask, (1, 0), value=True)[:, None, None, :], meaning

    def _tokens(self, vectors: Tensor) -> Tensor:
        padded = functional.pad(vectors, (0, 1))
        return padded[:, self.places.flatten()].unflatten(1, self.places.shape)


class Block(nn.Module):
    """Self attention, cross attention to the text, and a two-layer perceptron, the first and last
    modulated.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.attended = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.text_norm = nn.LayerNorm(width)
        self.text_query, self.text_key_value = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.text_attended = nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.offsets = nn.Parameter(torch.randn(6, width) / width**0.5)
        nn.init.zeros_(self.text_attended.weight)
        nn.init.zeros_(self.text_attended.bias)

    def forward(self, x: Tensor, modulation: Tensor, words: Tensor, mask: Tensor) -> Tensor:
        scale1, shift1, gate1, scale2, shift2, gate2 = (modulation + self.offsets)[:, :, None].unbind(1)
        query, key, value = self.qkv(_norm(x) * (1 + scale1) + shift1).chunk(3, -1)
        x = x + gate1 * self.attended(self._attend(query, key, value))
        key, value = self.text_key_value(words).chunk(2, -1)
        x = x + self.text_attended(self._attend(self.text_query(self.text_norm(x)), key, value, mask))
        widened = functional.gelu(self.widen(_norm(x) * (1 + scale2) + shift2), approximate="tanh")
        return x + gate2 * self.narrow(widened)

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        # Spelt out: at 16 tokens the backward of torch's fused attention takes most of a training step on a
        # CPU.
        query, key, value = (x.unflatten(-1, (self.heads, -1)).transpose(1, 2) for x in (query, key, value))
        weights = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        if mask is not None:
            weights = weights.masked_fill(~mask, -1e4)
        return (weights.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2)


def clean_scene(prediction: Tensor) -> Tensor:
    """The expected clean scene (rows, SIZE) of a prediction: analog bits from the logits, the rest as it
    is.
    """
    bits = [functional.softmax(prediction[:, token], -1) * 2 - 1 for token in codec.CATEGORICAL]
    return torch.cat([*bits, prediction[:, codec.COLOUR_START :]], 1)


def _norm(x: Tensor) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:])


def _waves(t: Tensor) -> Tensor:
    steps = torch.arange(FREQUENCIES, device=t.device) / FREQUENCIES
    angles = torch.exp(-math.log(1000) * steps) * t[:, None] * 1000
    return torch.cat([angles.cos(), angles.sin()], -1)
