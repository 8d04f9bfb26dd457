"""What a picture's first bytes say that decoding it would take, before any of it is decoded.

PNG: third edition, 5. JPEG: ITU-T T.81, annex B. WebP: RFC 9649.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from generation.sandbox import FileRefused

MOST_MEMORY = 170_000_000  # bytes to decode it into
MOST_PIXELS = 64_000_000
MOST_SCANNED = 400_000_000  # pixels in all scans of a progressive JPEG together
MOST_SCANS = 64  # programs write ten or so
MOST_PARTS = 20_000  # chunks or segments; a large PNG has some thousand
MOST_FRAMES = 200
DAMAGED = "This picture is damaged. Export it again."
UNKNOWN = "This is no picture that can be read here. PNG, JPEG or WebP is."
# Bytes that Pillow keeps a pixel in, by PNG's colour type; with 16 bits a grey one is turned round in 4 more.
PNG_BYTES = {0: 1, 2: 4, 3: 1, 4: 4, 6: 4}
DEEP_GREY = 6
# libwebp's animation decoder has two canvases, Pillow a third and a picture.
WEBP_BYTES = 16
COEFFICIENT = 2  # bytes; a progressive JPEG keeps all of them until its end
STARTS_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
START_OF_SCAN, ALONE = 0xDA, {0x01, *range(0xD0, 0xD9)}


@dataclass(frozen=True, slots=True)
class Header:
    """form: PNG, JPEG or WEBP. kept: bytes that a pixel is kept in when it is decoded; held: further ones a
    pixel until all are.
    """

    form: str
    width: int
    height: int
    kept: int
    held: float = 0
    frames: int = 1
    scans: int = 1

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def memory(self, side: int = 0) -> float:
        """Bytes that decoding takes; with `side`, where that is enough of the longer side."""
        smaller = 1
        if self.form == "JPEG" and side:  # the one that can be decoded small
            smaller = max(
                part for part in (1, 2, 4, 8) if part == 1 or max(self.width, self.height) >= part * side
            )
        return self.pixels * (self.held + self.kept / smaller**2)


def header(data: bytes, side: int = 0, unknown: str = UNKNOWN) -> Header:
    """Raises FileRefused for what is no picture, with the sentence `unknown`, and for one that takes too much
    to decode to `side` pixels of the longer side.
    """
    try:
        found = _header(data)
    except (struct.error, IndexError) as error:
        raise FileRefused(DAMAGED) from error
    if found is None:
        raise FileRefused(unknown)
    if not found.pixels:
        raise FileRefused(DAMAGED)
    if found.pixels > MOST_PIXELS or found.memory(side) > MOST_MEMORY:
        raise FileRefused(
            f"This picture has {found.width} × {found.height} pixels, too many. Save it smaller."
        )
    if found.scans > MOST_SCANS or found.scans * found.pixels > MOST_SCANNED:
        raise FileRefused(
            f"This picture is stored in {found.scans} layers, too many. Save it as a plain JPEG."
        )
    if found.frames > MOST_FRAMES:
        raise FileRefused(f"This is a film of {found.frames} pictures. Save one of them.")
    return found


def _header(data: bytes) -> Header | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _png(data: bytes) -> Header:
    frames, first = 1, data[12:16]
    if first != b"IHDR":
        raise FileRefused(DAMAGED)
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    for name, at, _ in _counted(_png_chunks(data)):
        if name == b"acTL":
            frames = max(frames, struct.unpack_from(">I", data, at)[0])
        if name == b"IHDR" and at != 16:
            raise FileRefused(DAMAGED)
    kept = DEEP_GREY if depth == 16 and colour == 0 else PNG_BYTES.get(colour, 4)
    return Header("PNG", width, height, kept, frames=frames)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size of the content of every chunk that lies in the file."""
    at = 8
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        yield name, at + 8, size
        at += 12 + size


def _jpeg(data: bytes) -> Header:
    segments = _counted(_jpeg_segments(data))
    marker, at = next(((marker, at) for marker, at, _ in segments if marker in STARTS_OF_FRAME), (0, 0))
    if not marker:
        raise FileRefused(DAMAGED)
    height, width, components = struct.unpack_from(">HHB", data, at + 1)
    kept = 1 if components == 1 else 4
    if marker not in PROGRESSIVE:
        return Header("JPEG", width, height, kept)
    # Among coded pixels no marker stands but a real one (B.1.1.5).
    scans = data.count(b"\xff\xda", at)
    return Header("JPEG", width, height, kept, COEFFICIENT * _samples(data, at + 6, components), scans=scans)


def _samples(data: bytes, at: int, components: int) -> float:
    """Samples a pixel, of all components: colours are often kept in half the width and height."""
    factors = [data[at + 3 * number + 1] for number in range(components)]
    areas = [(factor >> 4) * (factor & 15) for factor in factors]
    return sum(areas) / max(
        1, max(factor >> 4 for factor in factors) * max(factor & 15 for factor in factors)
    )


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, place and size of the content of every segment before the first scan."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise FileRefused(DAMAGED)
        marker = data[at + 1]
        if marker == START_OF_SCAN:
            return
        if marker == 0xFF or marker in ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        (size,) = struct.unpack_from(">H", data, at + 2)
        yield marker, at + 4, size - 2
        at += 2 + size


def _webp(data: bytes) -> Header:
    sizes, frames = [(0, 0)], 0
    for name, at, _ in _counted(_webp_chunks(data)):
        frames += name == b"ANMF"
        if name in WEBP_SIZES:
            sizes.append(WEBP_SIZES[name](data, at))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Header("WEBP", width, height, WEBP_BYTES, frames=max(1, frames))


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _extended(data: bytes, at: int) -> tuple[int, int]:
    return (
        1 + int.from_bytes(data[at + 4 : at + 7], "little"),
        1 + int.from_bytes(data[at + 7 : at + 10], "little"),
    )


def _lossy(data: bytes, at: int) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, at + 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(data: bytes, at: int) -> tuple[int, int]:
    (bits,) = struct.unpack_from("<I", data, at + 1)
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


WEBP_SIZES = {b"VP8X": _extended, b"VP8 ": _lossy, b"VP8L": _lossless}


def _counted(parts: Iterator) -> Iterator:
    for count, part in enumerate(parts):
        if count > MOST_PARTS:
            raise FileRefused(DAMAGED)
        yield part
