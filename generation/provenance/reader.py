"""Reading marks back out of a file, by the formats' specifications and with no code of the writer's."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

SIGNATURE = b"\x89PNG\r\n\x1a\n"
APP1, START_OF_SCAN = 0xE1, 0xDA
JPEG_NAME = b"http://ns.adobe.com/xap/1.0/\0"
KEYWORD = b"XML:com.adobe.xmp\0"
LARGEST_PACKET = 1 << 20
XMP = "{http://ns.adobe.com/xap/1.0/}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a file says about its making; empty where it says nothing."""

    digital_source_type: str = ""
    creator_tool: str = ""
    ai_system: str = ""
    ai_system_version: str = ""

    @property
    def says_made_with_ai(self) -> bool:
        """Wholly, or as a part of a composite: IPTC digital source types."""
        return self.digital_source_type.lower().endswith("trainedalgorithmicmedia")


def read_marks(data: bytes) -> Marks | None:
    """The marks in a PNG, JPEG, WebP or PDF file; None when it carries no XMP packet.

    Raises ValueError for what is none of these, is damaged, or whose packet is not plain XML.
    """
    packet = next(_packets(data), None)
    return None if packet is None else _parse(packet)


def _packets(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        yield from _webp_packets(data)
    elif data.startswith(b"\xff\xd8"):
        yield from _jpeg_packets(data)
    elif data.startswith(b"%PDF-"):
        yield from _plain_packets(data)
    else:
        yield from (found for found in map(_packet, _international_texts(data)) if found is not None)


def _jpeg_packets(data: bytes) -> Iterator[bytes]:
    """The content of every APP1 segment that begins with XMP's name (ITU-T T.81, B.1.1.4; ISO 16684-3)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != START_OF_SCAN:
        size = int.from_bytes(data[at + 2 : at + 4])
        if size < 2 or at + 2 + size > len(data):
            raise ValueError("a damaged JPEG file")
        if data[at + 1] == APP1 and data.startswith(JPEG_NAME, at + 4):
            yield data[at + 4 + len(JPEG_NAME) : at + 2 + size]
        at += 2 + size


def _plain_packets(data: bytes) -> Iterator[bytes]:
    """Every packet that stands in the file as it is: so may programs find it that do not know the format
    (ISO 16684-1, 7.3).
    """
    begin = data.find(b"<?xpacket begin=")
    while begin >= 0 and (end := data.find(b"<?xpacket end=", begin, begin + LARGEST_PACKET)) >= 0:
        yield data[begin : data.find(b"?>", end) + 2]
        begin = data.find(b"<?xpacket begin=", end)


def _webp_packets(data: bytes) -> Iterator[bytes]:
    """The content of every chunk `XMP ` (WebP container specification: fourcc, size, content, padded to
    even).
    """
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ValueError("a damaged WebP file")
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise ValueError("a damaged WebP file")
        if data[at : at + 4] == b"XMP ":
            yield data[at + 8 : at + 8 + size][:LARGEST_PACKET]
        at += 8 + size + size % 2


def _international_texts(data: bytes) -> Iterator[bytes]:
    """The content of every iTXt chunk (PNG specification, 5.3 and 11.3.3.4), checksums verified."""
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG, JPEG, WebP or PDF file")
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(body)):
            raise ValueError("a damaged PNG file")
        if body.startswith(b"iTXt"):
            yield body[4:]
        at += 12 + length


def _packet(text: bytes) -> bytes | None:
    """The XMP packet of an iTXt chunk: keyword, compression flag and method, language, translated keyword,
    text.
    """
    if not text.startswith(KEYWORD):
        return None
    compressed, rest = text[len(KEYWORD)], text[len(KEYWORD) + 2 :]
    _language, _, rest = rest.partition(b"\0")
    _translated, _, packet = rest.partition(b"\0")
    if not compressed:
        return packet[:LARGEST_PACKET]
    return zlib.decompressobj().decompress(packet, LARGEST_PACKET)


def _parse(packet: bytes) -> Marks:
    # A document type could define entities that grow without end; XMP has none.
    if b"<!DOCTYPE" in packet:
        raise ValueError("an XMP packet with a document type")
    try:
        root = ElementTree.fromstring(packet)
    except ElementTree.ParseError as error:
        raise ValueError("an XMP packet that is not XML") from error
    return Marks(
        digital_source_type=_property(root, f"{IPTC}DigitalSourceType"),
        creator_tool=_property(root, f"{XMP}CreatorTool"),
        ai_system=_property(root, f"{IPTC}AISystemUsed"),
        ai_system_version=_property(root, f"{IPTC}AISystemVersionUsed"),
    )


def _property(root: ElementTree.Element, name: str) -> str:
    """A simple property, which RDF lets be written as an attribute or as an element."""
    for description in root.iter(f"{RDF}Description"):
        if name in description.attrib:
            return description.attrib[name]
        if (element := description.find(name)) is not None:
            return element.get(f"{RDF}resource") or (element.text or "").strip()
    return ""
