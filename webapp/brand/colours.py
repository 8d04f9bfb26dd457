"""A brand's colours: taken from its logo and given their roles, put into plain words, checked to be readable.

Distances are in OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020).
"""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.compositor import Palette
from generation.compositor.colours import AA_TEXT, contrast, readable
from generation.compositor.srgb import encoded, hexed, linear, rgb
from generation.starter import colours as named

Colours = NDArray[np.float64]  # rows of OKLab: lightness 0..1, a, b

LOOKED_AT = 160  # pixels of the logo's longer side
OPAQUE = 160  # of 255
CLUSTERS = 6
ROUNDS = 12
ALIKE = 0.09  # two colours closer than this are one
SMALLEST_SHARE = 0.012
# What counts as paper rather than as a colour: this light, at hardly any chroma.
PAPER, GREY = 0.93, 0.035
TINTED = 0.006  # below it, paper is the white of any file
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@dataclass(frozen=True)
class Advice:
    """The text can hardly be read on the surface: by how much, and a colour near it that can."""

    ratio: float
    better: str


def advice(palette: Palette) -> Advice | None:
    """None where the text can be read on the surface (WCAG AA, 4.5:1)."""
    ratio = contrast(palette.text, palette.surface)
    return None if ratio >= AA_TEXT else Advice(ratio, readable(palette.text, palette.surface))


def words(palette: Palette) -> str:
    """The palette as people say it, for instance "teal and gold", in words that the starter model knows."""
    names = dict.fromkeys(nearest(colour) for colour in (palette.primary, palette.accent))
    return " and ".join(names)


def nearest(colour: str) -> str:
    """The plain name of `#rrggbb`: by its hue first, since dark green is green."""
    lightness, chroma, hue = _lch(oklab(colour))
    is_grey = chroma < GREY

    def apart(name: str) -> float:
        other_lightness, other_chroma, other_hue = _lch(np.array(named.MEAN[name]))
        turn = 0 if is_grey else abs((hue - other_hue + 180) % 360 - 180) / 40
        return math.hypot(
            turn, (lightness - other_lightness) / 0.25, (chroma - other_chroma) / (0.04 if is_grey else 0.12)
        )

    pale = {name for name in named.NAMES if _lch(np.array(named.MEAN[name]))[1] < 0.05}
    return min(
        pale if is_grey else set(named.NAMES) - {"grey", "white", "black"},
        key=lambda name: (apart(name), name),
    )


def of_logo(png: bytes) -> Palette:
    """Primary and accent as the logo has them; surface and text in its hue, made to be read on each other.

    A logo in black, grey or white has one colour, its ink.
    """
    colours, shares = _clusters(_pixels(png))
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    plain = (chroma < GREY) | ((colours[:, 0] > PAPER) & (chroma < 2 * GREY))
    if plain.all():
        ink = (
            colours[np.argmin(colours[:, 0])]
            if len(colours) and colours[:, 0].min() < 0.6
            else oklab("#1c1b1a")
        )
        return _with_grounds(ink, ink, None)
    paper = colours[(colours[:, 0] > 0.88) & (chroma > TINTED) & (chroma < 2 * GREY)]
    primary, accent = _leads(colours[~plain], shares[~plain] * (0.35 + chroma[~plain]))
    return _with_grounds(primary, accent, paper[0] if len(paper) else None)


def oklab(colour: str) -> Colours:
    return _oklab(linear(rgb(colour)))


def _leads(colours: Colours, weights: NDArray[np.float64]) -> tuple[Colours, Colours]:
    """The weightiest colour, and the one that stands out from it most; alone, it is its own accent."""
    primary = colours[np.argmax(weights)]
    distance = np.linalg.norm(colours - primary, axis=1)
    standing_out = np.sqrt(weights) * distance * (distance > ALIKE)
    if not standing_out.any():
        return primary, primary
    return primary, colours[np.argmax(standing_out)]


def _with_grounds(primary: Colours, accent: Colours, paper: Colours | None) -> Palette:
    _, chroma, hue = _lch(primary)
    surface = _hexed(*_lch(paper)) if paper is not None else _hexed(0.975, min(0.2 * chroma, 0.009), hue)
    text = readable(_hexed(0.24, min(0.4 * chroma, 0.03), hue), surface)
    return Palette(primary=_hexed(*_lch(primary)), accent=_hexed(*_lch(accent)), surface=surface, text=text)


def _pixels(png: bytes) -> Colours:
    image = Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")
    image.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    values = np.asarray(image, dtype=np.float64).reshape(-1, 4)
    return _oklab(linear(values[values[:, 3] >= OPAQUE, :3] / 255))


def _clusters(pixels: Colours) -> tuple[Colours, NDArray[np.float64]]:
    """k-means, begun from colours as far apart as there are: centres and shares, the largest first."""
    if not len(pixels):
        return np.empty((0, 3)), np.empty(0)
    centres = [np.median(pixels, axis=0)]
    for _ in range(CLUSTERS - 1):
        far = np.min([np.linalg.norm(pixels - centre, axis=1) for centre in centres], axis=0)
        centres.append(pixels[np.argmax(far)])
    found = np.array(centres)
    for _ in range(ROUNDS):
        nearest_one = np.argmin(np.linalg.norm(pixels[:, None] - found[None], axis=2), axis=1)
        found = np.array(
            [
                pixels[nearest_one == place].mean(axis=0) if (nearest_one == place).any() else centre
                for place, centre in enumerate(found)
            ]
        )
    shares = np.bincount(nearest_one, minlength=len(found)) / len(pixels)
    kept = [place for place in np.argsort(-shares, kind="stable") if shares[place] >= SMALLEST_SHARE]
    # The edge between two colours is a mixture of them, of which nobody would say that it is in the logo.
    typical = [np.median(pixels[nearest_one == place], axis=0) for place in kept]
    return np.array(typical), shares[kept]


def _oklab(light: Colours) -> Colours:
    return np.cbrt(light @ TO_LMS.T) @ TO_LAB.T


def _lch(lab: Colours) -> tuple[float, float, float]:
    """Lightness, chroma, hue in degrees."""
    return float(lab[0]), float(np.hypot(lab[1], lab[2])), float(np.degrees(np.arctan2(lab[2], lab[1])))


def _hexed(lightness: float, chroma: float, hue: float) -> str:
    """`#rrggbb` of an OKLCH colour, its chroma lessened until sRGB has it."""
    for share in np.linspace(1, 0, 21):
        a, b = (share * chroma * turn(math.radians(hue)) for turn in (math.cos, math.sin))
        lms = np.linalg.solve(TO_LAB, np.array([lightness, a, b])) ** 3
        light = np.linalg.solve(TO_LMS, lms)
        if light.min() > -0.002 and light.max() < 1.002:
            break
    return hexed(encoded(np.clip(light, 0, 1)))
