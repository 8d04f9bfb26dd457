"""A scene as the numbers that are denoised: one vector, in tokens.

Categorical tokens are one-hot analog bits of -1/+1 (Chen et al., "Analog Bits", 2022), colours are OKLab,
normalised, and pose values come six to a token. An unused colour is zero.
"""

import torch

from .colours import OKLab
from .scene import CATEGORIES, COLOURS, POSE, Scene

MEAN = torch.tensor([0.70, 0.01, 0.03])  # of the colours' OKLab, over the prior
SPREAD = torch.tensor([0.21, 0.085, 0.085])
PRECISION = 2048  # steps per unit
POSE_SPREAD = 1.7  # uniform -1..1 has a standard deviation of 1 / 1.7
POSES = ("pose a", "pose b")  # the names of the tokens that hold POSE


def _slices() -> dict[str, slice]:
    sizes = {name: len(values) for name, values in CATEGORIES.items()}
    sizes |= dict.fromkeys(COLOURS, 3) | dict.fromkeys(POSES, len(POSE) // len(POSES))
    ends = torch.tensor(list(sizes.values())).cumsum(0).tolist()
    return {name: slice(end - size, end) for (name, size), end in zip(sizes.items(), ends, strict=True)}


TOKENS: dict[str, slice] = _slices()
NUMBER = {name: number for number, name in enumerate(TOKENS)}
SIZE = max(token.stop for token in TOKENS.values())
CATEGORICAL = [TOKENS[name] for name in CATEGORIES]
COLOUR_START = CATEGORICAL[-1].stop
POSE_START = TOKENS[POSES[0]].start


def encode(scene: Scene) -> torch.Tensor:
    """Vector of SIZE numbers, float32."""
    vector = torch.full((SIZE,), -1.0)
    for name in CATEGORIES:
        vector[TOKENS[name]] = bits(name, scene.values[name])
    for slot in COLOURS:
        colour = scene.colours[slot]
        vector[TOKENS[slot]] = 0.0 if colour is None else coloured(colour)
    vector[POSE_START:] = torch.tensor([scene.pose[name] for name in POSE]) * POSE_SPREAD
    return vector


def bits(name: str, value: str) -> torch.Tensor:
    """One value of a category."""
    values = CATEGORIES[name]
    return torch.tensor([1.0 if each == value else -1.0 for each in values])


def coloured(colour: OKLab) -> torch.Tensor:
    return (torch.tensor(colour) - MEAN) / SPREAD


def decode(vector: torch.Tensor, seed: int) -> Scene:
    """The scene nearest to a vector of SIZE numbers; every colour slot is filled, pose is within
    -1..1.
    """
    # Rounded far below what an eye can tell, so that the last bits, which depend on how rows were batched,
    # do not reach the pixels.
    vector = (vector.detach().float().cpu() * PRECISION).round() / PRECISION
    values = {name: choices[int(vector[TOKENS[name]].argmax())] for name, choices in CATEGORIES.items()}
    colours: dict[str, OKLab | None] = {
        slot: _inside(vector[TOKENS[slot]] * SPREAD + MEAN) for slot in COLOURS
    }
    pose = (vector[POSE_START:] / POSE_SPREAD).clamp(-1, 1).tolist()
    return Scene(values, colours, dict(zip(POSE, pose, strict=True)), seed)


def _inside(lab: torch.Tensor) -> OKLab:
    lightness, a, b = lab.tolist()
    return min(max(lightness, 0.1), 0.99), a, b
