"""Which font files are taken, and what is said about the others."""

import io
import struct

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.sfnt import SFNTReader
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from generation.compositor import uploaded_font
from generation.compositor.fonts import TYPEFACES
from generation.compositor.uploaded_font import read
from generation.sandbox import FileRefused
from tests.hostile import fonts as hostile

LORA = TYPEFACES / "lora" / "Lora_700Bold.ttf"


def built(*, kind: str = "ttf", rights: int = 0, family: str = "Bread Sans", letters: str = "Ab") -> bytes:
    """A tiny font of squares."""
    names = [".notdef", *(f"letter{place}" for place in range(len(letters)))]
    font = FontBuilder(1000, isTTF=kind == "ttf")
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): name for letter, name in zip(letters, names[1:], strict=True)})
    if kind == "ttf":
        font.setupGlyf({name: _square(TTGlyphPen(None)).glyph() for name in names})
    else:
        squares = {name: _square(T2CharStringPen(600, None)).getCharString() for name in names}
        font.setupCFF("BreadSans", {}, squares, {})
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular", "psName": "BreadSans-Regular"})
    font.setupOS2(fsType=rights)
    font.setupPost()
    data = io.BytesIO()
    font.save(data)
    return data.getvalue()


def _square(pen):
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen


def directory_of(data: bytes) -> dict[str, int]:
    """Where in the file each table's row stands."""
    (count,) = struct.unpack_from(">H", data, 4)
    return {data[at : at + 4].decode(): at for at in range(12, 12 + 16 * count, 16)}


def with_row(data: bytes, table: str, *, offset: int | None = None, length: int | None = None) -> bytes:
    """The font with another claim about where a table lies."""
    changed, at = bytearray(data), directory_of(data)[table]
    if offset is not None:
        struct.pack_into(">I", changed, at + 8, offset)
    if length is not None:
        struct.pack_into(">I", changed, at + 12, length)
    return bytes(changed)


def with_cmap(data: bytes, cmap: bytes) -> bytes:
    """The font with a character map of these bytes."""
    font = TTFont(io.BytesIO(data))
    del font["cmap"]
    font["cmap"] = raw = DefaultTable("cmap")
    raw.data = cmap
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def test_a_font_comes_with_its_family_and_style():
    font = read(LORA.read_bytes())
    assert (font.family, font.style, font.kind) == ("Lora", "Bold", "ttf")
    assert drawn(font.data) == drawn(LORA.read_bytes())


def drawn(font: bytes) -> dict[str, bytes]:
    """The tables that letters are drawn from; `head` has a sum over the whole file."""
    reader = SFNTReader(io.BytesIO(font))
    return {tag: reader[tag] for tag in reader.tables if tag in uploaded_font.KEPT and tag != "head"}


def test_what_is_no_part_of_a_font_is_not_kept():
    script = b"<script>alert(1)</script>"
    font = TTFont(io.BytesIO(built()))
    font["JUNK"] = raw = DefaultTable("JUNK")
    raw.data = script
    data = io.BytesIO()
    font.save(data)
    assert script not in read(data.getvalue() + script).data


@pytest.mark.parametrize("kind", ["ttf", "otf"])
def test_truetype_and_postscript_outlines_are_taken(kind):
    font = read(built(kind=kind))
    assert (font.family, font.style, font.kind) == ("Bread Sans", "Regular", kind)


@pytest.mark.parametrize("rights", [0x0000, 0x0004, 0x0008, 0x000C, 0x0006])
def test_a_font_that_may_be_embedded_is_taken(rights):
    """Where several uses are ticked, the least restrictive holds, as the format says."""
    assert read(built(rights=rights)).family == "Bread Sans"


@pytest.mark.parametrize(
    ("rights", "sentence"),
    [(0x0002, "does not allow it to be embedded"), (0x0200, "does not allow"), (0x0100, "only whole")],
)
def test_the_makers_rights_are_respected_and_named(rights, sentence):
    with pytest.raises(FileRefused, match=sentence):
        read(built(rights=rights))


