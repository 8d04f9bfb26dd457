"""What a ray meets: balls, whole or cut, and sheets that are bent round a tube or cupped like a bowl.

Rays are in a surface's own units, where the ball and the tube have the radius 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from .pose import Floats, dot

Outline = Callable[[Floats, Floats], Floats]  # of u and v: how far within (above 0) or without
AROUND = 14  # points a side that stand for a sheet
BALL = 160  # points that stand for a ball
FLUSH = 1e-4  # how near to a cut is on it


@dataclass(frozen=True, eq=False)
class Met:
    """Of n rays. away: (n,), in lengths of their ways; margin: (n,), how far within the outline they met,
    in own units, below 0 where they miss; spot: (n, 3), where on the surface: of a ball the point, of a sheet
    u, v and its side; normal: (n, 3), not yet turned to the world.
    """

    away: Floats
    margin: Floats
    spot: Floats
    normal: Floats


class Shell(Protocol):
    """origin, way: (n, 3) each, or (1, 3) where it is the same for all."""

    def met(self, origin: Floats, way: Floats) -> Met: ...

    def crossed(self, origin: Floats, way: Floats) -> tuple[Floats, Floats]:
        """The away and the margin alone, which is all that a shadow asks for."""
        ...

    def samples(self) -> Floats:
        """(m, 3): points that stand for all of it."""
        ...


@dataclass(frozen=True, eq=False)
class Ball:
    """cuts: normals (3,) and how far along them it is left."""

    cuts: Sequence[tuple[Sequence[float], float]] = ()

    def met(self, origin: Floats, way: Floats) -> Met:
        away, margin = self.crossed(origin, way)
        at = normal = origin + away[:, None] * way
        for axis, depth in self.cuts:
            is_cut = at @ np.array(axis, np.float32) > depth - FLUSH
            normal = np.where(is_cut[:, None], np.array(axis, np.float32), normal)
        return Met(away, margin, at, normal)

    def crossed(self, origin: Floats, way: Floats) -> tuple[Floats, Floats]:
        square, middle = dot(way, way), dot(origin, way)
        closest = np.maximum(dot(origin, origin) - middle * middle / square, 0)
        half = np.sqrt(np.maximum(1 - closest, 0) / square)
        enter, leave = -middle / square - half, -middle / square + half
        for axis, depth in self.cuts:
            enter, leave = _cut(np.array(axis, np.float32), depth, origin, way, enter, leave)
        margin = np.minimum(1 - np.sqrt(closest), (leave - enter) * np.sqrt(square) / 2)
        return enter, np.where(leave > 0, margin, -1)

    def samples(self) -> Floats:
        points = sphere()
        for axis, depth in self.cuts:
            along = points @ np.array(axis)
            points = points - np.maximum(along - depth, 0)[:, None] * np.array(axis)
        return points


def _cut(
    axis: Floats, depth: float, origin: Floats, way: Floats, enter: Floats, leave: Floats
) -> tuple[Floats, Floats]:
    """What a half space leaves of the way through a ball."""
    speed = way @ axis
    at = (depth - origin @ axis) / np.where(np.abs(speed) < 1e-7, 1e-7, speed)
    return np.where((speed < 0) & (at > enter), at, enter), np.where((speed > 0) & (at < leave), at, leave)


@dataclass(frozen=True, eq=False)
class Sheet:
    """outline: of u and v, which are lengths along the sheet by `across`, the radius of its bend in the
    outline's units. is_cupped: part of a ball, about its lowest point; else of a tube along v.
    """

    outline: Outline
    across: float
    is_cupped: bool = False
    reach: tuple[float, float] = (1.0, 1.0)

    def met(self, origin: Floats, way: Floats) -> Met:
        away, margin = self.crossed(origin, way)
        at = origin + away[:, None] * way
        normal = at * self._metric
        side = np.where(dot(normal, way) > 0, 1, -1)[:, None]  # 1: seen from the hollow, which is above
        spot = np.concatenate([self._flat(at) * self.across, side], -1).astype(np.float32)
        return Met(away, margin, spot, normal * -side)

    def crossed(self, origin: Floats, way: Floats) -> tuple[Floats, Floats]:
        round_way, round_origin = way * self._metric, origin * self._metric
        square, middle = np.maximum(dot(way, round_way), 1e-12), dot(origin, round_way)
        closest = np.maximum(dot(origin, round_origin) - middle * middle / square, 0)
        half = np.sqrt(np.maximum(1 - closest, 0) / square)
        inside = 1 - np.sqrt(closest)
        near, far = -middle / square - half, -middle / square + half
        margin, margin_far = (self._within(origin, way, away) for away in (near, far))
        is_near = (margin > 0) | (margin >= margin_far)
        margin = np.where(is_near, margin, margin_far)
        return np.where(is_near, near, far), np.minimum(margin / self.across, inside)

    @property
    def _metric(self) -> Floats:
        return np.array([1, self.is_cupped, 1], np.float32)

    def _within(self, origin: Floats, way: Floats, away: Floats) -> Floats:
        u, v = (self._flat(origin + away[:, None] * way) * self.across).T
        return np.where(away > 0, self.outline(u, v), -1)

    def _flat(self, at: Floats) -> Floats:
        if not self.is_cupped:
            return np.stack([np.arctan2(at[:, 0], -at[:, 2]), at[:, 1]], -1)
        from_axis = np.hypot(at[:, 0], at[:, 1])
        return at[:, :2] * (np.arctan2(from_axis, -at[:, 2]) / np.maximum(from_axis, 1e-6))[:, None]

    def samples(self) -> Floats:
        side = np.linspace(-1, 1, AROUND)
        u, v = (axis.ravel() for axis in np.meshgrid(side * self.reach[0], side * self.reach[1]))
        is_in = self.outline(u, v) > -0.06
        u, v = u[is_in] / self.across, v[is_in] / self.across
        if not self.is_cupped:
            return np.stack([np.sin(u), v, -np.cos(u)], -1)
        turn = np.hypot(u, v)
        out = np.sin(turn) / np.maximum(turn, 1e-6)
        return np.stack([u * out, v * out, -np.cos(turn)], -1)


@cache
def sphere() -> Floats:
    """Points all round, by the golden angle."""
    step = np.arange(BALL) + 0.5
    z, turn = 1 - 2 * step / BALL, step * np.pi * (3 - 5**0.5)
    out = np.sqrt(1 - z * z)
    return np.stack([out * np.cos(turn), out * np.sin(turn), z], -1)
