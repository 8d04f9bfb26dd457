"""Fonts whose tables lie, point at themselves or go on without end."""

import io
import random
import struct
from collections.abc import Callable
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.sfnt import SFNTReader

LETTERS = "ABCDEFGH"


@cache
def plain() -> bytes:
    """Eight squares."""
    names = [".notdef", *LETTERS]
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): letter for letter in LETTERS})
    font.setupGlyf({name: _square() for name in names})
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Bread", "styleName": "Regular", "psName": "Bread-Regular"})
    font.setupOS2()
    font.setupPost()
    data = io.BytesIO()
    font.save(data)
    return data.getvalue()


def _square():
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def _tables() -> dict[str, bytes]:
    reader = SFNTReader(io.BytesIO(plain()))
    return {name: reader[name] for name in reader.tables}


def _with(name: str, content: bytes) -> bytes:
    """The plain font with other bytes for a table."""
    return assembled(_tables() | {name: content})


def of_one_glyph(content: bytes, count: int) -> bytes:
    """`glyf` and `loca` for `count` glyphs that are all the same bytes."""
    offsets = [len(content) * number for number in range(count + 1)]
    tables = _tables() | {"glyf": content * count, "loca": struct.pack(f">{count + 1}I", *offsets)}
    head = bytearray(tables["head"])
    struct.pack_into(">h", head, 50, 1)  # long offsets
    return assembled(tables | {"head": bytes(head)})


def assembled(tables: dict[str, bytes]) -> bytes:
    at, rows, body = 12 + 16 * len(tables), b"", b""
    for name, content in sorted(tables.items()):
        rows += struct.pack(">4sIII", name.encode(), 0, at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return b"\x00\x01\x00\x00" + struct.pack(">HHHH", len(tables), 16, 0, 0) + rows + body


def composites(chance: random.Random) -> bytes:
    """Each glyph is made of two of the next, and the last of the first; or each of itself."""
    parts = chance.choice((2, 200))
    target = chance.randrange(len(LETTERS) + 1)
    more, last = struct.pack(">HHbb", 0x0022, target, 0, 0), struct.pack(">HHbb", 0x0002, target, 0, 0)
    glyph = struct.pack(">hhhhh", -1, 0, 0, 500, 500) + more * (parts - 1) + last
    return of_one_glyph(glyph + bytes(-len(glyph) % 4), len(LETTERS) + 1)


def points(chance: random.Random) -> bytes:
    """A glyph that claims as many points as two bytes can say, in a few repeated flags."""
    contours = chance.choice((1, 1000))
    ends = b"".join(struct.pack(">H", 65_534 - contours + number) for number in range(contours))
    flags = b"\x39\xff" * 256
    glyph = struct.pack(">hhhhh", contours, 0, 0, 500, 500) + ends + b"\0\0" + flags
    return of_one_glyph(glyph + bytes(-len(glyph) % 4), len(LETTERS) + 1)


def letters(chance: random.Random) -> bytes:
    """A character map of a few bytes with billions of letters."""
    groups = struct.pack(">III", 0, chance.choice((0x10FFFF, 0xFFFFFFF0)), 1) * chance.choice((1, 50))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups
    return _with("cmap", struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table)


def names(chance: random.Random) -> bytes:
    """Names that overlap sixty thousand times."""
    count = chance.choice((1000, 60_000))
    record = struct.pack(">HHHHHH", 3, 1, 0x409, chance.choice((1, 17)), 60_000, 0)
    return _with("name", struct.pack(">HHH", 0, count, 6) + record * count + bytes(60_000))


def glyph_count(chance: random.Random) -> bytes:
    font = bytearray(plain())
    place = SFNTReader(io.BytesIO(plain())).tables["maxp"].offset + 4
    struct.pack_into(">H", font, place, chance.choice((0, 300, 65_535)))
    return bytes(font)


def noise(chance: random.Random) -> bytes:
    """One table of noise."""
    name = chance.choice(
        ("GSUB", "GPOS", "GDEF", "head", "hmtx", "fpgm", "fvar", "gvar", "COLR", "post", "kern")
    )
    return _with(name, b"\0\1\0\0" + chance.randbytes(chance.choice((40, 4_000, 400_000))))


def large(chance: random.Random) -> bytes:
    """Nearly as large as a font may be."""
    return _with(chance.choice(("GSUB", "JUNK", "cvt ")), bytes(chance.choice((1_000_000, 4_900_000))))


def charstrings(chance: random.Random) -> bytes:
    """CFF: subroutines that call themselves, or that hint without end."""
    body = chance.choice((b"\x8b\x0a" * 50, b"\x8b\x1d" * 1000, b"\x8b\x8b\x01" * 20_000)) + b"\x0e"
    index = struct.pack(">HB", 1, 4) + struct.pack(">II", 1, 1 + len(body)) + body
    content = b"\x01\x00\x04\x04" + index * 4 + bytes(64)
    font = bytearray(_with("CFF ", content))
    font[:4] = b"OTTO"
    return bytes(font)


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "font of composites": composites,
    "font of points": points,
    "font of letters": letters,
    "font of names": names,
    "font that claims": glyph_count,
    "font with noise": noise,
    "font of size": large,
    "font that calls itself": charstrings,
}
