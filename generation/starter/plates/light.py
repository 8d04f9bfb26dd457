"""Moods: how much of each lamp there is, and of what colour."""

import numpy as np

from . import srgb
from .plate import Mixture

BALANCE = 0.75  # of a mood's cast, what the camera takes out
MOODS: dict[str, dict[str, tuple[float, str]]] = {
    "soft day": {
        "left": (0.52, "#fff6ec"),
        "right": (0.10, "#ffffff"),
        "back": (0.14, "#ffffff"),
        "dome": (0.30, "#f4f8ff"),
    },
    "morning": {
        "window": (0.85, "#ffe3bd"),
        "left": (0.10, "#ffedd6"),
        "back": (0.10, "#ffedd6"),
        "dome": (0.34, "#e3ecff"),
    },
    "evening": {
        "left": (0.10, "#ffe0c0"),
        "right": (0.62, "#ffd2a0"),
        "back": (0.20, "#ffc890"),
        "dome": (0.14, "#cfd8ff"),
    },
    "studio": {
        "left": (0.40, "#ffffff"),
        "right": (0.30, "#ffffff"),
        "back": (0.16, "#ffffff"),
        "dome": (0.20, "#ffffff"),
    },
    "dramatic": {
        "left": (0.12, "#ffffff"),
        "right": (0.50, "#fff1e0"),
        "back": (0.40, "#eaf2ff"),
        "dome": (0.05, "#dfe8ff"),
    },
    "bright": {
        "left": (0.30, "#ffffff"),
        "right": (0.16, "#ffffff"),
        "back": (0.16, "#ffffff"),
        "dome": (0.48, "#ffffff"),
    },
}


def mixture(mood: str) -> Mixture:
    """White-balanced: on an open floor they add up to a grey of 1."""
    lamps = {lamp: weight * srgb.of_hex(colour) for lamp, (weight, colour) in MOODS[mood].items()}
    total = np.sum(list(lamps.values()), axis=0)
    balance = (total.mean() / total) ** BALANCE / total.mean()
    return {lamp: (light * balance).astype(np.float32) for lamp, light in lamps.items()}


def side(mood: str) -> str:
    """Where most of the light comes from: "left" or "right"."""
    return "right" if key(mixture(mood)) == "right" else "left"


def can_be_turned(mood: str) -> bool:
    """Whether things may stand turned: without the window, each lamp has one across from it."""
    return "window" not in MOODS[mood]


def key(mixture: Mixture) -> str:
    """The lamp that casts the shadows behind things: the brightest of those before them."""
    before = [lamp for lamp in mixture if lamp not in ("dome", "back")]
    return max(before, key=lambda lamp: float(mixture[lamp].mean()))
