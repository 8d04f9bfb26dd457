"""Beans, petals, leaves and pumpkins."""

import numpy as np

from ..finish import Sheen
from ..grain import grain, slopes
from ..lump import Lump
from ..outlines import leaf, petal
from ..piece import Body, Piece, Skin, rested
from ..pose import Floats, Pose, turned
from ..surface import Ball, Sheet
from .kind import Sort, varied

FLAT = 0.34  # of a bean, where its flat side is
RIBS = 9


def bean(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    lies = random.choice([0.0, np.pi, np.pi * 0.86, 0.5, -0.6], p=[0.34, 0.36, 0.1, 0.1, 0.1])
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0, 0.12), lies + random.normal(0, 0.15))
    half = size * np.array([1, random.uniform(0.68, 0.76), random.uniform(0.46, 0.54)])
    skin = _roasted(varied(random, colour, 0.16), int(random.integers(30)))
    surface = Ball((((0, 0, 1), FLAT),))
    return Piece(rested([Body(Pose(np.zeros(3), axes, half), surface, skin, Sheen(gloss=0.9, rough=0.34))]))


def _roasted(colour: Floats, seed: int) -> Skin:
    def skin(spot: Floats) -> tuple[Floats, Floats]:
        x, y, z = spot.T
        is_flat = z > FLAT - 0.02
        off = y - 0.07 * np.sin(2.6 * x + seed)
        groove = np.exp(-((off / 0.085) ** 2)) * is_flat * (np.abs(x) < 0.93)
        tone = 1 + 0.16 * grain(spot, 2.4, seed) + 0.07 * grain(spot, 9, seed + 1)
        shown = np.asarray(colour, np.float32) * (tone * (1 - 0.80 * groove))[:, None]
        lean = 0.05 * slopes(spot, 6, seed)
        lean[:, 0] += is_flat * 0.35 * x
        lean[:, 1] += is_flat * (0.75 * y - 0.8 * np.sign(off) * np.exp(-np.abs(off) / 0.14))
        return shown, lean.astype(np.float32)

    return skin


def flower_petal(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    lies = 0.0 if random.random() < 0.7 else np.pi
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0, 0.22), lies + random.normal(0, 0.25))
    across = random.uniform(1.15, 1.9)
    half = np.full(3, size * across)
    sheet = Sheet(petal, across, is_cupped=True)
    skin = _petal_skin(varied(random, colour, 0.10), int(random.integers(30)))
    return Piece(rested([Body(Pose(np.zeros(3), axes, half), sheet, skin, Sheen(through=0.38))]))


def _petal_skin(colour: Floats, seed: int) -> Skin:
    pale = np.clip(0.45 * colour + 0.55 * np.array([0.90, 0.82, 0.55]), 0, 1)

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        u, v, _ = spot.T
        foot = np.clip((-0.45 - v) / 0.55, 0, 1)[:, None] ** 1.3
        veins = 1 + 0.022 * np.sin(
            26 * u / (0.55 + 0.45 * np.clip(v + 1, 0, 2)) + 1.5 * grain(spot, 1.2, seed)
        )
        shown = (colour * (1 - foot) + pale * foot) * (veins * (1 + 0.04 * grain(spot, 3, seed)))[:, None]
        flat = spot * np.array([1, 1, 0], np.float32)
        return shown.astype(np.float32), slopes(flat, 2.1, seed) * np.array([0.10, 0.10, 0.02], np.float32)

    return skin


def fallen_leaf(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    lies = 0.0 if random.random() < 0.6 else np.pi
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0, 0.12), lies + random.normal(0, 0.16))
    across = random.uniform(1.1, 2.6)

    def along(u: Floats, v: Floats) -> Floats:
        return leaf(v + bow * u * u, u)

    bow = random.normal(0, 0.10)
    sheet = Sheet(along, across, reach=(1.15, 0.62))
    skin = _leaf_skin(varied(random, colour, 0.15), bow, int(random.integers(30)))
    pose = Pose(np.zeros(3), axes, np.full(3, size * across))
    return Piece(rested([Body(pose, sheet, skin, Sheen(gloss=0.5, rough=0.5, through=0.22))]))


