"""Linen, gingham, and a curtain in folds."""

import numpy as np

from .noise import Floats, noise

CHECK = 0.42  # the side of a gingham's
FOLD, DEEP, STEEP = 0.78, 0.42, 0.20  # of a curtain: how wide; how dark its depths and its shaded sides


def linen(x: Floats, y: Floats, colour: Floats) -> Floats:
    threads = noise(x * 3, y * 0.4, 5) + noise(x * 0.4, y * 3, 6) + noise(x * 0.2, y * 0.2, 2)
    return colour * (1 + 0.05 * threads)[..., None]


def gingham(x: Floats, y: Floats, colour: Floats) -> Floats:
    count = (np.floor(x / CHECK).astype(np.int32) & 1) + (np.floor(y / CHECK).astype(np.int32) & 1)
    table = np.array([[0.86, 0.85, 0.82], colour * 0.5 + 0.42, colour], np.float32)
    return table[count] * (1 + 0.04 * noise(x * 3, y * 0.5, 5) + 0.04 * noise(x * 0.5, y * 3, 6))[..., None]


def curtain(x: Floats, y: Floats, colour: Floats) -> Floats:
    """Hangs along y; its folds look to the left where they are bright."""
    sway = 0.8 * noise(x * 0.05, y * 0.012, 17) + 0.30 * noise(x * 0.11, y * 0.03, 18)
    phase = 2 * np.pi * x / FOLD + 1.9 * sway
    depth = 0.5 - 0.5 * np.sin(phase + 0.5 * np.sin(phase))
    strength = np.clip(0.75 + 0.25 * noise(x * 0.04, y * 0.02, 19), 0.3, 1.2)
    light = 1.06 - strength * (DEEP * depth**2 + STEEP * np.cos(phase))
    return colour * (light + 0.012 * noise(x * 2, y * 0.6, 5))[..., None]
