"""Crumbs, snow, baubles and eggs."""

import numpy as np

from ..finish import Sheen
from ..grain import grain, slopes
from ..lump import Lump, Radius
from ..piece import Body, Piece, Skin, rested
from ..pose import Floats, Pose, turned, unit
from ..surface import Ball
from .kind import Sort, light_of, varied
from .skins import plain

GOLD = light_of("#d8b16a")


def crumb(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    """Broken off: a lump with a few flat faces, its crust darker than what is inside."""
    half = (
        size
        * np.exp(random.normal(0, 0.55))
        * np.array([1, random.uniform(0.6, 0.9), random.choice([0.2, 0.6])])
    )
    faces = unit(random.standard_normal((int(random.integers(2, 5)), 3)))
    cuts = tuple((tuple(float(x) for x in face), float(random.uniform(0.35, 0.75))) for face in faces)
    axes = turned(random.uniform(0, 2 * np.pi), *random.normal(0, 0.4, 2))
    skin = _crumbly(varied(random, colour, 0.18), int(random.integers(30)))
    return Piece(
        rested([Body(Pose(np.zeros(3), axes, half), Ball(cuts), skin, Sheen(gloss=0.25, rough=0.6))])
    )


def _crumbly(colour: Floats, seed: int) -> Skin:
    pale = np.clip(colour * np.array([1.5, 1.75, 2.1]), 0, 0.85)

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        crust = np.clip(((spot * spot).sum(-1) - 0.80) * 7, 0, 1)[:, None]
        pores = np.clip(grain(spot, 5.5, seed) - 0.5, 0, 1)[:, None]
        shown = colour * crust + pale * (1 - crust)
        shown = shown * (1 + 0.14 * grain(spot, 3, seed)[:, None]) * (1 - 0.35 * pores)
        return np.clip(shown, 0, 1).astype(np.float32), 0.20 * slopes(spot, 4.5, seed)

    return skin


def snow_lump(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    """Mostly single flakes and grains, now and then a small mound."""
    if random.random() < 0.14:
        return _mound(random, size, colour)
    grains = []
    for _ in range(int(random.integers(2, 5))):
        own = size * random.uniform(0.06, 0.20)
        at = np.array([*random.normal(0, size * 0.4, 2), own * 0.5])
        half = own * np.array([1, random.uniform(0.7, 1), random.uniform(0.55, 0.8)])
        pose = Pose(at, turned(random.uniform(0, 6)), half)
        skin = plain(colour, 0.35, 3.0, int(random.integers(30)))
        grains.append(Body(pose, Ball(), skin, Sheen(through=0.5, glow=0.06)))
    return Piece(grains)


def _mound(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    seed = int(random.integers(30))
    half = np.array([1, random.uniform(0.6, 0.85), random.uniform(0.45, 0.6)])
    half = half * size * random.uniform(0.3, 1.1)
    pose = Pose(np.array([0, 0, -0.35 * half[2]]), turned(random.uniform(0, 6)), half)
    skin = plain(colour, 0.02, 30.0, seed)
    # Light goes through and through it, and nothing on it shines: else it were a stone.
    return Piece([Body(pose, Lump(_drifted(seed)), skin, Sheen(through=0.5, glow=0.06))])


def _drifted(seed: int) -> Radius:
    def radius(ways: Floats) -> Floats:
        return 0.85 + 0.06 * grain(ways, 1.3, seed) + 0.012 * grain(ways, 5, seed + 1)

    return radius


def bauble(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    """A ball of coloured glass, shiny or matt, with its cap."""
    is_matt = random.random() < 0.35
    finish = Sheen(gloss=1.0, rough=0.34 if is_matt else 0.015, metal=0.5 if is_matt else 0.35)
    centre = np.array([0, 0, size])
    axes = turned(random.uniform(0, 2 * np.pi), random.uniform(0.5, 1.35))
    ball = Body(Pose(centre, axes, np.full(3, size)), Ball(), plain(varied(random, colour, 0.05)), finish)
    at = centre + axes[2] * size * 1.02
    cap = Pose(at, axes, size * np.array([0.17, 0.17, 0.19]))
    metal = Sheen(gloss=1.0, rough=0.12, metal=1.0)
    sides = Ball((((0, 0, 1), 0.55),))
    return Piece([ball, Body(cap, sides, _crimped, metal)])


def _crimped(spot: Floats) -> tuple[Floats, Floats]:
    turn = np.arctan2(spot[:, 1], spot[:, 0])
    lean = np.stack([-np.sin(turn), np.cos(turn), 0 * turn], -1) * np.sin(turn * 14)[:, None] * 0.35
    return np.broadcast_to(GOLD.astype(np.float32), spot.shape), lean.astype(np.float32)


def egg(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0.10, 0.06), random.uniform(0, 2 * np.pi))
    pose = Pose(np.zeros(3), axes, size * np.array([1, 1, 1]))
    skin = _speckled(varied(random, colour, 0.05), int(random.integers(30)))
    return Piece(rested([Body(pose, Lump(_egg_radius), skin, Sheen(gloss=0.55, rough=0.35, through=0.08))]))


def _egg_radius(ways: Floats) -> Floats:
    """Pointed at one end: an oval whose width falls off along it."""
    x = ways[:, 0]
    out = 0.72 * (1 - 0.13 * x)
    return 1 / np.sqrt(x * x + (1 - x * x) / (out * out))


def _speckled(colour: Floats, seed: int) -> Skin:
    brown = np.array([0.14, 0.075, 0.04])

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        large = np.clip((grain(spot, 6.5, seed) - 1.35) * 5, 0, 1)
        small = np.clip((grain(spot, 17, seed + 1) - 1.55) * 5, 0, 1)
        share = (0.75 * np.maximum(large, small) * (0.75 + 0.25 * grain(spot, 2, seed)))[:, None]
        shown = colour * (1 + 0.03 * grain(spot, 2.2, seed))[:, None]
        shown = shown * (1 - share) + brown * share
        return np.clip(shown, 0, 1).astype(np.float32), 0.012 * slopes(spot, 14, seed)

    return skin


CRUMBS = Sort(crumb, 0.0045, 120, ["#c08545"], (0.6, 1.2), 0.40, 0.9)
SNOW = Sort(snow_lump, 0.0225, 110, ["#f2f6fb"], (0.7, 1.3), 0.6, 0.35, 0.35)
BAUBLES = Sort(bauble, 0.045, 9, ["#a3182a", "#c89b4a", "#1f5a3c"], (0.7, 1.15), 0.3, 1.03, 0.15)
EGGS = Sort(egg, 0.038, 11, ["#cfe0dc", "#efe3d0", "#e9cfc4", "#f4efe6"], (0.85, 1.1), 0.3, 1.03, 0.15)
