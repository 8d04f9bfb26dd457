"""Where pieces lie: in clusters round the foot of a thing, thinning out, each beside the others."""

from collections.abc import Sequence
from math import dist

import numpy as np

from ..backdrop import Framing
from ..plate import Mixture
from .footprint import Footprint
from .kinds import KINDS
from .kinds.kind import Sort, light_of
from .piece import Piece
from .room import is_clear
from .scattered import Scattered
from .sources import panels, sources
from .window import joined, seen_box, shadow_box

Spot = tuple[float, float]  # of the floor
NEAR, FAR = -4.6, 2.7  # how far to the front and to the back
SCALES = (0.06, 0.13)  # metres to a unit, at least and at most
USUAL_SCALE = 0.075  # where nothing stands
TRIES = 14  # of placing one
CLUSTERS, TIGHT, FAR_STRAY = 4, 0.42, 2.2
MOST_RADIUS = 0.62
MOST_SPREAD = 3.0  # of the usual way off, for what is no stray
BESIDE = 0.10  # units off a foot, at least


def placed(
    asked: Scattered, seed: int, footprints: Sequence[Footprint], scale: float | None, framing: Framing,
    mixture: Mixture,
) -> list[Piece]:  # fmt: skip
    """From the back to the front. scale: metres to a unit, of the things."""
    kind = KINDS[asked.kind]
    random = np.random.default_rng([seed, list(KINDS).index(asked.kind)])
    per_unit = float(np.clip(scale or USUAL_SCALE, *SCALES))
    feet = list(footprints) or [Footprint((0.0, 0.0), (0.15, 0.15))]
    turns = random.uniform(0, 2 * np.pi, CLUSTERS)
    lain: list[Piece] = []
    for _ in range(round(kind.count * asked.amount)):
        piece = _made(kind, asked.colour, random, per_unit)
        own = np.random.default_rng(random.integers(2**32))
        for _ in range(TRIES):
            at = _spot(kind, own, feet, turns, piece.radius)
            if _fits(piece, at, lain, footprints, kind) and _is_seen(piece, at, asked, framing, mixture):
                lain.append(piece.moved(*at))
                break
    return sorted(lain, key=lambda each: -each.at[1])


def _made(kind: Sort, colour: str | None, random: np.random.Generator, per_unit: float) -> Piece:
    half = kind.length / per_unit / 2 * random.uniform(*kind.sizes)
    own = colour or kind.colours[int(random.integers(len(kind.colours)))]
    return kind.make(random, min(half, MOST_RADIUS), light_of(own))


def _spot(
    kind: Sort,
    random: np.random.Generator,
    feet: Sequence[Footprint],
    turns: np.ndarray,
    radius: float,
) -> Spot:
    foot = feet[int(random.integers(len(feet)))]
    if random.random() < kind.stray:
        return foot.beside(random.uniform(0, 2 * np.pi), radius + BESIDE + random.uniform(0, FAR_STRAY))
    turn = turns[int(random.integers(len(turns)))] + random.normal(0, TIGHT)
    away = min(random.exponential(kind.spread), MOST_SPREAD * kind.spread)
    return foot.beside(turn, radius + BESIDE * 1.2 + away)


def _fits(piece: Piece, at: Spot, lain: Sequence[Piece], footprints: Sequence[Footprint], kind: Sort) -> bool:
    x, y = at
    if not NEAR < y < FAR or any(foot.outside(x, y) < piece.radius + BESIDE for foot in footprints):
        return False
    high = float(piece.samples[:, 2].max())
    if any(foot.hidden_by(x, y, high) for foot in footprints):
        return False
    return all(dist(at, other.at) > kind.apart * (piece.radius + other.radius) for other in lain)


def _is_seen(piece: Piece, at: Spot, asked: Scattered, framing: Framing, mixture: Mixture) -> bool:
    """On the canvas, and clear of where text stands."""
    x, y = framing.on_canvas((*at, 0.0))
    edge = piece.radius * framing.unit * framing.nearness((*at, 0.0))
    beyond = -edge if KINDS[asked.kind].is_whole else edge
    if not (-beyond < x < framing.width + beyond and -beyond < y < framing.height + beyond):
        return False
    if asked.room is None:
        return True
    there = piece.moved(*at)
    lamps = sources(mixture, panels(mixture), np.array([*at, 0.0]))
    return is_clear(asked.room, framing, joined(seen_box(framing, there), shadow_box(framing, there, lamps)))
