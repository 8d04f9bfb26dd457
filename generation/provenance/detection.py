"""Finding the watermark again: whether a picture carries this key's, at any size and place, without the
original.

How large the pattern is shows in the magnitudes of the picture's spectrum, which moving does not change;
where it begins shows in the phases of the waves that carry no bit. Then the 64 bits are read, and correlated
with the key's (Cox et al., as in `watermark.py`): in a picture without the watermark the sum of so many
phases is normal, and ENOUGH standard deviations happen by chance in one of a thousand million pictures.
"""

import math
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .watermark import (
    BITS,
    FASTEST,
    PERIOD,
    SYNC_WAVES,
    WAVES_PER_BIT,
    Complexes,
    Floats,
    WatermarkKey,
    local_mean,
    period_of,
    turns,
)

ENOUGH = 6.0  # standard deviations of chance
LARGEST_SIDE = 1536  # pixels: a larger picture is looked at in this size
SMALLEST_SIDE = 32  # pixels: what is smaller holds no pattern that could be told from chance
GRID = 128  # places of the pattern's beginning, down and across
SMALLEST_PERIOD, LARGEST_PERIOD = 0.3 * PERIOD, 4.2 * PERIOD
PERIOD_STEP = 0.0012  # a wave drifts by less than half its length over LARGEST_SIDE
FINE_STEPS = (-0.0004, 0.0, 0.0004)
CANDIDATES = 4
REACH = 6  # pixels: what varies more slowly is the picture's own
NEAR_NYQUIST = 0.46  # cycles a pixel


@dataclass(frozen=True, slots=True)
class Detection:
    """`score`: how well the waves agree with the key's bits, in standard deviations of chance. `bits`: how
    many of the BITS were read right. `period`: of the pattern, in pixels of the picture as it came.
    """

    score: float
    bits: int
    period: float

    @property
    def found(self) -> bool:
        return self.score >= ENOUGH


def detect(image: Image.Image, key: WatermarkKey) -> Detection:
    """Look for the key's watermark. An upright picture only: turned or mirrored it is not found."""
    if min(image.size) < SMALLEST_SIDE:
        return Detection(0.0, 0, 0.0)
    smaller = _smaller(image)
    residual = _residual(np.asarray(grey(image), np.float32))
    # By the waves that carry no bit: whichever period is taken, the bits are still coins to it.
    _, best = max((_read(residual, key, period) for period in _periods(residual, key)), key=itemgetter(0))
    return replace(best, period=best.period * smaller)


