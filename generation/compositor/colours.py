"""Colours that can be read: WCAG contrast, and the grounds that a layout's words may stand on."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from .render_spec import Palette
from .srgb import LUMA, hexed, linear, rgb

AA_TEXT = 4.5  # WCAG 2.2, 1.4.3
AA_LARGE = 3.0  # 24 CSS pixels, or 18.66 bold
AA_PARTS = 3.0  # WCAG 2.2, 1.4.11: a button against what it stands on
MARGIN = 1.04  # rounding to 8 bits, JPEG and antialiasing take a little
WHITE, BLACK = "#ffffff", "#000000"


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance, 0..1 (WCAG 2.2)."""
    return float(np.dot(LUMA, linear(rgb(colour))))


def contrast(one: str, other: str) -> float:
    """The contrast ratio, 1..21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` of `other` in `one`, 0..1, as a browser mixes them."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return hexed((1 - share) * first + share * second for first, second in pairs)


def readable(colour: str, ground: str, ratio: float = AA_TEXT) -> str:
    """`colour`, moved towards white or black as little as lets it be read on `ground`."""
    ends = sorted((WHITE, BLACK), key=lambda end: contrast(end, ground), reverse=True)
    for step in range(0, 21):
        moved = mix(colour, ends[0], step / 20)
        if contrast(moved, ground) >= ratio * MARGIN:
            return moved
    return ends[0]


def first_readable(candidates: Iterable[str], ground: str, ratio: float = AA_TEXT) -> str:
    """The first of `candidates` that can be read on `ground`; failing that, the first made so."""
    known = list(candidates)
    fine = (colour for colour in known if contrast(colour, ground) >= ratio * MARGIN)
    return next(fine, readable(known[0], ground, ratio))


def ink_of(palette: Palette) -> str:
    """The darkest of the brand: its primary, nearly black."""
    return mix(palette.primary, BLACK, 0.78)


def ground(name: str, fill: str, palette: Palette) -> dict[str, str]:
    """What may stand on `fill`: words, quieter words, words with weight, a button and its words, a line."""
    dark = contrast(WHITE, fill) > contrast(BLACK, fill)
    texts = [WHITE, palette.surface] if dark else [palette.text, ink_of(palette), BLACK]
    text = first_readable([palette.surface, WHITE] if dark else texts, fill, 5.5 if dark else AA_TEXT)
    button = first_readable([palette.accent, palette.primary, text], fill, AA_PARTS)
    button = button if button in (palette.accent, palette.primary) else text
    return {
        "name": name,
        "fill": fill,
        "text": text,
        "soft": readable(mix(text, fill, 0.28), fill),
        "strong": first_readable([palette.accent, palette.primary, text], fill, AA_TEXT)
        if not dark
        else first_readable([palette.accent, readable(palette.accent, fill)], fill),
        "button": button,
        "button_text": first_readable([WHITE, palette.surface, palette.text, BLACK], button),
        "line": mix(text, fill, 0.72),
    }


@lru_cache(maxsize=256)
def grounds(palette: Palette, picture_is_dark: bool = True) -> dict[str, dict[str, str]]:
    """Every ground a layout may ask for; "picture" is what its scrim leads to."""
    ink = ink_of(palette)
    veil = ink if picture_is_dark else mix(palette.surface, WHITE, 0.4)
    made = {
        "surface": ground("surface", palette.surface, palette),
        "tint": ground("tint", mix(palette.surface, palette.primary, 0.1), palette),
        "primary": ground("primary", palette.primary, palette),
        "accent": ground("accent", palette.accent, palette),
        "ink": ground("ink", ink, palette),
        "white": ground("white", WHITE, palette),
        "picture": ground("picture", veil, palette),
    }
    on_picture = WHITE if picture_is_dark else ink
    made["picture"] |= {"text": on_picture, "soft": on_picture, "strong": on_picture}
    return made
