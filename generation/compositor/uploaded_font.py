"""A font file as somebody uploads it: looked at before any of it is trusted.

All of that happens in the sandbox: a character map of a few bytes may claim billions of letters. The table
directory is checked against the file first (OpenType 1.9, "Font File"). What is kept is a new file of those
tables that a font is made of, and of nothing that stood between or behind them.
"""

import io
import json
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import typst
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

from generation import sandbox
from generation.sandbox import Broken, Exhausted, FileRefused

MOST_BYTES = 5_000_000
MOST_TABLES = 64
NEEDED = {"cmap", "head", "hhea", "hmtx", "maxp", "name"}
OUTLINES = {"glyf", "CFF ", "CFF2"}
# What outlines, their hints and variations, metrics and the joining of letters need.
KEPT = NEEDED | OUTLINES | {"OS/2", "post", "loca", "cvt ", "fpgm", "prep", "gasp", "vhea", "vmtx", "VORG"}
KEPT |= {"GDEF", "GPOS", "GSUB", "BASE", "kern", "COLR", "CPAL"}
KEPT |= {"fvar", "gvar", "avar", "cvar", "HVAR", "VVAR", "MVAR", "STAT"}
KINDS = {b"\x00\x01\x00\x00": "ttf", b"true": "ttf", b"OTTO": "otf"}
OTHERS = {
    b"ttcf": "This is a collection of fonts. Upload one font of it, as TTF or OTF.",
    b"wOFF": "This is a web font (WOFF). Upload the TTF or OTF that it was made from.",
    b"wOF2": "This is a web font (WOFF2). Upload the TTF or OTF that it was made from.",
}
# OS/2.fsType, "Embedding licensing rights"
RESTRICTED, BITMAPS_ONLY, NO_SUBSET = 0x0002, 0x0200, 0x0100
USES = 0x000E  # which of restricted, preview and print, editable; the least restrictive holds
LONGEST_NAME = 80
MOST_DRAWN = 300
MOST_PARTS, MOST_DEEP = 200, 8  # of a glyph; an honest one has five in two layers
BROKEN = "This font is damaged. Export it again, or ask whoever made it."


@dataclass(frozen=True)
class UploadedFont:
    """family: as typesetting asks for it; style: for instance "Bold Italic"; kind: ttf or otf."""

    data: bytes = field(repr=False)
    family: str
    style: str
    kind: str


def read(data: bytes, asker: str = "") -> UploadedFont:
    """The font in an uploaded TTF or OTF file. Raises FileRefused with a sentence for the person.

    asker: whose turn in the sandbox it is.
    """
    if not data:
        raise FileRefused("This file is empty.")
    if len(data) > MOST_BYTES:
        raise FileRefused(f"This font has {len(data) / 1e6:.1f} MB; {MOST_BYTES // 10**6} MB are the most.")
    # Typst looks for fonts in folders, and in the sandbox none can be made.
    with tempfile.TemporaryDirectory(prefix="handbill-font-") as folder:
        _write(Path(folder, "font.ttf"), data)
        try:
            answer = sandbox.read(inspected, f"{folder}\0".encode() + data, reads=[Path(folder)], asker=asker)
        except Exhausted as error:
            raise FileRefused(BROKEN) from error
    facts, _, kept = answer.partition(b"\0")
    return UploadedFont(data=kept, **json.loads(facts))


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Broken(f"a font cannot be put aside to be read: {error.strerror}") from error


def _check_directory(data: bytes) -> None:
    """Each table lies inside the file, and those that every font has are there."""
    if data[:4] not in KINDS:
        raise FileRefused(OTHERS.get(data[:4], "This is not a font. A file that ends in .ttf or .otf is."))
    if len(data) < 12:
        raise FileRefused(BROKEN)
    (count,) = struct.unpack_from(">H", data, 4)
    if not 0 < count <= MOST_TABLES or 12 + 16 * count > len(data):
        raise FileRefused(BROKEN)
    rows = [struct.unpack_from(">4sIII", data, 12 + 16 * place) for place in range(count)]
    if any(offset + length > len(data) for _, _, offset, length in rows):
        raise FileRefused(
            "This font claims to be larger than its file. Export it again, or ask whoever made it."
        )
    if sum(length for *_, length in rows) > 2 * len(data):
        raise FileRefused(BROKEN)
    tags = {tag.decode("latin-1") for tag, *_ in rows}
    if len(tags) < count or not tags >= NEEDED or not tags & OUTLINES:
        raise FileRefused("This font has no letters that can be drawn, or lacks a part that every font has.")


