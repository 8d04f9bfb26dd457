"""Confetti, ribbons, hearts, stars and crescents, cut from paper or foil."""

import numpy as np

from ..finish import Sheen
from ..outlines import coil, crescent, disc, heart, oblong, star
from ..piece import Body, Piece, rested
from ..pose import Floats, Pose, turned
from ..surface import Outline, Sheet
from .kind import Sort, varied
from .skins import foil, paper

TURNS, BAND, PITCH = (2.2, 4.2), 0.30, 0.98  # of a ribbon, by the radius of its windings
SNIPPETS = [(disc, 0.0), (oblong(1.0, 0.6), 0.35), (oblong(1.25, 0.26), 0.6)]  # and how many are curled
CURLED, FLAT = (0.8, 1.5), (5.0, 12.0)  # the radius of a bend, by half a length
PAPER, FOIL = Sheen(through=0.16), Sheen(gloss=1.0, rough=0.22, metal=0.8)


def snippet(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    """Discs lie flat; of rectangles and strips some are curled along their length."""
    outline, curled = SNIPPETS[int(random.choice(3, p=[0.5, 0.3, 0.2]))]
    bend = random.uniform(*(CURLED if random.random() < curled else FLAT))
    return _cut(random, size, colour, outline, bend, 0.07, random.random() < 0.25)


def paper_heart(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    return _cut(random, size, colour, heart, random.uniform(1.8, 5), 0.13, False)


def paper_star(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    return _cut(
        random,
        size * random.choice([0.6, 1.0]),
        colour,
        star,
        random.uniform(2, 6),
        0.12,
        random.random() < 0.7,
    )


def gold_crescent(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    if random.random() < 0.5:
        return _cut(random, size * 0.45, colour, star, 4.0, 0.12, True)
    return _cut(random, size, colour, crescent, random.uniform(3, 7), 0.10, True)


def ribbon(random: np.random.Generator, size: float, colour: Floats) -> Piece:
    """A curl that lies on its side."""
    turns = random.uniform(*TURNS)
    own = size * random.uniform(0.75, 1.15)
    axes = turned(random.uniform(0, 2 * np.pi), random.uniform(0, 6), 0)
    sheet = Sheet(coil(turns, BAND, PITCH), 1.0, reach=(np.pi, turns * PITCH / 2 + BAND))
    pose = Pose(np.zeros(3), _on_side(axes, random.normal(0, 0.05)), np.full(3, own))
    skin = paper(varied(random, colour, 0.06), int(random.integers(30)))
    return Piece(rested([Body(pose, sheet, skin, Sheen(gloss=0.9, rough=0.3, through=0.10))]))


def _on_side(axes: Floats, lift: float) -> Floats:
    return axes @ turned(0, 0, lift).T


def _cut(
    random: np.random.Generator,
    size: float,
    colour: Floats,
    outline: Outline,
    bend: float,
    tilt: float,
    is_foil: bool,
) -> Piece:
    lies = 0.0 if random.random() < 0.6 else np.pi
    axes = turned(random.uniform(0, 2 * np.pi), random.normal(0, tilt), lies + random.normal(0, tilt))
    sheet = Sheet(outline, bend, reach=(1.3, 1.3))
    seed = int(random.integers(30))
    skin = (foil if is_foil else paper)(varied(random, colour, 0.06), seed)
    pose = Pose(np.zeros(3), axes, np.full(3, size * bend))
    return Piece(rested([Body(pose, sheet, skin, FOIL if is_foil else PAPER)]))


CONFETTI = Sort(
    snippet, 0.018, 120, ["#e8b04a", "#e2607a", "#4aa3a8", "#f3ece1", "#7a6bb0"], (0.8, 1.2), 0.7, 1.0, 0.45
)
RIBBONS = Sort(ribbon, 0.022, 14, ["#d8a13c", "#d9546a", "#3f8f96"], (0.8, 1.1), 0.5, 0.9, 0.3)
HEARTS = Sort(paper_heart, 0.030, 26, ["#c4283c", "#e2607a", "#f0b7bd"], (0.6, 1.15), 0.6, 0.8, 0.4)
STARS = Sort(paper_star, 0.032, 28, ["#d8ae5a"], (0.7, 1.15), 0.6, 0.8, 0.4)
CRESCENTS = Sort(gold_crescent, 0.040, 22, ["#d8ae5a"], (0.75, 1.1), 0.6, 0.85, 0.4)
