"""Lines through points, of which surfaces are made."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from .mesh import Floats


def smooth(points: ArrayLike, steps: int = 12) -> Floats:
    """A curve through all of the points (n, d), `steps` points from one to the next (Catmull and Rom)."""
    given = np.asarray(points, float)
    all_ = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(all_[:-3], all_[1:-2], all_[2:-1], all_[3:], strict=True)
    ]
    return np.vstack([*pieces, given[-1:]])


def rounded(points: ArrayLike, radius: float = 0.02, steps: int = 4) -> Floats:
    """Straight lines from point to point whose corners are rounded: crisp, and yet they catch a highlight."""
    given = np.asarray(points, float)
    pieces = [given[:1]]
    for a, b, c in zip(given[:-2], given[1:-1], given[2:], strict=True):
        back, on = a - b, c - b
        shorter = min(np.linalg.norm(back), np.linalg.norm(on))
        reach = min(radius, 0.45 * shorter)
        first, last = (b + way / np.linalg.norm(way) * reach for way in (back, on))
        t = np.linspace(0, 1, steps + 1)[:, None]
        pieces.append((1 - t) ** 2 * first + 2 * t * (1 - t) * b + t**2 * last)
    return np.vstack([*pieces, given[-1:]])


def even(points: ArrayLike, longest: float) -> Floats:
    """The same line with points no further apart than `longest`."""
    given = np.asarray(points, float)
    pieces = [
        np.linspace(a, b, max(1, int(np.ceil(np.linalg.norm(b - a) / longest))), endpoint=False)
        for a, b in pairwise(given)
    ]
    return np.vstack([*pieces, given[-1:]])


def circle(radius: float, steps: int = 64, squareness: float = 2.0) -> Floats:
    """A closed outline (steps, 2); from 2, a circle, upwards its corners fill (a superellipse)."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    reach = (np.abs(cos) ** squareness + np.abs(sin) ** squareness) ** (-1 / squareness)
    return radius * reach[:, None] * np.c_[cos, sin]


def spiral(outer: float, inner: float, apart: float, steps: int = 72) -> Floats:
    """A line (n, 2) that winds counterclockwise round the origin, from right below it inwards: a roll, seen
    from its end. apart: its turns. steps: points a turn.
    """
    turns = (outer - inner) / apart
    angle = 2 * np.pi * np.linspace(0, turns, int(steps * turns) + 1)
    radius = outer - apart * angle / (2 * np.pi)
    return radius[:, None] * np.c_[np.sin(angle), -np.cos(angle)]


def step(x: ArrayLike, start: ArrayLike, end: ArrayLike) -> Floats:
    """0 before `start`, 1 after `end`, smooth between."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    t = np.clip((np.asarray(x, float) - first) / (last - first), 0, 1)
    return t * t * (3 - 2 * t)
