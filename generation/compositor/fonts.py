"""The bundled type: families, what goes with what, and which font can draw a letter.

All families are under the SIL Open Font License 1.1; each folder of typefaces/ holds its licence.
"""

import hashlib
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont, TTLibError

from . import scratch
from .copytext import is_drawn

TYPEFACES = Path(__file__).with_name("typefaces")


@dataclass(frozen=True)
class Pairing:
    """A heading and a text family that go together, with a word for how they feel."""

    heading: str
    text: str
    mood: str


# The bundled families and the weights that each comes in, regular and bold.
FAMILIES: dict[str, tuple[int, ...]] = {
    "Anton": (400,),
    "Archivo": (400, 800),
    "Barlow": (400, 700),
    "Bricolage Grotesque": (400, 800),
    "DM Sans": (400, 700),
    "DM Serif Display": (400,),
    "Figtree": (400, 700),
    "Fraunces": (400, 700),
    "Inter": (400, 700),
    "Instrument Sans": (400, 700),
    "Instrument Serif": (400,),
    "Lora": (400, 700),
    "Nunito": (400, 800),
    "Outfit": (400, 700),
    "Playfair Display": (400, 700),
    "Poppins": (400, 700),
    "Rubik": (400, 700),
    "Space Grotesk": (400, 700),
    "Syne": (700,),
    "Work Sans": (400, 700),
}
BOLD = 700
# Drawn with when the brand's own family lacks a letter: Latin, Greek and Cyrillic, Arabic, Hebrew, emoji.
FALLBACKS = ("Inter", "Noto Sans Arabic", "Heebo", "Noto Emoji")
PAIRINGS = (
    Pairing("Bricolage Grotesque", "Figtree", "warm and modern"),
    Pairing("Fraunces", "DM Sans", "crafted"),
    Pairing("Playfair Display", "Work Sans", "elegant"),
    Pairing("Anton", "Barlow", "loud"),
    Pairing("DM Serif Display", "DM Sans", "classic"),
    Pairing("Instrument Serif", "Instrument Sans", "editorial"),
    Pairing("Space Grotesk", "Inter", "technical"),
    Pairing("Nunito", "Nunito", "friendly"),
    Pairing("Archivo", "Archivo", "direct"),
    Pairing("Syne", "Outfit", "artful"),
    Pairing("Poppins", "Lora", "clear with a bookish voice"),
    Pairing("Rubik", "Rubik", "round, also in Cyrillic, Hebrew and Arabic"),
)


def boldest(family: str) -> int:
    """The heaviest weight that a bundled family comes in; bold for one that was uploaded."""
    return max(FAMILIES.get(family, (BOLD,)))


@dataclass(frozen=True)
class FontSet:
    """The fonts one creative is set with; the machine's own only where the bundled ones lack a letter."""

    files: tuple[bytes, ...] = ()
    with_system: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        return (str(self.with_system), *(hashlib.sha256(data).hexdigest() for data in self.files))


_opened: dict[tuple[str, ...], typst.Fonts] = {}
_opening = threading.Lock()
MOST_OPEN = 16


def opened(font_set: FontSet) -> typst.Fonts:
    """Typst's view of a set of fonts; reading the bundled folder takes tens of milliseconds: it is kept."""
    with _opening:
        if font_set.key not in _opened:
            while len(_opened) >= MOST_OPEN:
                del _opened[next(iter(_opened))]
            _opened[font_set.key] = typst.Fonts(
                include_system_fonts=font_set.with_system,
                include_embedded_fonts=False,
                font_paths=[
                    str(TYPEFACES),
                    *(str(scratch.folder_of(data, ".ttf")) for data in font_set.files),
                ],
            )
        return _opened[font_set.key]


@dataclass(frozen=True)
class Typeface:
    """The families that set some text, best first, and the letters that none of them has."""

    families: tuple[str, ...]
    missing: str
    needs_system: bool = False


def typeface(family: str, text: str, font_set: FontSet) -> Typeface:
    """What draws `text` when `family` is asked for: it, the fallbacks, then the machine's own fonts."""
    chain = tuple(dict.fromkeys((family, *FALLBACKS)))
    letters = {letter for letter in text if is_drawn(letter)}
    missing = letters - _drawn_by(chain, font_set)
    if not missing:
        return Typeface(chain, "")
    helper, found = _helper(missing)
    return Typeface((*chain, *helper), "".join(sorted(missing - found)), bool(helper))


@lru_cache(maxsize=64)
def _drawn_by(families: tuple[str, ...], font_set: FontSet) -> frozenset[str]:
    index = _index(font_set)
    return frozenset().union(
        *(_letters(path, number) for name in families for path, number in index.get(name, ()))
    )


def _helper(missing: set[str]) -> tuple[tuple[str, ...], set[str]]:
    """The machine's family that has most of `missing`, and what it has of them."""
    best: tuple[tuple[str, ...], set[str]] = ((), set())
    for name, files in _index(FontSet(with_system=True)).items():
        found = missing & _letters(*files[0])
        if len(found) > len(best[1]):
            best = ((name,), found)
    return best


@lru_cache(maxsize=MOST_OPEN)
def _index(font_set: FontSet) -> dict[str, list[tuple[str, int]]]:
    files: dict[str, list[tuple[str, int]]] = {}
    for font in opened(font_set).fonts():
        if font.path:
            files.setdefault(font.family, []).append((font.path, font.index))
    return files


@lru_cache(maxsize=512)
def _letters(path: str, number: int) -> frozenset[str]:
    """The letters a font file has glyphs for; none if fontTools cannot read it."""
    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            return frozenset(map(chr, font.getBestCmap() or {}))
    except (TTLibError, OSError):
        return frozenset()
