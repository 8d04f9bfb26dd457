"""The picture in its frame: cropped around the focal point, and veiled where words stand on it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .colours import AA_LARGE, AA_TEXT, MARGIN, luminance
from .srgb import LUMA, linear, rgb

MOST_PIXELS = 80_000_000
Side = Literal["bottom", "top", "left", "right", "all"]
Crop = tuple[float, float, float, float]
Point = tuple[float, float]
Pixels = NDArray[np.float32]
LIGHT = linear(np.arange(256) / 255).astype(np.float32)
LINEAR_8 = np.rint(255 * linear(np.arange(256) / 255)).astype(int).tolist()
FINENESS = 64
MOST_EXTREME = 512  # pixels looked at exactly
QUIETEST = 0.12  # words sit better on a little veil even where they could be read without
EASE = 0.45  # of the side, over which a veil fades out


@dataclass(frozen=True)
class Words:
    """A box of words on the picture, in pixels of the frame, and the ratio it must reach."""

    area: tuple[float, float, float, float]  # left, top, right, bottom
    ratio: float


@dataclass(frozen=True)
class Ink:
    """A colour of words, and the veil that is laid over a picture to make them readable."""

    colour: str
    veil: str


class BrokenPicture(ValueError):
    """No picture that can be opened, or one of more pixels than a picture may have."""


def loaded(data: bytes) -> Image.Image:
    """The picture in a file, upright. Raises BrokenPicture."""
    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > MOST_PIXELS:
            raise BrokenPicture(f"{image.width} x {image.height} pixels are too many")
        upright = ImageOps.exif_transpose(image)
        upright.load()
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BrokenPicture("this is no picture that can be opened") from error
    return upright


@lru_cache(maxsize=8)
def opened(data: bytes) -> Image.Image:
    """The picture in RGB, without what else its file holds. Raises BrokenPicture."""
    upright = loaded(data)
    if upright.has_transparency_data:
        flat = Image.new("RGBA", upright.size, "white")
        flat.alpha_composite(upright.convert("RGBA"))
        return flat.convert("RGB")
    return upright.convert("RGB")


def focal_point(data: bytes) -> Point:
    """Where the picture's subject is, from the left and the top in 0..1. Raises BrokenPicture.

    The centre of what differs most from the picture's mean colour, after Achanta et al., "Frequency-tuned
    salient region detection" (CVPR 2009), in YCbCr. The middle of a picture of one colour.
    """
    small = opened(data).convert("YCbCr").resize((FINENESS, FINENESS), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float32)
    # Twice squared: a large ground that differs a little weighs less than a small thing that differs much.
    salience = np.square(pixels - pixels.mean((0, 1))).sum(2) ** 2
    if not salience.any():
        return (0.5, 0.5)
    middles = (np.arange(FINENESS) + 0.5) / FINENESS
    across, down = salience.sum(0) @ middles, salience.sum(1) @ middles
    return (round(float(across / salience.sum()), 2), round(float(down / salience.sum()), 2))


def crop(size: tuple[int, int], aspect: float, focal: Point, zoom: float, aim: Point = (0.5, 0.5)) -> Crop:
    """Left, top, right, bottom of the part of a picture of `size` that a frame of `aspect` shows.

    As much as fits at zoom 1, `zoom` times less of each side after. The focal point comes to lie as near to
    `aim`, a point of the frame by shares, as the picture's edges let it.
    """
    width, height = size
    shown_width = min(width, height * aspect) / zoom
    shown_height = min(height, width / aspect) / zoom
    left = min(max(focal[0] * width - aim[0] * shown_width, 0.0), width - shown_width)
    top = min(max(focal[1] * height - aim[1] * shown_height, 0.0), height - shown_height)
    return (left, top, left + shown_width, top + shown_height)


def framed(data: bytes, size: tuple[int, int], focal: Point, zoom: float, aim: Point) -> Image.Image:
    """The picture cropped and scaled to `size` pixels."""
    image = opened(data)
    box = crop(image.size, size[0] / size[1], focal, zoom, aim)
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


# Somebody who types asks for the same frame again and again.
framed_for_preview = lru_cache(maxsize=24)(framed)


def strengths(image: Image.Image, words: Sequence[Words], inks: Sequence[Ink]) -> list[list[float]]:
    """For each ink and each of `words` the least share of the ink's veil, 0..1, that makes them readable.

    Readable is reaching the words' ratio on every pixel under them.
    """
    brightness = image.point(LINEAR_8 * 3).convert("L", matrix=(*LUMA, 0))
    return [[_strength(image, brightness, word, ink) for word in words] for ink in inks]


def _strength(image: Image.Image, brightness: Image.Image, word: Words, ink: Ink) -> float:
    box = _inside(word.area, image.size)
    if box is None:
        return 0.0
    against = luminance(ink.colour)
    worst = _extreme(image.crop(box), brightness.crop(box), brightest=against > 0.5)
    veil = np.array(rgb(ink.veil), np.float32)
    low, high = -1, FINENESS  # the least share that is enough lies above low, and at most at high
    while high - low > 1:
        middle = (low + high) // 2
        behind = luminances(worst + (veil - worst) * np.float32(middle / FINENESS))
        ratios = (np.maximum(behind, against) + 0.05) / (np.minimum(behind, against) + 0.05)
        low, high = (low, middle) if ratios.min() >= word.ratio * MARGIN else (middle, high)
    return high / FINENESS


def _extreme(image: Image.Image, brightness: Image.Image, brightest: bool) -> Pixels:
    """The brightest or darkest pixels, gamma-encoded in 0..1 (pixels, 3): the level of the most extreme."""
    levels = np.asarray(brightness).ravel()
    level = int(levels.max()) - 1 if brightest else int(levels.min()) + 1
    found = np.flatnonzero(levels >= level if brightest else levels <= level)[:MOST_EXTREME]
    return np.asarray(image).reshape(-1, 3)[found].astype(np.float32) / np.float32(255)


def veiled(
    image: Image.Image, words: Sequence[Words], shares: Sequence[float], veil: str, side: Side
) -> Image.Image:
    """The picture under a veil of the words' own shares where they stand, fading out over the rest."""
    if not words:
        return image
    shares = [max(share, QUIETEST) for share in shares]
    mask = Image.fromarray((255 * _profile(image.size, words, shares, side) + 0.5).astype(np.uint8))
    return Image.composite(
        Image.new("RGB", image.size, veil), image, mask.resize(image.size, Image.Resampling.NEAREST)
    )


