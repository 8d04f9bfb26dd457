"""Pictures in few bytes that ask for much memory or time."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache

from PIL import Image

MEGABYTE = 1 << 20
BEGIN = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def packed_zeros(count: int) -> bytes:
    """`count` bytes of nothing as zlib packs them (RFC 1950), a thousandth of their size."""
    packer = zlib.compressobj(9, wbits=-15)
    rest = packer.compress(bytes(count % MEGABYTE)) + packer.flush()
    checksum = count % 65521 << 16 | 1  # Adler's, of zeros
    return b"\x78\xda" + packed_megabyte() * (count // MEGABYTE) + rest + struct.pack(">I", checksum)


@cache
def packed_megabyte() -> bytes:
    """A block that knows nothing of the one before."""
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)


def png(
    width: int, height: int, colour: int, depth: int = 8, more: bytes = b"", interlaced: int = 0
) -> bytes:
    """All of it zeros."""
    row = 1 + (width * SAMPLES[colour] * depth + 7) // 8
    palette = chunk(b"PLTE", bytes(6)) if colour == PALETTE else b""
    return (
        BEGIN
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
        + more
        + palette
        + chunk(b"IDAT", packed_zeros(row * height))
        + chunk(b"IEND", b"")
    )


def small_png(more: bytes) -> bytes:
    return png(64, 48, RGB, more=more)


def bomb(chance: random.Random) -> bytes:
    """As many pixels as a form may have, in every way of keeping them: a few kilobytes each."""
    side = chance.choice((3000, 4500, 5900, 9000))
    colour = chance.choice((GREY, RGB, PALETTE, GREY_ALPHA, RGBA))
    return png(side, side, colour, interlaced=chance.randrange(2))


def deep_bomb(chance: random.Random) -> bytes:
    side = chance.choice((2500, 4000, 5500))
    return png(side, side, chance.choice((GREY, RGB, RGBA)), depth=16)


def strip(chance: random.Random) -> bytes:
    """A line of pixels longer than any screen."""
    length, width = chance.randrange(100_000, 30_000_000), chance.randrange(1, 4)
    return png(
        *((length, width) if chance.random() < 0.5 else (width, min(length, 3_000_000))), GREY, depth=1
    )


def claimed(chance: random.Random) -> bytes:
    """Dimensions that nobody has the pixels for."""
    width, height = chance.choice(
        ((2**31 - 1, 2**31 - 1), (65535, 65535), (2**31 - 1, 1), (0, 9), (1 << 30, 4))
    )
    return (
        BEGIN + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"x")
    )


def two_headers(chance: random.Random) -> bytes:
    """The first one is modest, and Pillow believes the last one."""
    side = chance.choice((8000, 20_000))
    large = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    return small_png(large) if chance.random() < 0.5 else small_png(b"")[:-12] + large


def text_bomb(chance: random.Random) -> bytes:
    """Words that grow a thousandfold when they are unpacked."""
    packed = packed_zeros(chance.randrange(20, 120) * 1_000_000)
    kinds = (
        chunk(b"zTXt", b"Comment\0\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed),
        chunk(b"iCCP", b"sRGB\0\0" + packed),
    )
    return small_png(chance.choice(kinds) * chance.choice((1, 3)))


def many_chunks(chance: random.Random) -> bytes:
    name = chance.choice((b"tEXt", b"IDAT", b"zTXt", b"prVt"))
    return small_png(chunk(name, b"a\0\0") * chance.randrange(30_000, 300_000))


def _film(form: str, frames: int, side: int) -> bytes:
    pictures = [Image.new("RGB", (side, side), (number % 256, number // 256, 90)) for number in range(frames)]
    data = io.BytesIO()
    pictures[0].save(data, form, save_all=True, append_images=pictures[1:], duration=1)
    return data.getvalue()


def film(chance: random.Random) -> bytes:
    return _film(chance.choice(("PNG", "WEBP", "GIF")), chance.choice((100, 400)), 24)


def claimed_film(chance: random.Random) -> bytes:
    """Two thousand million frames, says one chunk."""
    return small_png(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)))


def scans(chance: random.Random) -> bytes:
    """A progressive JPEG with one of its scans again and again: each goes over every block of the picture."""
    side = chance.choice((512, 2000, 4000))
    stream = io.BytesIO()
    Image.new("L", (side, side), 128).save(stream, "JPEG", progressive=True, quality=30)
    data = stream.getvalue()
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:-2] + scan * min(chance.choice((40, 1000, 6000)), 9_000_000 // len(scan)) + b"\xff\xd9"


def claimed_jpeg(chance: random.Random) -> bytes:
    """Baseline or progressive, of any dimensions that its two bytes can say."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "JPEG", progressive=chance.random() < 0.5)
    data = bytearray(stream.getvalue())
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    struct.pack_into(
        ">HH", data, frame + 5, chance.choice((6000, 30_000, 65_500)), chance.choice((6000, 65_500))
    )
    return bytes(data)


