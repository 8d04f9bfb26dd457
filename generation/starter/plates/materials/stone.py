"""What is quarried or cast: plaster, concrete, slate, marble and terrazzo."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from .noise import Floats, noise

CHIPS, CHIPS_SIDE = 620, 1024  # of terrazzo


def plain(x: Floats, y: Floats, colour: Floats) -> Floats:
    return colour * (1 + 0.012 * noise(x * 0.21, y * 0.21, 1))[..., None]


def plaster(x: Floats, y: Floats, colour: Floats) -> Floats:
    uneven = 0.6 * noise(x * 0.09, y * 0.09, 2) + 0.4 * noise(x * 0.37, y * 0.5, 3)
    return colour * (1 + 0.055 * uneven)[..., None]


def concrete(x: Floats, y: Floats, colour: Floats) -> Floats:
    cloud = 0.7 * noise(x * 0.06, y * 0.06, 11) + 0.3 * noise(x * 0.9, y * 0.9, 12)
    pores = np.clip(noise(x * 1.7, y * 1.7, 13) - 2.1, 0, 1)
    return colour * (1 + 0.07 * cloud - 0.35 * pores)[..., None]


def slate(x: Floats, y: Floats, colour: Floats) -> Floats:
    layers = noise(x * 0.07, y * 0.3, 14) + 0.5 * noise(x * 0.5, y * 1.4, 15)
    return colour * (1 + 0.16 * np.tanh(1.4 * layers))[..., None]


def marble(x: Floats, y: Floats, colour: Floats) -> Floats:
    one, two = noise(x * 0.07, y * 0.07, 7), noise(x * 0.07 + 0.4, y * 0.07 + 0.2, 8)
    broad = np.abs(noise(x * 0.055 + one * 0.05, y * 0.055 + two * 0.05, 9))
    thin = np.abs(noise(x * 0.11 + two * 0.05 + 0.3, y * 0.11 + one * 0.04, 10))
    veins = 0.75 * np.exp(-((broad / 0.075) ** 1.1)) * np.clip(0.75 + 0.5 * two, 0, 1)
    veins += 0.30 * np.exp(-((thin / 0.06) ** 1.2)) * np.clip(0.4 + 0.6 * one, 0, 1)
    veins = np.clip(veins, 0, 0.85)[..., None]
    body = colour * (1 - 0.05 * np.clip(one + 0.3, 0, 2))[..., None]
    return body * (1 - veins) + (colour * 0.30 + np.array([0.03, 0.035, 0.045], np.float32)) * veins


def terrazzo(x: Floats, y: Floats, colour: Floats) -> Floats:
    kinds = _chips(3)[(y * 230).astype(np.int32) % CHIPS_SIDE, (x * 230).astype(np.int32) % CHIPS_SIDE]
    others = np.array([[0.48, 0.13, 0.08], [0.25, 0.32, 0.26]])
    table = np.array([colour, colour * 0.45, *others], np.float32)
    return table[kinds] * (1 + 0.03 * noise(x * 0.5, y * 0.5, 3))[..., None]


@lru_cache(4)
def _chips(kinds: int) -> Floats:
    """A tile that repeats: 0, and the numbers of chips of stone in it."""
    random = np.random.default_rng(4)
    image = Image.new("L", (CHIPS_SIDE, CHIPS_SIDE), 0)
    pen = ImageDraw.Draw(image)
    for _ in range(CHIPS):
        x, y = random.uniform(0, CHIPS_SIDE, 2)
        size, kind = random.uniform(6, 30) * random.uniform(0.4, 1), int(random.integers(1, kinds + 1))
        turns = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(5, 8))))
        reach = size * random.uniform(0.6, 1, len(turns))
        for along in (-CHIPS_SIDE, 0, CHIPS_SIDE):
            for down in (-CHIPS_SIDE, 0, CHIPS_SIDE):
                corners = np.c_[x + along + reach * np.cos(turns), y + down + reach * np.sin(turns)]
                pen.polygon([tuple(corner) for corner in corners], fill=kind)
    return np.asarray(image)
