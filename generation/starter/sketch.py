"""A scene blocked in with a few colours: what a preview shows while the scene is still being chosen."""

import numpy as np
from PIL import Image

from .plates import srgb
from .plates.backdrop import Framing
from .plates.standing import Standing
from .plates.still_life import StillLife, seen, standing_in

HORIZON = {"eye": 0.55, "high": 0.25, "above": 0.0}  # of the canvas, where the floor begins
SHADE = 0.72  # of a thing's light, what its middle tones have


def sketch(asked: StillLife, width: int, height: int) -> Image.Image:
    """Ground, wall and the shapes of the things, each in one colour."""
    picture = Image.new("RGB", (width, height), _bytes(asked.floor.colour))
    if asked.wall:
        high = int(HORIZON[asked.camera] * height)
        picture.paste(_bytes(asked.wall.colour), (0, 0, width, high))
    framing, things = standing_in(asked, width, height)
    for thing in things:
        _block_in(picture, framing, thing)
    return seen(picture, asked)


def _block_in(picture: Image.Image, framing: Framing, thing: Standing) -> None:
    shares = thing.plate.shares[::8, ::8] * thing.plate.alpha[::8, ::8, None]
    alpha = shares.sum(-1, keepdims=True)
    colour = srgb.coded(shares @ thing.colours * SHADE / np.maximum(alpha, 1e-3))
    shown = Image.fromarray((np.dstack([colour, alpha]).clip(0, 1) * 255).astype(np.uint8), "RGBA")
    left, top, right, bottom = thing.box(framing)
    size = max(round(right - left), 1), max(round(bottom - top), 1)
    shown = shown.resize(size, Image.Resampling.BILINEAR)
    picture.paste(shown, (round(left), round(top)), shown)


def _bytes(light: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = (round(float(each) * 255) for each in srgb.coded(light))
    return red, green, blue