def segments(chance: random.Random) -> bytes:
    """Empty segments without end, or sixty thousand bytes of EXIF again and again."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(stream, "JPEG")
    one = chance.choice(
        (b"\xff\xe1\0\2", b"\xff\xff\xff\xff", b"\xff\xe1\xea\x62Exif\0\0MM\0*" + bytes(59_988))
    )
    return b"\xff\xd8" + one * (2_000_000 // len(one)) + stream.getvalue()[2:]


def exif_that_turns(chance: random.Random) -> bytes:
    """Directories of EXIF that point at themselves, and counts of four thousand million."""
    entry = struct.pack(">HHII", 0x8769, 4, chance.choice((1, 2**32 - 1)), 8)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + entry + struct.pack(">HHII", 0x0112, 3, 2**32 - 1, 8) + bytes(4)
    stream = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def profile(chance: random.Random) -> bytes:
    """An ICC profile of noise with a true beginning, or one whose tags claim all memory."""
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    struct.pack_into(">I", made, 128, chance.choice((100, 2**31, 2**32 - 1)))
    for _ in range(chance.choice((0, 40))):
        made[chance.randrange(132, len(made))] = chance.randrange(256)
    data = io.BytesIO()
    Image.new("RGBA", (64, 64), "teal").save(data, "PNG", icc_profile=bytes(made))
    return data.getvalue()


def webp_claims(chance: random.Random) -> bytes:
    width, height = chance.choice(((16384, 16384), (16_777_216, 200), (4000, 9000)))
    canvas = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "WEBP")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + stream.getvalue()[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_bomb(chance: random.Random) -> bytes:
    return _one_colour(chance.choice((3000, 6000)))


@cache
def _one_colour(side: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (side, side)).save(stream, "WEBP", lossless=True, quality=0, method=0)
    return stream.getvalue()


def boxes(chance: random.Random) -> bytes:
    """C2PA's boxes, nested without end or larger than the file."""
    nested = struct.pack(">I4s", chance.choice((8, 0, 2**31)), b"jumb") * chance.choice((500, 100_000))
    return small_png(chunk(b"caBX", nested))


def xmp(chance: random.Random) -> bytes:
    """A packet whose entities laugh, or that is nested a hundred thousand deep."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    words = chance.choice((f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a9;</x>', "<a>" * 200_000))
    return small_png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + words.encode()))


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "PNG bomb": bomb,
    "PNG bomb of 16 bits": deep_bomb,
    "PNG of one line": strip,
    "PNG that claims": claimed,
    "PNG with two headers": two_headers,
    "PNG with a text bomb": text_bomb,
    "PNG of chunks": many_chunks,
    "film": film,
    "film that claims": claimed_film,
    "JPEG of scans": scans,
    "JPEG that claims": claimed_jpeg,
    "JPEG of segments": segments,
    "EXIF in circles": exif_that_turns,
    "ICC profile": profile,
    "WebP that claims": webp_claims,
    "WebP bomb": webp_bomb,
    "C2PA boxes": boxes,
    "XMP": xmp,
}