def _profile(
    size: tuple[int, int], words: Sequence[Words], shares: Sequence[float], side: Side
) -> NDArray[np.float32]:
    """How much of the veil lies along the side's axis: all of it under the words and out to the edge."""
    if side == "all":
        return np.full((1, 1), max(shares), np.float32)
    across = side in ("left", "right")
    length = size[0] if across else size[1]
    low, high = (0, 2) if across else (1, 3)
    place = np.arange(length, dtype=np.float32)
    amount = np.zeros(length, np.float32)
    for word, share in zip(words, shares, strict=True):
        # A word nearer to the other edge (a logo above, the headline below) gets its veil from there.
        middle = (word.area[low] + word.area[high]) / 2
        far = middle > length / 2 if side in ("left", "top") else middle > length / 3
        distance = word.area[low] - place if far else place - word.area[high]
        near = 1 - np.clip((distance + 1) / (EASE * length), 0, 1)
        amount = np.maximum(amount, share * near * near * (3 - 2 * near))
    return amount[None, :] if across else amount[:, None]


def _inside(area: Crop, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The whole pixels of an area that lie in a picture of `size`; None where there are none."""
    left, top = max(int(area[0]), 0), max(int(area[1]), 0)
    right, bottom = min(int(area[2]) + 1, size[0]), min(int(area[3]) + 1, size[1])
    return (left, top, right, bottom) if left < right and top < bottom else None


def luminances(pixels: Pixels) -> NDArray[np.float32]:
    """Relative luminance (WCAG 2.2) of gamma-encoded pixels (..., 3) in 0..1."""
    return LIGHT[np.rint(pixels * 255).astype(np.uint8)] @ np.array(LUMA, np.float32)


def ratio_for(size: float, bold: bool, smallest: float) -> float:
    """WCAG's ratio for type of `size` where `smallest` is 9 CSS pixels; large is 24, or 18.66 bold."""
    pixels = 9 * size / smallest
    return AA_LARGE if pixels >= 24 or (bold and pixels >= 18.66) else AA_TEXT


def jpeg(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2)
    return stream.getvalue()