def _leaf_skin(colour: Floats, bow: float, seed: int) -> Skin:
    other = np.clip(colour * np.array([0.62, 0.50, 0.55]), 0, 1)

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        u, v, side = spot.T
        v = v + bow * u * u
        middle = np.exp(-((v / 0.018) ** 2))
        phase = (u * 6.5 - np.abs(v) * 4.2) % 1
        veins = np.exp(-(((phase - 0.5) / 0.07) ** 2)) * (np.abs(v) < 0.44)
        blotch = np.clip(0.35 + 0.45 * grain(spot, 1.6, seed), 0, 1)[:, None]
        shown = colour * (1 - blotch) + other * blotch
        shown = shown * (1 + 0.05 * grain(spot, 8, seed) + 0.22 * middle + 0.12 * veins)[:, None]
        fold = (0.30 * np.sign(v) * side)[:, None] * np.array([0, 1, 0], np.float32)
        flat = np.array([1, 1, 0], np.float32)
        lean = 0.09 * slopes(spot * flat, 2.5, seed) * flat
        lean[:, 0] += 0.5 * veins * np.sign(phase - 0.5) * np.abs(phase - 0.5) * 6
        return np.clip(shown, 0, 1).astype(np.float32), (lean + fold).astype(np.float32)

    return skin


def pumpkin(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0, 0.08), random.normal(0, 0.08))
    tall = random.uniform(0.70, 0.86)
    body = Pose(np.zeros(3), axes, size * np.array([1, 1, tall]))
    seed = int(random.integers(30))
    skin = _pumpkin_skin(varied(random, colour, 0.06), seed)
    parts = rested([Body(body, Lump(_ribbed), skin, Sheen(gloss=0.7, rough=0.42))], 0.01 * size)
    stalk = Pose(
        parts[0].pose.outward(np.array([0.03, 0, 0.80])),
        turned(random.uniform(0, 6), random.normal(0.15, 0.15)),
        size * np.array([0.115, 0.115, 0.34]),
    )
    dry = Ball((((0, 0, 1), 0.72),))
    return Piece([*parts, Body(stalk, dry, _stalk_skin(seed), Sheen(gloss=0.2, rough=0.6))])


def _ribbed(ways: Floats) -> Floats:
    turn = np.arctan2(ways[:, 1], ways[:, 0])
    out = np.sqrt(np.maximum(1 - ways[:, 2] ** 2, 0))
    rib = np.abs(np.sin(turn * RIBS / 2)) ** 0.7
    dimple = 0.30 * np.exp(-((out / 0.30) ** 2))
    return 1 - 0.13 * (1 - rib) * np.clip(out * 2.2, 0, 1) - dimple


def _pumpkin_skin(colour: Floats, seed: int) -> Skin:
    def skin(spot: Floats) -> tuple[Floats, Floats]:
        turn = np.arctan2(spot[:, 1], spot[:, 0])
        rib = np.abs(np.sin(turn * RIBS / 2))
        tone = (
            0.80
            + 0.20 * np.clip(rib * 2.2, 0, 1)
            + 0.05 * grain(spot, 3, seed)
            + 0.025 * grain(spot, 14, seed)
        )
        return np.asarray(colour, np.float32) * tone[:, None].astype(np.float32), 0.02 * slopes(spot, 9, seed)

    return skin


def _stalk_skin(seed: int) -> Skin:
    green = np.array([0.17, 0.15, 0.06], np.float32)

    def skin(spot: Floats) -> tuple[Floats, Floats]:
        stripes = np.sin(np.arctan2(spot[:, 1], spot[:, 0]) * 6)
        shown = green * (1 + 0.25 * stripes + 0.1 * grain(spot, 4, seed))[:, None]
        return shown.astype(np.float32), 0.1 * slopes(spot, 5, seed)

    return skin


BEANS = Sort(bean, 0.0115, 62, ["#5b3720"], (0.85, 1.15), 0.42, 0.80)
PETALS = Sort(flower_petal, 0.046, 30, ["#d9636d", "#e58a92"], (0.7, 1.15), 0.5, 0.62)
LEAVES = Sort(fallen_leaf, 0.062, 22, ["#c0601f", "#d39a35", "#9a3a1f", "#8a6a35"], (0.7, 1.2), 0.6, 0.6)
PUMPKINS = Sort(
    pumpkin, 0.062, 9, ["#e07b1f", "#d9691a", "#ecd9b5"], (0.6, 1.2), 0.3, 1.02, 0.0, is_whole=True
)
