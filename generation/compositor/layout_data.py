"""A creative's words and marks made ready for a layout: the JSON that lib.typ reads."""

import io
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import segno

from . import amounts, copytext, dates, scratch
from .colours import WHITE, contrast, grounds, ink_of
from .fonts import BOLD, FontSet, Typeface, boldest, typeface
from .formats import Format
from .pictures import loaded
from .render_spec import FIELDS, RenderSpec
from .srgb import hexed

AI_LABEL = "Made with AI"
LONGEST = 6_000  # letters of one field that are looked at; no layout holds more
QR_MODULE = 2.2  # of the smallest type's tenth: a module a phone's camera still tells from the next
LINK_LENGTH = 300
SEEN = 2.2  # contrast from which a logo needs no plate


@dataclass(frozen=True)
class LayoutData:
    """The words of one creative in one format."""

    spec: RenderSpec
    format: Format

    @cached_property
    def ad_copy(self) -> dict[str, str]:
        return {name: copytext.clean(getattr(self.spec.ad_copy, name)[:LONGEST]) for name in FIELDS}

    @cached_property
    def _heading(self) -> Typeface:
        """The heading family must draw everything that a layout may set in it."""
        return self._typeface(self.spec.heading_family)

    @cached_property
    def _text(self) -> Typeface:
        return self._typeface(self.spec.text_family)

    def _typeface(self, family: str) -> Typeface:
        shown = "".join(text for name, text in self.ad_copy.items() if name != "qr")
        return typeface(family, shown, FontSet(self.spec.font_files))

    @cached_property
    def missing(self) -> str:
        """The letters that no font here can draw."""
        return self._text.missing

    @cached_property
    def font_set(self) -> FontSet:
        return FontSet(self.spec.font_files, self._text.needs_system or self._heading.needs_system)

    @cached_property
    def drawn(self) -> dict[str, str]:
        """The words without the letters that would be empty boxes."""
        gone = {ord(letter): "" if unicodedata.combining(letter) else " " for letter in self.missing}
        return {
            name: text if name == "qr" or not gone else copytext.clean(text.translate(gone))
            for name, text in self.ad_copy.items()
        }

    def values(self, bleed: float) -> dict[str, Any]:
        """What lib.typ reads as `d`, with no picture yet."""
        width, height = self.format.points
        words, made = self._words, self.grounds()
        return {
            "width": width,
            "height": height,
            "safe": self.format.safe_points,
            "smallest": self.format.smallest,
            "bleed": bleed,
            "rtl": self.is_rtl,
            "script": copytext.script(words),
            "lang": {"arabic": "ar", "hebrew": "he"}.get(copytext.script(words), "en"),
            "heading_fonts": self._heading.families,
            "text_fonts": self._text.families,
            # A family of one weight is asked for bold all the same: so are those that help it out.
            "heading_weight": max(boldest(self.spec.heading_family), BOLD),
            "heading_is_bold": boldest(self.spec.heading_family) >= BOLD,
            "bold_weight": max(boldest(self.spec.text_family), BOLD),
            "text_is_bold": boldest(self.spec.text_family) >= BOLD,
            "ad_copy": {name: _entry(name, text, self.is_rtl) for name, text in self.drawn.items()},
            "grounds": made,
            "logos": self.logos(made),
            "has_picture": self.spec.picture is not None,
            "picture": "",
            "wordless": False,
            "ai_label": AI_LABEL if self.spec.ai_label else "",
            **self._qr(),
        }

    @cached_property
    def _words(self) -> str:
        """What tells the page's script and direction: the long words, or all others where there are none."""
        long = "".join(self.drawn[name] for name in ("headline", "offer", "details", "button"))
        others = "".join(self.drawn[name] for name in ("price", "date", "contact"))
        return long if any(letter.isalpha() for letter in long) else others

    @cached_property
    def is_rtl(self) -> bool:
        return copytext.is_right_to_left(self._words)

    def grounds(self, picture_is_dark: bool = True) -> dict[str, dict[str, str]]:
        return grounds(self.spec.palette, picture_is_dark)

    def logos(self, made: dict[str, dict[str, str]]) -> dict[str, dict[str, Any]]:
        """For every ground the variant that is seen best, with a plate behind it where neither is."""
        variants = [logo for logo in (self.spec.logo_on_light, self.spec.logo_on_dark) if logo]
        return (
            {name: self._logo(variants, ground["fill"]) for name, ground in made.items()} if variants else {}
        )

    def _logo(self, variants: list[bytes], fill: str) -> dict[str, Any]:
        best = max(variants, key=lambda logo: contrast(_logo_facts(logo)[1], fill))
        aspect, ink = _logo_facts(best)
        plates = (WHITE, ink_of(self.spec.palette))
        plate = "" if contrast(ink, fill) >= SEEN else max(plates, key=lambda plate: contrast(ink, plate))
        return {"file": str(scratch.keep(best, ".png")), "aspect": aspect, "ink": ink, "plate": plate}

    def _qr(self) -> dict[str, Any]:
        """The code's file and its least side; none for an advertisement, which is itself a link."""
        link = self.drawn["qr"]
        if not link or len(link) > LINK_LENGTH or self.format.channel == "Display ads":
            return {"qr_file": "", "qr_smallest": 0}
        code, modules = _qr_code(link)
        side = modules * max(self.format.smallest / 10 * QR_MODULE, 1.0)
        return {"qr_file": str(scratch.keep(code, ".svg")), "qr_smallest": side}


@lru_cache(maxsize=64)
def _qr_code(link: str) -> tuple[bytes, int]:
    """A QR code (ISO/IEC 18004, error correction M) as SVG, and its modules a side with the quiet zone."""
    code = segno.make(link, error="m", micro=False)
    stream = io.BytesIO()
    code.save(stream, kind="svg", border=2, xmldecl=False)
    return stream.getvalue(), int(code.symbol_size(border=2)[0])


def _entry(name: str, text: str, rtl: bool) -> dict[str, Any]:
    typed, text = text, copytext.bound(text, rtl)
    text = dates.kept_whole(text) if name == "date" else text
    entry: dict[str, Any] = {
        "text": text,
        "parts": copytext.longest_parts(text),
        "breakable": copytext.breakable(text),
    }
    if name == "price":
        entry["pieces"] = amounts.price_parts(typed)
        entry["rtl"] = copytext.is_right_to_left(typed, otherwise=rtl)
    elif name == "date":
        entry["pieces"] = dates.date_parts(typed)
    elif name == "details":
        entry["rows"] = copytext.rows(typed, rtl)
    return entry


@lru_cache(maxsize=32)
def _logo_facts(logo: bytes) -> tuple[float, str]:
    """A logo's width over its height, and its mean colour where it is opaque."""
    image = loaded(logo).convert("RGBA")
    pixels = np.asarray(image.resize((64, 64)), np.float32).reshape(-1, 4) / 255
    weight = pixels[:, 3:]
    colour = (pixels[:, :3] * weight).sum(0) / max(float(weight.sum()), 1e-6)
    return image.width / image.height, hexed(float(part) for part in colour)