def test_a_font_that_claims_tables_of_10_gigabytes_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(uploaded_font, "TTFont", lambda *_, **__: pytest.fail("read"))
    font = LORA.read_bytes()
    several = font
    for table in ("glyf", "GPOS", "GSUB"):
        several = with_row(several, table, length=0xFFFFFFFF)  # four gigabytes each
        with pytest.raises(FileRefused, match="larger than its file"):
            uploaded_font.inspected(b"\0" + several)
    with pytest.raises(FileRefused, match="larger than its file"):
        uploaded_font.inspected(b"\0" + with_row(font, "glyf", offset=len(font)))


def test_tables_that_lie_over_each_other_are_refused():
    font = LORA.read_bytes()
    for table in list(directory_of(font))[:6]:
        font = with_row(font, table, offset=12, length=len(font) - 12)
    with pytest.raises(FileRefused, match="damaged"):
        read(font)


@pytest.mark.slow
def test_a_character_map_that_claims_billions_of_letters_is_refused():
    groups = struct.pack(">III", 0, 0xFFFFFFF0, 1)
    format_12 = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, 1) + groups
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + format_12
    with pytest.raises(FileRefused, match="damaged"):
        read(with_cmap(built(), cmap))


@pytest.mark.parametrize("parts", [1, 200])
def test_a_letter_that_is_a_part_of_itself_is_refused(parts):
    """Drawing it goes round for ever, and Typst would draw it in the web process."""
    part = struct.pack(">HHbb", 0x0022, 1, 0, 0)
    glyph = struct.pack(">hhhhh", -1, 0, 0, 500, 500) + part * (parts - 1) + b"\0\2" + part[2:]
    with pytest.raises(FileRefused, match="damaged"):
        uploaded_font.inspected(b"\0" + hostile.of_one_glyph(glyph + bytes(-len(glyph) % 4), 9))


@pytest.mark.parametrize("seed", range(4))
def test_a_corrupt_font_is_refused(seed):
    font = bytearray(LORA.read_bytes())
    start = struct.unpack_from(">I", font, directory_of(bytes(font))["glyf"] + 8)[0]
    for place in range(start + seed, start + 40_000, 7):
        font[place] = (font[place] * 31 + seed) % 256
    with pytest.raises(FileRefused, match="damaged"):
        read(bytes(font))


@pytest.mark.slow
def test_a_font_that_was_cut_short_is_refused():
    font = LORA.read_bytes()
    for length in (3, 8, 30, 200, 5000, len(font) - 5000):
        with pytest.raises(FileRefused):
            read(font[:length])


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "is empty"),
        (b"hello, I am a font", "not a font"),
        (b"wOFF" + bytes(60), "web font"),
        (b"wOF2" + bytes(60), "web font"),
        (b"\x00\x01\x00\x00" + bytes(uploaded_font.MOST_BYTES), "5 MB are the most"),
        (b"\x00\x01\x00\x00\x00\x00" + bytes(6), "damaged"),
        (b"\x00\x01\x00\x00\xff\xff" + bytes(60), "damaged"),
    ],
)
def test_what_is_no_font_is_refused_in_a_sentence(file, sentence):
    with pytest.raises(FileRefused, match=sentence):
        read(file)


def test_a_collection_is_refused_with_a_way_out():
    collection, data = TTCollection(), io.BytesIO()
    collection.fonts = [TTFont(LORA), TTFont(LORA)]
    collection.save(data)
    with pytest.raises(FileRefused, match="one font of it"):
        read(data.getvalue())


def test_a_font_without_letters_or_without_a_name_is_refused():
    with pytest.raises(FileRefused, match="no letters"):
        read(built(letters=""))
    with pytest.raises(FileRefused, match="no name"):
        read(built(family=" "))


def test_a_name_that_plays_tricks_is_refused():
    with pytest.raises(FileRefused, match="no name"):
        read(built(family="Lora\u202eevil"))
