"""Leaves before a lamp: fronds of a palm and leaves of a monstera, as they dim its light."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

FINE, FINAL = 128, 64  # pixels a unit, drawn and kept
LEFT, BELOW, WIDE, HIGH = -7.0, -3.5, 13.0, 11.5  # units that are drawn
SOFT = 0.04  # units over which edges are blurred
LEAFLETS, LONGEST, THINNEST = 21, 1.5, 0.062
SLITS = (0.62, 1.02, 1.42, 1.80)  # of a monstera: where they are, as angles from its tip
# Each: kind, stem, direction in degrees, length. The middle, where things stand, stays bright.
PLACES = (
    ("palm", (-6.4, 6.6), -36, 5.6),
    ("palm", (-1.2, 7.8), -98, 3.9),
    ("monstera", (-5.4, 3.1), -14, 2.7),
    ("palm", (-4.9, -0.9), 18, 3.3),
    ("monstera", (5.0, 1.2), 198, 2.6),
    ("palm", (4.6, 5.4), 208, 4.2),
)
TURN, SHIFT = 9.0, 0.28  # by how much a seed changes these


@lru_cache(4)
def mask(seed: int) -> np.ndarray:
    """(h, w): what is dark, 0 to 1, from above to below."""
    random = np.random.default_rng(seed)
    size = (int(WIDE * FINE), int(HIGH * FINE))
    total = Image.new("L", size, 0)
    for kind, stem, degrees, length in PLACES:
        place = np.array(stem) + random.uniform(-SHIFT, SHIFT, 2)
        turn = np.radians(degrees + random.uniform(-TURN, TURN))
        one = Image.new("L", size, 0)
        for outline, fill in (_palm if kind == "palm" else _monstera)(length, random.uniform(-0.16, 0.16)):
            ImageDraw.Draw(one).polygon(_pixels(outline, place, turn), fill=fill)
        total = ImageChops.lighter(total, one)
    small = total.resize((int(WIDE * FINAL), int(HIGH * FINAL)), Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(SOFT * FINAL))
    return np.asarray(soft, np.float32) / 255


def dimmed(across: np.ndarray, along: np.ndarray, seed: int) -> np.ndarray:
    """What is dark at places to the right of the middle and above the floor; nothing beyond what is drawn."""
    found = mask(seed)
    column = ((across - LEFT) * FINAL).astype(int)
    row = ((BELOW + HIGH - along) * FINAL).astype(int)
    high, wide = found.shape
    is_drawn = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
    return np.where(is_drawn, found[row.clip(0, high - 1), column.clip(0, wide - 1)], 0)


def _palm(length: float, bend: float) -> list[tuple[np.ndarray, int]]:
    """Along x from 0: its stem, and leaflets to both sides."""
    t = np.linspace(0, 1, LEAFLETS)
    spine = np.c_[t, bend * t**2 * 2] * length
    found = [(_lens(spine[0], spine[-1], 0.02), 255)]
    for at, start in zip(t[3:], spine[3:], strict=True):
        reach = LONGEST * length / 4 * np.sin(np.pi * (0.12 + 0.83 * at)) ** 0.7
        for side in (-1, 1):
            angle = side * np.radians(58 - 36 * at) + 4 * bend * at
            tip = start + reach * np.array([np.cos(angle), np.sin(angle)])
            found.append((_lens(start, tip, THINNEST * length / 4), 255))
    return found


def _monstera(length: float, _: float) -> list[tuple[np.ndarray, int]]:
    """A heart along x from its stem at 0, with slits from its edge inwards, and holes by its rib."""
    turn = np.linspace(-np.pi, np.pi, 160)
    reach = 0.62 * (1 - 0.30 * np.abs(turn / np.pi) ** 3) * (1 + 0.16 * np.exp(-((turn / 0.35) ** 2)))
    heart = np.c_[0.55 + reach * np.cos(turn), 0.86 * reach * np.sin(turn)] * length
    found = [(_lens(np.array([-1.4 * length, 0]), np.array([0.1, 0]), 0.03), 255), (heart, 255)]
    rib = np.array([0.55, 0.0])
    for slit in SLITS:
        for side in (-1, 1):
            way = np.array([np.cos(slit), side * np.sin(slit)])
            inner = rib + np.array([0.22 - 0.25 * slit, 0]) + 0.26 * way
            found.append((_lens(inner * length, (inner + 0.62 * way) * length, 0.062 * length), 0))
            hole = rib + np.array([0.20 - 0.25 * slit, 0]) + 0.11 * way
            found.append((_lens(hole * length, (hole + 0.10 * way) * length, 0.020 * length), 0))
    return found


def _lens(start: np.ndarray, end: np.ndarray, half: float) -> np.ndarray:
    """A pointed outline from one point to another, (n, 2)."""
    way = end - start
    out = np.array([-way[1], way[0]]) / np.linalg.norm(way)
    t = np.linspace(0, 1, 9)[:, None]
    bulge = half * np.sin(np.pi * t**0.8) * out
    return np.vstack([start + t * way + bulge, (start + t * way - bulge)[::-1]])


def _pixels(outline: np.ndarray, place: np.ndarray, turn: float) -> list[tuple[float, float]]:
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = (outline @ np.array([[cos, sin], [-sin, cos]]) + place).T
    return list(zip((x - LEFT) * FINE, (BELOW + HIGH - y) * FINE, strict=True))
