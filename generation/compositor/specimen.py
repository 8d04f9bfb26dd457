"""A brand on one sheet: logo, type and colours at work, as SVG to look at."""

import io
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from . import colours, scratch
from .copytext import one_line
from .fonts import FALLBACKS, FontSet, Pairing, boldest
from .render_spec import Palette
from .srgb import hexed
from .typesetting import typeset

SHEET = Path(__file__).with_name("specimen.typ")
PAIR = Path(__file__).with_name("pairing.typ")
LOGO_SIDE = 440  # pixels; the sheet is for the screen
SENTENCE = "In this type your customers read what is new, what it costs and where to find you."


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What a specimen shows. Logos are PNG files, fonts TTF or OTF files; `voice` are some words."""

    name: str
    palette: Palette
    heading_family: str
    text_family: str
    font_files: tuple[bytes, ...] = field(default=(), repr=False)
    logo_on_light: bytes | None = field(default=None, repr=False)
    logo_on_dark: bytes | None = field(default=None, repr=False)
    voice: tuple[str, ...] = ()
    contact: str = ""


def specimen(brand: Brand, shape: Literal["board", "card"]) -> bytes:
    """The sheet as SVG: "board", 600 by 720 points, or its gist as "card", 600 by 400."""
    page, _ = typeset(SHEET, _values(brand, shape), FontSet(brand.font_files), "svg")
    return page


@lru_cache(maxsize=64)
def specimen_of(pairing: Pairing) -> bytes:
    """The names of two families, each set in itself, black on nothing, as SVG of 220 by 78 points."""
    page, _ = typeset(PAIR, _type(pairing.heading, pairing.text), FontSet(), "svg")
    return page


def _type(heading: str, text: str) -> dict[str, Any]:
    return {
        "heading_name": heading,
        "text_name": text,
        "heading_fonts": _chain(heading),
        "text_fonts": _chain(text),
        "heading_weight": boldest(heading),
        "bold_weight": boldest(text),
    }


def _values(brand: Brand, shape: str) -> dict[str, Any]:
    grounds = colours.grounds(brand.palette)
    return {
        "shape": shape,
        "name": one_line(brand.name),
        "headline": _headline(brand),
        "sentence": SENTENCE,
        "contact": one_line(brand.contact),
        **_type(brand.heading_family, brand.text_family),
        "surface": grounds["surface"] | {"logo": _logo(brand, grounds["surface"]["fill"])},
        "primary": grounds["primary"] | {"logo": _logo(brand, grounds["primary"]["fill"])},
        "tint": grounds["tint"],
        "swatches": [_swatch(brand.palette, role) for role in ("primary", "accent", "surface", "text")],
    }


def _headline(brand: Brand) -> str:
    words = one_line(", ".join(brand.voice))
    return words[:1].upper() + words[1:] + "." if words else one_line(brand.name)


def _chain(family: str) -> list[str]:
    return list(dict.fromkeys((family, *FALLBACKS)))


def _swatch(palette: Palette, role: str) -> dict[str, str]:
    fill = getattr(palette, role)
    ink = colours.first_readable([palette.text, palette.surface, colours.WHITE, colours.BLACK], fill)
    return {"name": role.capitalize(), "fill": fill, "text": ink}


def _logo(brand: Brand, fill: str) -> str:
    """The path of the variant for a ground; empty where there is none that can be seen on it."""
    is_dark = colours.contrast(colours.WHITE, fill) > colours.contrast(colours.BLACK, fill)
    logo = brand.logo_on_dark if is_dark else brand.logo_on_light
    other = brand.logo_on_light if is_dark else brand.logo_on_dark
    chosen = logo or (other if other and _stands_out(other, fill) else None)
    return str(scratch.keep(_small(chosen), ".png")) if chosen else ""


@lru_cache(maxsize=16)  # each keeps the logo it was made of
def _small(logo: bytes) -> bytes:
    image = Image.open(io.BytesIO(logo)).convert("RGBA")
    image.thumbnail((LOGO_SIDE, LOGO_SIDE), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _stands_out(logo: bytes, fill: str) -> bool:
    """Whether a logo that was made for the other ground is seen on this one too."""
    image = Image.open(io.BytesIO(_small(logo))).convert("RGBA")
    red, green, blue, alpha = image.resize((1, 1), Image.Resampling.BOX).tobytes()
    return alpha > 0 and colours.contrast(hexed(part / 255 for part in (red, green, blue)), fill) >= 2.2