def inspected(message: bytes) -> bytes:
    """In the sandbox: family, style and kind as JSON, and the font anew, for the folder that a font lies in
    and the font. Raises FileRefused.
    """
    folder, _, data = message.partition(b"\0")
    _check_directory(data)
    try:
        with TTFont(io.BytesIO(data), checkChecksums=0) as font:
            _check_rights(font)
            _check_parts(font)
            _draw_some(font)
            style = font["name"].getDebugName(17) or font["name"].getDebugName(2) or ""
        kept = _kept(data)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # fontTools raises whatever it stumbles over, also KeyError
        raise FileRefused(BROKEN) from error
    facts = {"family": _family(folder.decode()), "style": _plain(style), "kind": KINDS[data[:4]]}
    return json.dumps(facts).encode() + b"\0" + kept


def _kept(data: bytes) -> bytes:
    """The font with the tables in KEPT, each as it was."""
    given, made = SFNTReader(io.BytesIO(data)), io.BytesIO()
    tags = [tag for tag in given.tables if tag in KEPT]
    writer = SFNTWriter(made, len(tags), given.sfntVersion)
    for tag in tags:
        writer[tag] = given[tag]
    writer.close()
    return made.getvalue()


def _check_rights(font: TTFont) -> None:
    rights = font["OS/2"].fsType if "OS/2" in font else 0
    if rights & USES == RESTRICTED or rights & BITMAPS_ONLY:
        raise FileRefused(
            "The maker of this font does not allow it to be embedded in files. Ask them for a licence "
            "that does, and for the font that comes with it."
        )
    if rights & NO_SUBSET:
        raise FileRefused(
            "The maker of this font allows it to be embedded only whole, which no PDF here can do."
        )


class _Outline(BasePen):  # type: ignore[misc] # fontTools says nothing of its types
    """Goes along every line of a glyph, those of its parts included, and draws nothing."""

    def _moveTo(self, point: object) -> None: ...

    def _lineTo(self, point: object) -> None: ...

    def _curveToOne(self, *points: object) -> None: ...


def _draw_some(font: TTFont) -> None:
    """The outlines of some letters, which fails where they are damaged."""
    letters = font.getBestCmap() or {}
    glyphs = font.getGlyphSet()
    if not letters:
        raise FileRefused("This font has no letters.")
    pen = _Outline(glyphs)
    for letter in sorted(letters)[:MOST_DRAWN]:
        glyphs[letters[letter]].draw(pen)


def _check_parts(font: TTFont) -> None:
    """No glyph is a part of itself, nor has parts of parts without number: Typst draws in the web process."""
    counted: dict[str, int] = {}

    def count(name: str, above: tuple[str, ...]) -> int:
        if name in above or len(above) > MOST_DEEP:
            raise FileRefused(BROKEN)
        if name not in counted:
            parts = font["glyf"][name].getComponentNames(font["glyf"])
            counted[name] = 1 + sum(count(part, (*above, name)) for part in parts)
        if counted[name] > MOST_PARTS:
            raise FileRefused(BROKEN)
        return counted[name]

    for name in font.getGlyphOrder() if "glyf" in font else ():
        count(name, ())


def _family(folder: str) -> str:
    """The family of the font in a folder as Typst names it, which is what a layout asks for."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).fonts()
    family = fonts[0].family.strip() if fonts else ""
    if not family or family != _plain(family):
        raise FileRefused("This font has no name. Give it one, or ask whoever made it.")
    return family


def _plain(name: str) -> str:
    return "".join(letter for letter in name.strip()[:LONGEST_NAME] if letter.isprintable())
