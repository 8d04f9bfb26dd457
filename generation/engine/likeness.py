"""How far two answers are apart, in units of the noise: of what rounding alone may change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from generation.engine.structure import fields_of, has_settings, is_scalar

# The noise by dtype, relative to the norm of the answer. Among more rows sums are added up in another order,
# and graphics cards may multiply single precision in fewer bits.
NOISE = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
NOISE_OF_SINGLE = 1e-3

# Answers that are this many times the noise apart can be told from each other.
APART = 3.0


def differ_everywhere(one: Any, other: Any) -> bool:
    """Whether no value of one could be taken for the other's, so that a mix-up of the two would be seen."""
    return all(gap >= APART for gap in gaps(one, other))


def is_alike(one: Any, other: Any) -> bool:
    """Whether rounding alone may have made them different."""
    return all(gap <= 1 for gap in gaps(one, other))


def gaps(one: Any, other: Any) -> Iterator[float]:
    """The distance of two answers, value by value, in units of the noise: infinite for scalars that differ,
    NaN for what cannot be compared. Settings do not count.
    """
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        one, other = torch.from_numpy(one), torch.from_numpy(other)
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        yield _gap(one, other)
    elif isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        if len(one) != len(other):
            yield math.nan
        for pair in zip(one, other, strict=False):
            yield from gaps(*pair)
    elif (fields := fields_of(one)) is not None and (theirs := fields_of(other)) is not None:
        with_settings = has_settings(one)
        for name in fields.keys() & theirs.keys():
            if not (with_settings and is_scalar(fields[name])):
                yield from gaps(fields[name], theirs[name])
    elif one is not None or other is not None:
        yield 0.0 if is_scalar(one) and type(one) is type(other) and one == other else math.inf


def _gap(one: torch.Tensor, other: torch.Tensor) -> float:
    if one.shape != other.shape or one.dtype != other.dtype:
        return math.nan
    if not (one.is_floating_point() or one.is_complex()):
        return 0.0 if torch.equal(one, other) else math.inf
    noise = NOISE.get(one.dtype, NOISE_OF_SINGLE)
    wide = torch.complex128 if one.is_complex() else torch.float64 if one.itemsize > 4 else torch.float32
    first, second = one.to(wide), other.to(wide)
    size = max(float(torch.linalg.vector_norm(first)), float(torch.linalg.vector_norm(second)))
    distance = float(torch.linalg.vector_norm(first - second))
    return distance / (noise * size) if size else distance


def is_equal(one: Any, other: Any) -> bool:
    """To the last bit; NaN is equal to NaN."""
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.shape == other.shape and torch.allclose(one, other, rtol=0, atol=0, equal_nan=True)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    return all(gap == 0 for gap in gaps(one, other))
