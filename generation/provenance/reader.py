"""Reading marks back out of a file, by the formats' specifications and with no code of the writer's."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

SIGNATURE = b"\x89PNG\r\n\x1a\n"
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
        return self.digital_source_type.endswith("/trainedAlgorithmicMedia")


def read_marks(data: bytes) -> Marks | None:
    """The marks in a PNG file; None when it carries no XMP packet.

    Raises ValueError for what is no PNG, is damaged, or whose packet is not plain XML.
    """
    packets = [found for found in map(_packet, _international_texts(data)) if found is not None]
    return _parse(packets[0]) if packets else None


def _international_texts(data: bytes) -> Iterator[bytes]:
    """The content of every iTXt chunk (PNG specification, 5.3 and 11.3.3.4), checksums verified."""
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG file")
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
