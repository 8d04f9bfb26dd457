"""The denoiser: a small diffusion transformer over the tokens of a scene, some of which may be known.

Adaptive layer norm shared between blocks (adaLN-single, Chen et al., "PixArt-alpha", 2023). It predicts the
clean scene: logits for the categorical tokens (variational flow matching, Eijkelboom et al., 2024), values
for the rest. Known tokens are given clean and marked, as in masked conditioning (Li et al., "Autoregressive
Image Generation without Vector Quantization", 2024): what a prompt says is held, and the rest goes with it.
"""

import math

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn
from torch.nn import functional

from . import codec

FREQUENCIES = 128
SLICES = list(codec.TOKENS.values())
WIDEST = max(token.stop - token.start for token in SLICES)


def _token_places() -> Tensor:
    """(tokens, WIDEST) places in the vector, padded with SIZE, where a zero is appended."""
    places = torch.full((len(SLICES), WIDEST), codec.SIZE)
    for row, token in enumerate(SLICES):
        places[row, : token.stop - token.start] = torch.arange(token.start, token.stop)
    return places


class SceneTransformer(ModelMixin, ConfigMixin):
    """Rows in, rows out; no row sees another."""

    @register_to_config
    def __init__(self, width: int = 128, layers: int = 3, heads: int = 4) -> None:
        super().__init__()
        tokens = len(SLICES)
        self.token_in = nn.Parameter(torch.randn(tokens, WIDEST, width) / WIDEST**0.5)
        self.token_place = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.token_known = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.token_out = nn.Parameter(torch.zeros(tokens, width, WIDEST))
        self.token_bias = nn.Parameter(torch.zeros(tokens, WIDEST))
        self.time = nn.Sequential(nn.Linear(2 * FREQUENCIES, width), nn.SiLU(), nn.Linear(width, width))
        self.known_in = nn.Linear(width, width)
        self.modulation = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.final_modulation = nn.Linear(width, 2 * width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        self.register_buffer("places", _token_places(), persistent=False)

    def forward(
        self, hidden_states: Tensor, timestep: Tensor, known: Tensor, return_dict: bool = False
    ) -> tuple[Tensor]:
        """Predict the clean scene.

        hidden_states (rows, SIZE): the noisy scene, clean where it is known; timestep (rows,): 1000 is pure
        noise, 0 the clean scene; known (rows, tokens): 1 for a token that is given. Returns ((rows, SIZE),):
        logits for categoricals, else values.
        """
        tokens = torch.einsum("bnm,nmd->bnd", self._tokens(hidden_states), self.token_in) + self.token_place
        given = known.to(tokens.dtype)[..., None]
        tokens = tokens + given * self.token_known
        # What is known speaks to every token at once, beside what each asks of the others: an occasion that
        # few scenes have is heard long before attention would have learnt to look for it.
        told = self.known_in((tokens * given).sum(1) / len(SLICES) ** 0.5)
        condition = functional.silu(self.time(_waves(1 - timestep / 1000)) + told)
        modulation = self.modulation(condition).unflatten(-1, (6, -1))
        for block in self.blocks:
            tokens = block(tokens, modulation)
        scale, shift = self.final_modulation(condition).chunk(2, -1)
        tokens = _norm(tokens) * (1 + scale[:, None]) + shift[:, None]
        out = torch.einsum("bnd,ndm->bnm", tokens, self.token_out) + self.token_bias
        return (torch.cat([out[:, row, : token.stop - token.start] for row, token in enumerate(SLICES)], 1),)

    def _tokens(self, vectors: Tensor) -> Tensor:
        padded = functional.pad(vectors, (0, 1))
        return padded[:, self.places.flatten()].unflatten(1, self.places.shape)


class Block(nn.Module):
    """Self attention and a two-layer perceptron, both modulated."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.attended = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.offsets = nn.Parameter(torch.randn(6, width) / width**0.5)

    def forward(self, x: Tensor, modulation: Tensor) -> Tensor:
        scale1, shift1, gate1, scale2, shift2, gate2 = (modulation + self.offsets)[:, :, None].unbind(1)
        query, key, value = self.qkv(_norm(x) * (1 + scale1) + shift1).chunk(3, -1)
        x = x + gate1 * self.attended(self._attend(query, key, value))
        # Squared (So et al., "Primer", 2021): as good as others here, and a CPU has it for nothing.
        widened = functional.relu(self.widen(_norm(x) * (1 + scale2) + shift2)).square()
        return x + gate2 * self.narrow(widened)

    def _attend(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        # Spelt out: at so few tokens the backward of torch's fused attention takes most of a training step on
        # a CPU.
        query, key, value = (x.unflatten(-1, (self.heads, -1)).transpose(1, 2) for x in (query, key, value))
        weights = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
        return (weights.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2)


def clean_scene(prediction: Tensor) -> Tensor:
    """The expected clean scene (rows, SIZE) of a prediction: analog bits from the logits, the rest as it
    is.
    """
    bits = [functional.softmax(prediction[:, token], -1) * 2 - 1 for token in codec.CATEGORICAL]
    return torch.cat([*bits, prediction[:, codec.COLOUR_START :]], 1)


def spread(known: Tensor) -> Tensor:
    """(rows, SIZE) of bool: which numbers belong to tokens that are known, (rows, tokens)."""
    sizes = torch.tensor([token.stop - token.start for token in SLICES], device=known.device)
    return known.bool().repeat_interleave(sizes, dim=1)


def _norm(x: Tensor) -> Tensor:
    return functional.layer_norm(x, x.shape[-1:])


def _waves(t: Tensor) -> Tensor:
    steps = torch.arange(FREQUENCIES, device=t.device) / FREQUENCIES
    angles = torch.exp(-math.log(1000) * steps) * t[:, None] * 1000
    return torch.cat([angles.cos(), angles.sin()], -1)