def grey(image: Image.Image) -> Image.Image:
    """All of a picture that is looked at: its brightness, at most LARGEST_SIDE wide and high."""
    smaller, image = _smaller(image), image.convert("L")
    if smaller == 1.0:
        return image
    size = (max(1, round(image.width / smaller)), max(1, round(image.height / smaller)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _smaller(image: Image.Image) -> float:
    return max(1.0, max(image.size) / LARGEST_SIDE)


def _residual(brightness: Floats) -> Floats:
    """What is left of a picture without its slow changes, evened out: a pattern this faint is noise beside an
    edge.
    """
    fast = brightness - local_mean(brightness, REACH)
    return np.clip(fast / (np.sqrt(local_mean(fast * fast, REACH)) + 1), -2, 2)


def _periods(residual: Floats, key: WatermarkKey) -> list[float]:
    """The periods worth a look: those of a picture that was only cropped, or was not, and the likeliest."""
    height, width = residual.shape
    likely = [period * (1 + step) for period in _likely_periods(residual, key) for step in FINE_STEPS]
    return [PERIOD, period_of(width, height), *likely]


def _likely_periods(residual: Floats, key: WatermarkKey) -> list[float]:
    """Where the pattern's waves stand out from the others most, best first."""
    size = 1 << math.ceil(math.log2(max(residual.shape) * 1.3))
    power = np.log(np.abs(np.fft.rfft2(residual, (size, size))) ** 2 + 1e-9).astype(np.float32)
    steps = np.arange(math.log(SMALLEST_PERIOD), math.log(LARGEST_PERIOD), PERIOD_STEP)
    periods = np.exp(steps)
    scores = _contrasts(power, key, periods)
    best = []
    for _ in range(CANDIDATES):
        at = int(scores.argmax())
        best.append(float(periods[at]))
        scores[max(0, at - 3) : at + 4] = -np.inf
    return best


def _contrasts(power: Floats, key: WatermarkKey, periods: NDArray[np.float64]) -> NDArray[np.float64]:
    """(periods,): Student's t (Welch) of the pattern's waves against the others, if it had that period."""
    ours, ours_spread = _moments(power, key.waves, periods)
    others, others_spread = _moments(power, key.unused, periods)
    return (ours - others) / np.sqrt(ours_spread + others_spread + 1e-9)


def _moments(
    power: Floats, waves: NDArray[np.int64], periods: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of the waves' power at each period, and its squared standard error; of those slow enough to
    be there.
    """
    size = power.shape[0]
    at = np.rint(waves * (size / periods)[:, None, None]).astype(np.int64)
    visible = np.hypot(waves[:, 0], waves[:, 1]) < NEAR_NYQUIST * periods[:, None]
    found = power[at[..., 0] % size, np.minimum(at[..., 1], power.shape[1] - 1)]
    count = visible.sum(axis=1)
    mean = np.sum(found, axis=1, where=visible) / count
    square = np.sum(found * found, axis=1, where=visible) / count
    # Where nothing differs, rounding may make it less than nothing.
    return mean, np.maximum(square - mean * mean, 0) / count


def _read(residual: Floats, key: WatermarkKey, period: float) -> tuple[float, Detection]:
    """How well the pattern's beginning is found at this period, and what is read from there."""
    grid = _spectrum(residual, period)
    waves = grid[key.waves[:, 0] + FASTEST, key.waves[:, 1]]
    unused = grid[key.unused[:, 0] + FASTEST, key.unused[:, 1]]
    # Each counts by its phase; one that is weaker than chance counts less.
    chance = float(np.sqrt(np.mean(np.abs(unused) ** 2))) + 1e-6
    phases = waves / np.maximum(np.abs(waves), chance / 2) * np.conj(key.phases)
    # They are so already; numpy's types lose track.
    waves = phases.astype(np.complex64, copy=False)
    sync, down, across = _beginning(waves[:SYNC_WAVES], key.waves[:SYNC_WAVES])
    rest = key.waves[SYNC_WAVES:]
    turned = waves[SYNC_WAVES:] * np.exp(2j * np.pi * (rest[:, 0] * down + rest[:, 1] * across) / GRID)
    agreement = turned.real.reshape(BITS, WAVES_PER_BIT).sum(axis=1) * key.word
    # A phase of chance has a mean square of one half.
    chance = math.sqrt(float(np.sum(np.abs(turned) ** 2)) / 2 + 1e-6)
    return sync, Detection(float(agreement.sum()) / chance, int(np.count_nonzero(agreement > 0)), period)


def _spectrum(residual: Floats, period: float) -> Complexes:
    """(2 FASTEST + 1, FASTEST + 1): the residual's Fourier transform at the waves of this period, exactly."""
    height, width = residual.shape
    down = turns(np.arange(-FASTEST, FASTEST + 1), -np.arange(height), period)
    across = turns(np.arange(FASTEST + 1), -np.arange(width), period)
    return down @ (residual @ across.T)


def _beginning(waves: Complexes, indices: NDArray[np.int64]) -> tuple[float, int, int]:
    """How sure, and at which of GRID places down and across the pattern begins: all places at once by FFT."""
    grid = np.zeros((GRID, GRID), np.complex64)
    grid[indices[:, 0] % GRID, indices[:, 1] % GRID] = waves
    match = np.fft.ifft2(grid).real
    at = int(match.argmax())
    return float(match.flat[at]), at // GRID, at % GRID
