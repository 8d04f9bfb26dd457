"""A logo as somebody uploads it, made into a small clean PNG. It is decoded in the sandbox and written anew:
only pixels are left of the file, no place where a photograph was taken, no second file behind it, no script.
"""

import io
import struct
from dataclasses import dataclass, field

from PIL import Image

from generation import rasters, sandbox
from generation.compositor.fonts import TYPEFACES
from generation.sandbox import Exhausted, FileRefused

from . import svg_rendering

MOST_BYTES = 10_000_000
MOST_PIXELS = 36_000_000
SIDE = svg_rendering.SIDE  # pixels of the longer side, at most
SMALLEST = 16
FAINTEST = 8  # of 255: less than this opaque is nothing
SIZE = struct.Struct(">II")
UNKNOWN = "This is no picture that can be read here. PNG, JPEG, WebP or SVG is."


@dataclass(frozen=True)
class Logo:
    """A logo's pixels as PNG, cut to what is drawn; its sides in pixels."""

    png: bytes = field(repr=False)
    width: int
    height: int


def read(data: bytes, asker: str = "") -> Logo:
    """The logo in an uploaded PNG, JPEG, WebP or SVG file. Raises FileRefused with a sentence for the person.

    asker: whose turn in the sandbox it is.
    """
    if not data:
        raise FileRefused("This file is empty.")
    if len(data) > MOST_BYTES:
        raise FileRefused(f"This file has {len(data) / 1e6:.0f} MB; {MOST_BYTES // 10**6} MB are the most.")
    try:
        return encoded(sandbox.read(pixels, data, reads=[TYPEFACES], asker=asker))
    except Exhausted as error:
        if _is_text(data):
            raise FileRefused("This SVG is too intricate to draw. Export the logo as a PNG.") from error
        raise FileRefused("This picture takes too long to open. Save it again, smaller.") from error


def pixels(data: bytes) -> bytes:
    """In the sandbox: width, height and the pixels in RGBA of the logo in a file. Raises FileRefused."""
    if data[:2] == b"\x1f\x8b":
        raise FileRefused("This is a compressed file (SVGZ, perhaps). Save it as a plain SVG or as a PNG.")
    image = _cut(_opened(_drawn(data) if _is_text(data) else data))
    return SIZE.pack(*image.size) + image.tobytes()


def encoded(packed: bytes) -> Logo:
    """What `pixels` says, as PNG. Whatever it says is only pixels."""
    width, height = SIZE.unpack_from(packed)
    image = Image.frombytes("RGBA", (width, height), packed[SIZE.size :])
    data = io.BytesIO()
    image.save(data, "PNG")
    return Logo(data.getvalue(), width, height)


def _is_text(data: bytes) -> bool:
    return data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _drawn(data: bytes) -> bytes:
    if b"<svg" not in data and b":svg" not in data:
        raise FileRefused(
            "This is a web page or another kind of text, not a logo. PNG, JPEG, WebP or SVG is."
        )
    return svg_rendering.drawn(data)


def _opened(data: bytes) -> Image.Image:
    """What is too large or too small is refused by its header, before any pixel is decoded."""
    told = rasters.header(data, SIDE, UNKNOWN)
    _refuse_size(told.width, told.height)
    return rasters.opened(data, SIDE).whole


def _refuse_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise FileRefused(
            f"This picture has {width} × {height} pixels, too many for a logo. {SIDE} on the longer side do."
        )
    if min(width, height) < 2 or max(width, height) < SMALLEST:
        raise FileRefused(f"This picture has only {width} × {height} pixels, too few for a logo.")


def _cut(image: Image.Image) -> Image.Image:
    """Without the empty margin around what is drawn."""
    whole = image.convert("RGBA")
    box = whole.getchannel("A").point(lambda alpha: 255 * (alpha >= FAINTEST)).getbbox()
    if box is None:
        raise FileRefused("There is nothing to see in this picture: all of it is transparent.")
    return whole.crop(box)
