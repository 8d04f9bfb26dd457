"""The marks a file leaves with: the watermark in its pixels, the XMP packet, and the signed manifest, last.

A file gets all that its format can carry, or is not made at all. docs/marks.md says what each is good for.
"""

import io
from typing import Literal, get_args

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import manifest, xmp
from .facts import MarkFacts
from .manifest import SigningFailed
from .signing_identity import SigningIdentity, SigningIdentityError
from .watermark import embed

PictureType = Literal["image/png", "image/jpeg", "image/webp"]
MediaType = Literal[PictureType, "application/pdf"]
PNG_KEYWORD = "XML:com.adobe.xmp"  # ISO 16684-3, 5.2.6: embedding in PNG
QUALITIES = {"image/webp": 80, "image/jpeg": 92}


class NotMarked(Exception):
    """The file could not get its marks, so it must not leave. The message says why, and nothing of its
    content.
    """


def mark_file(
    data: bytes,
    media_type: MediaType,
    facts: MarkFacts,
    identity: SigningIdentity,
    quality: int | None = None,
) -> bytes:
    """A finished file with the marks of `identity`, as `media_type`.

    A picture may come as PNG, JPEG or WebP, whichever it is to leave as: give a PNG for a JPEG, so that it is
    made smaller once only. quality: of 100, for JPEG and WebP. A PDF stays as it is and must hold pictures
    that were marked before. Raises NotMarked; never returns anything unmarked.
    """
    if media_type == "application/pdf":
        return _signed(_pdf(data, facts), media_type, facts, identity)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotMarked(f"what should be marked is no picture ({type(error).__name__})") from error
    return mark_picture(image, media_type, facts, identity, quality)


def mark_picture(
    image: Image.Image,
    media_type: PictureType,
    facts: MarkFacts,
    identity: SigningIdentity,
    quality: int | None = None,
) -> bytes:
    """`image` as a file with the marks of `identity`, and nothing else that its maker or a pipeline attached
    to it but its resolution.

    The same picture and facts give the same pixels, whose bytes differ in the signature. Raises NotMarked.
    """
    if media_type not in get_args(PictureType):
        raise NotMarked(f"there is no way to mark {media_type}")
    try:
        marked = embed(_plain(image), identity.watermark)
    except SigningIdentityError as error:
        raise NotMarked(str(error)) from error
    quality = quality or QUALITIES.get(media_type, 0)
    encoded = _encoded(marked, media_type, facts, image.info.get("dpi"), quality)
    return _signed(encoded, media_type, facts, identity)


def _plain(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _encoded(
    image: Image.Image, media_type: PictureType, facts: MarkFacts, dpi: object, quality: int
) -> bytes:
    """`image` as a file with the XMP packet."""
    stream, packet = io.BytesIO(), xmp.packet(facts)
    resolution = {"dpi": dpi} if dpi else {}
    image.info.clear()
    if media_type == "image/png":
        chunks = PngInfo()
        chunks.add_itxt(PNG_KEYWORD, packet)
        image.save(stream, "PNG", pnginfo=chunks, **resolution)
    elif media_type == "image/webp":
        image.save(stream, "WEBP", quality=quality, xmp=packet.encode())
    else:
        flat = _on_white(image) if image.mode == "RGBA" else image
        flat.save(stream, "JPEG", quality=quality, subsampling=0, xmp=packet.encode(), **resolution)
    return stream.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _pdf(data: bytes, facts: MarkFacts) -> bytes:
    """The document with our packet as its metadata, in place of what it had: author, dates, file names."""
    # Here: it is a tenth of a second that only who makes documents should wait.
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    stream = io.BytesIO()
    try:
        given = PdfReader(io.BytesIO(data), strict=True)
        document = PdfWriter(clone_from=given)
        document.pdf_header = given.pdf_header
        document.metadata = None
        document.xmp_metadata = xmp.packet(facts).encode()
        document.write(stream)
    except (PyPdfError, ValueError, KeyError, TypeError) as error:
        raise NotMarked(f"what should be marked is no PDF ({type(error).__name__})") from error
    return stream.getvalue()


def _signed(data: bytes, media_type: MediaType, facts: MarkFacts, identity: SigningIdentity) -> bytes:
    try:
        return manifest.sign(data, media_type, facts, identity)
    except (SigningFailed, SigningIdentityError) as error:
        raise NotMarked(str(error)) from error
