"""A scene as the numbers that are denoised: 16 tokens in one vector.

9 categorical tokens as one-hot analog bits of -1/+1 (Chen et al., "Analog Bits", 2022), 5 OKLab colours,
normalised, and 2 tokens of 5 pose values. An unused colour is zero.
"""

import torch

from .colours import OKLab
from .scene import CATEGORIES, COLOURS, POSE, Scene

MEAN = torch.tensor([0.70, 0.01, 0.03])  # of the colours' OKLab, over the prior
SPREAD = torch.tensor([0.21, 0.085, 0.085])
PRECISION = 2048  # steps per unit
POSE_SPREAD = 1.7  # uniform -1..1 has a standard deviation of 1 / 1.7


def _token_slices() -> list[slice]:
    sizes = [len(values) for values in CATEGORIES.values()] + [3] * len(COLOURS) + [len(POSE) // 2] * 2
    ends = torch.tensor(sizes).cumsum(0).tolist()
    return [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]


TOKENS = _token_slices()
SIZE = TOKENS[-1].stop
CATEGORICAL = TOKENS[: len(CATEGORIES)]
COLOUR_TOKENS = TOKENS[len(CATEGORIES) : len(CATEGORIES) + len(COLOURS)]
COLOUR_START = CATEGORICAL[-1].stop
POSE_START = COLOUR_TOKENS[-1].stop


def encode(scene: Scene) -> torch.Tensor:
    """Vector of SIZE numbers, float32."""
    vector = torch.full((SIZE,), -1.0)
    for (name, values), token in zip(CATEGORIES.items(), CATEGORICAL, strict=True):
        vector[token.start + values.index(scene.values[name])] = 1.0
    for slot, token in zip(COLOURS, COLOUR_TOKENS, strict=True):
        colour = scene.colours[slot]
        vector[token] = 0.0 if colour is None else (torch.tensor(colour) - MEAN) / SPREAD
    vector[POSE_START:] = torch.tensor([scene.pose[name] for name in POSE]) * POSE_SPREAD
    return vector


def decode(vector: torch.Tensor, seed: int) -> Scene:
    """The scene nearest to a vector of SIZE numbers; every colour slot is filled, pose is within
    -1..1.
    """
    # Rounded far below what an eye can tell, so that the last bits, which depend on how rows were batched,
    # do not reach the pixels.
    vector = (vector.detach().float().cpu() * PRECISION).round() / PRECISION
    values = {
        name: choices[int(vector[token].argmax())]
        for (name, choices), token in zip(CATEGORIES.items(), CATEGORICAL, strict=True)
    }
    colours: dict[str, OKLab | None] = {
        slot: _inside(vector[token] * SPREAD + MEAN)
        for slot, token in zip(COLOURS, COLOUR_TOKENS, strict=True)
    }
    pose = (vector[POSE_START:] / POSE_SPREAD).clamp(-1, 1).tolist()
    return Scene(values, colours, dict(zip(POSE, pose, strict=True)), seed)


def _inside(lab: torch.Tensor) -> OKLab:
    lightness, a, b = lab.tolist()
    return min(max(lightness, 0.1), 0.99), a, b
