"""A logo as somebody uploads it, made into a small clean PNG: decoded and drawn anew, so that only its pixels
are left of the file: no place where a photograph was taken, no second file behind it, no script.
"""

import io
from dataclasses import dataclass, field

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from generation import sandbox
from generation.sandbox import Exhausted, Refused

from . import svg

MOST_BYTES = 10_000_000
MOST_PIXELS = 36_000_000
SIDE = svg.SIDE  # pixels of the longer side, at most
SMALLEST = 16
FAINTEST = 8  # of 255: less than this opaque is nothing
FORMATS = ("PNG", "JPEG", "WEBP")
SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Logo:
    """A logo's pixels as PNG, cut to what is drawn; its sides in pixels."""

    png: bytes = field(repr=False)
    width: int
    height: int


def read(data: bytes) -> Logo:
    """The logo in an uploaded PNG, JPEG, WebP or SVG file. Raises Refused with a sentence for the person."""
    if not data:
        raise Refused("This file is empty.")
    if len(data) > MOST_BYTES:
        raise Refused(f"This file has {len(data) / 1e6:.0f} MB; {MOST_BYTES // 10**6} MB are the most.")
    if data[:2] == b"\x1f\x8b":
        raise Refused("This is a compressed file (SVGZ, perhaps). Save it as a plain SVG or as a PNG.")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        data = _drawn(data)
    return _encoded(_cut(_flat(_opened(data))))


def _drawn(data: bytes) -> bytes:
    if b"<svg" not in data and b":svg" not in data:
        raise Refused("This is a web page or another kind of text, not a logo. PNG, JPEG, WebP or SVG is.")
    try:
        return sandbox.read(svg.drawn, data)
    except Exhausted as error:
        raise Refused("This SVG is too intricate to draw. Export the logo as a PNG.") from error


def _opened(data: bytes) -> Image.Image:
    """The first frame, decoded; what is too large is refused by its header, before any pixel is."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        _refuse_size(*image.size)
        image.load()
    except Refused:
        raise
    except UnidentifiedImageError as error:
        raise Refused("This is no picture that can be read here. PNG, JPEG, WebP or SVG is.") from error
    except Image.DecompressionBombError as error:
        raise Refused("This picture has too many pixels. Save it smaller.") from error
    except Exception as error:  # Whatever Pillow's decoders raise, which is many things, the file is broken.
        raise Refused("This picture is damaged. Export it again.") from error
    return image


def _refuse_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Refused(
            f"This picture has {width} × {height} pixels, too many for a logo. {SIDE} on the longer side do."
        )
    if min(width, height) < 2 or max(width, height) < SMALLEST:
        raise Refused(f"This picture has only {width} × {height} pixels, too few for a logo.")


def _flat(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, with transparency kept, no larger than a logo needs."""
    profile = image.info.get("icc_profile")
    has_alpha = image.has_transparency_data
    image = ImageOps.exif_transpose(image)
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS) if image.mode in ("L", "RGB", "RGBA") else None
    alpha = image.convert("RGBA").getchannel("A") if has_alpha else None
    colours = _in_srgb(image, profile)
    if alpha:
        colours.putalpha(alpha)
    colours.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return colours.convert("RGBA")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I"):  # sixteen bits, which Pillow would clip to eight
        return image.convert("I").point(lambda value: value / 257).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, own, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # A broken profile: the colours as they are.
            pass
    return image.convert("RGB")


def _cut(image: Image.Image) -> Image.Image:
    """Without the empty margin around what is drawn."""
    box = image.getchannel("A").point(lambda alpha: 255 * (alpha >= FAINTEST)).getbbox()
    if box is None:
        raise Refused("There is nothing to see in this picture: all of it is transparent.")
    return image.crop(box)


def _encoded(image: Image.Image) -> Logo:
    image.info.clear()
    data = io.BytesIO()
    image.save(data, "PNG")
    return Logo(data.getvalue(), *image.size)
