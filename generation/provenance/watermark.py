"""An imperceptible watermark: a sum of faint waves over the whole picture, known only to who has the key.

Spread spectrum (Cox, Kilian, Leighton, Shamoon, "Secure spread spectrum watermarking for multimedia", IEEE
Trans. Image Processing 6(12), 1997), laid out as a periodic pattern, so that a piece of the picture holds all
of it and a change of size moves all of it alike (Kutter, "Watermarking resisting to translation, rotation and
scaling", SPIE 3528, 1998; Pereira and Pun, "Robust template matching for affine resistant image watermarks",
IEEE Trans. Image Processing 9(6), 2000). It is stronger where the picture is busy (Voloshynovskiy et al., "A
stochastic approach to content adaptive digital image watermarking", Information Hiding 1999).

`detection.py` finds it again without the original.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Complexes = NDArray[np.complex64]

# Waves a period, across or down, of the slowest and the fastest: slower ones lose to the picture itself,
# faster ones to JPEG and to a smaller size.
SLOWEST, FASTEST = 5, 22
PERIOD = 128.0  # pixels, of a picture whose longer side is at most REFERENCE_SIDE
REFERENCE_SIDE = 1024  # pixels; in a larger picture the pattern is larger in proportion
SYNC_WAVES = 160  # tell where the pattern begins, and how large it is
BITS = 64
WAVES_PER_BIT = 5
KEY_BYTES = 32
# Levels of 255, root mean square: in an even area, more for each level of local deviation, at most.
FAINTEST, PER_DEVIATION, STRONGEST = 1.2, 0.06, 2.4
NEIGHBOURHOOD = 4  # pixels to each side
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as in JPEG


@dataclass(frozen=True)
class WatermarkKey:
    """Which waves, with which phases, and which 64 bits they carry: all drawn from one secret."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a watermark's key has {KEY_BYTES} bytes, not {len(self.secret)}")

    @cached_property
    def word(self) -> NDArray[np.int8]:
        """(BITS,) of -1 and 1: who this studio is, to itself."""
        digest = hashlib.sha256(b"handbill watermark word" + self.secret).digest()
        return np.unpackbits(np.frombuffer(digest[: BITS // 8], np.uint8)).astype(np.int8) * 2 - 1

    @cached_property
    def _drawn(self) -> tuple[NDArray[np.int64], int, Floats]:
        seed = hashlib.sha256(b"handbill watermark waves" + self.secret).digest()
        random = np.random.Generator(np.random.PCG64(int.from_bytes(seed)))
        down, across = np.mgrid[-FASTEST : FASTEST + 1, 0 : FASTEST + 1]
        radius = np.hypot(down, across)
        # A real picture's spectrum is symmetric: half of the plane is all of it.
        half = ((across > 0) | (down > 0)) & (radius >= SLOWEST) & (radius <= FASTEST)
        pool = random.permutation(np.stack([down[half], across[half]], axis=1))
        used = SYNC_WAVES + BITS * WAVES_PER_BIT
        return pool, used, random.uniform(0, 2 * np.pi, used).astype(np.float32)

    @property
    def waves(self) -> NDArray[np.int64]:
        """(waves, 2): how many times a period each goes down and across; the first SYNC_WAVES carry no
        bit.
        """
        pool, used, _ = self._drawn
        return pool[:used]

    @property
    def unused(self) -> NDArray[np.int64]:
        """(others, 2): waves that are not in the pattern, to compare with."""
        pool, used, _ = self._drawn
        return pool[used:]

    @cached_property
    def phases(self) -> Complexes:
        """(waves,), of length 1: each wave's phase before its bit turns it round."""
        return np.exp(1j * self._drawn[2]).astype(np.complex64)

    @cached_property
    def spectrum(self) -> Complexes:
        """(2 FASTEST + 1, FASTEST + 1): the pattern, scaled to a root mean square of 1."""
        signs = np.concatenate([np.ones(SYNC_WAVES), np.repeat(self.word, WAVES_PER_BIT)])
        grid = np.zeros((2 * FASTEST + 1, FASTEST + 1), np.complex64)
        grid[self.waves[:, 0] + FASTEST, self.waves[:, 1]] = self.phases * signs
        # A cosine's mean square is one half.
        return grid / np.float32(np.sqrt(len(self.waves) / 2))


def embed(image: Image.Image, key: WatermarkKey) -> Image.Image:
    """`image` (RGB or RGBA) with the watermark in its brightness; the size and the transparency stay."""
    pixels = np.asarray(image.convert("RGB"), np.float32)
    brightness = pixels @ LUMA
    strength = np.minimum(FAINTEST + PER_DEVIATION * deviation(brightness, NEIGHBOURHOOD), STRONGEST)
    change = strength * _pattern(key, brightness.shape)
    marked = Image.fromarray(np.clip(np.rint(pixels + change[..., None]), 0, 255).astype(np.uint8))
    if image.mode == "RGBA":
        marked.putalpha(image.getchannel("A"))
    return marked


def period_of(width: int, height: int) -> float:
    """Pixels after which the pattern of a picture of this size repeats."""
    return PERIOD * max(1.0, max(width, height) / REFERENCE_SIDE)


def _pattern(key: WatermarkKey, shape: tuple[int, int]) -> Floats:
    """(height, width), root mean square 1. A sum of waves is a product of three small matrices."""
    height, width = shape
    period = period_of(width, height)
    down = turns(np.arange(-FASTEST, FASTEST + 1), np.arange(height), period).T
    across = turns(np.arange(FASTEST + 1), np.arange(width), period)
    rows = down @ key.spectrum
    pattern = rows.real @ across.real - rows.imag @ across.imag
    # It is so already; numpy's types lose track.
    return pattern.astype(np.float32, copy=False)


def turns(waves: NDArray[np.int64], at: NDArray[np.int64], period: float) -> Complexes:
    """(waves, places): each wave at each place, as a complex number of length 1."""
    return np.exp(np.outer(2j * np.pi / period * waves, at)).astype(np.complex64)


def deviation(values: Floats, reach: int) -> Floats:
    """The standard deviation in the square of `reach` to each side of every pixel."""
    mean = local_mean(values, reach)
    return np.sqrt(np.maximum(local_mean(values * values, reach) - mean * mean, 0))


def local_mean(values: Floats, reach: int) -> Floats:
    """The mean of the square of `reach` to each side of every pixel; the border is repeated outwards."""
    height, width = values.shape
    padded = np.pad(values, reach, mode="edge")
    # One pass a neighbour: quicker than running sums, which need twice the precision.
    down = padded[:height].copy()
    for step in range(1, 2 * reach + 1):
        down += padded[step : step + height]
    across = down[:, :width].copy()
    for step in range(1, 2 * reach + 1):
        across += down[:, step : step + width]
    return across / np.float32((2 * reach + 1) ** 2)
