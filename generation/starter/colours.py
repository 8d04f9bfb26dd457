"""Colours by name, as ranges in OKLCH, and their OKLab coordinates (Björn Ottosson, "A perceptual color
space", 2020).

L is lightness 0..1, C chroma, h hue in degrees. Without torch: the web process reads it too.
"""

import math
from random import Random

from .plates import srgb

OKLab = tuple[float, float, float]

# name: (L low, L high, C low, C high, h low, h high)
RANGES: dict[str, tuple[float, float, float, float, float, float]] = {
    "red": (0.54, 0.60, 0.19, 0.22, 24, 29),
    "coral": (0.70, 0.74, 0.14, 0.17, 28, 36),
    "orange": (0.73, 0.77, 0.15, 0.17, 56, 64),
    "yellow": (0.87, 0.90, 0.14, 0.17, 93, 99),
    "gold": (0.74, 0.78, 0.11, 0.13, 82, 88),
    "green": (0.60, 0.67, 0.14, 0.17, 145, 152),
    "mint": (0.88, 0.92, 0.06, 0.08, 165, 175),
    "sage green": (0.72, 0.77, 0.035, 0.05, 135, 148),
    "teal": (0.55, 0.62, 0.09, 0.11, 190, 200),
    "sky blue": (0.81, 0.86, 0.07, 0.09, 226, 236),
    "blue": (0.52, 0.58, 0.17, 0.20, 258, 264),
    "navy": (0.26, 0.32, 0.07, 0.10, 262, 270),
    "purple": (0.48, 0.54, 0.17, 0.20, 300, 308),
    "lavender": (0.80, 0.85, 0.06, 0.08, 296, 304),
    "pink": (0.77, 0.81, 0.11, 0.135, 355, 363),
    "blush": (0.88, 0.91, 0.03, 0.045, 22, 38),
    "beige": (0.86, 0.89, 0.03, 0.042, 74, 84),
    "cream": (0.945, 0.965, 0.022, 0.034, 88, 95),
    "brown": (0.40, 0.46, 0.06, 0.08, 50, 60),
    "grey": (0.70, 0.77, 0.0, 0.006, 0, 360),
    "white": (0.965, 0.985, 0.0, 0.004, 0, 360),
    "black": (0.19, 0.24, 0.0, 0.008, 0, 360),
}
NAMES = tuple(RANGES)
NEUTRAL = frozenset({"blush", "beige", "cream", "grey", "white", "black", "gold", "brown", "navy"})


def oklab(lightness: float, chroma: float, hue: float) -> OKLab:
    """OKLab of an OKLCH colour; hue in degrees."""
    angle = math.radians(hue)
    return lightness, chroma * math.cos(angle), chroma * math.sin(angle)


def _mean(name: str) -> OKLab:
    l0, l1, c0, c1, h0, h1 = RANGES[name]
    return oklab((l0 + l1) / 2, (c0 + c1) / 2, (h0 + h1) / 2)


MEAN: dict[str, OKLab] = {name: _mean(name) for name in NAMES}


def of_hex(text: str) -> OKLab:
    """Of "#rrggbb" or "#rgb"."""
    digits = text.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = srgb.of_hex(f"#{digits}").tolist()
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def hex_of(lab: OKLab) -> str:
    """ "#rrggbb", the nearest that a screen has."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    coded = srgb.coded([min(max(each, 0.0), 1.0) for each in channels])
    return "#" + "".join(f"{round(255 * each):02x}" for each in coded.tolist())


def distance(one: OKLab, other: OKLab) -> float:
    """Euclidean in OKLab; about 0.02 is just noticeable, 0.15 is plainly another colour."""
    return math.dist(one, other)


def draw(name: str, rng: Random) -> OKLab:
    """A colour that people would call `name`."""
    l0, l1, c0, c1, h0, h1 = RANGES[name]
    return oklab(rng.uniform(l0, l1), rng.uniform(c0, c1), rng.uniform(h0, h1))


def nearest(lab: OKLab) -> str:
    """The name whose mean lies closest."""
    return min(NAMES, key=lambda name: distance(MEAN[name], lab))


def harmony(one: str, other: str) -> float:
    """How gladly two colours stand together, 0.12 to 1.1: neutrals with all, neighbours, soft complements."""
    if one in NEUTRAL or other in NEUTRAL:
        return 1.0
    apart = abs((_hue(one) - _hue(other) + 180) % 360 - 180)
    if apart < 50:
        return 1.1
    soft = min(math.hypot(*MEAN[name][1:]) for name in (one, other)) < 0.12
    return 0.6 if apart > 150 and soft else 0.12


def _hue(name: str) -> float:
    _, a, b = MEAN[name]
    return math.degrees(math.atan2(b, a))
