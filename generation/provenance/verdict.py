"""What a file says of its making, and how far to believe it. For files from anywhere: read, never trusted."""

import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from . import manifest
from .detection import detect
from .manifest import Statement
from .reader import Marks, read_marks
from .studio import Studio, studio

LARGEST_FILE = 32 * 1024 * 1024  # bytes
LARGEST_PICTURE = 64_000_000  # pixels: the largest that is exported is A3 at 300 dpi with bleed
SMALLEST_PICTURE = 250 * 250  # pixels: a smaller one may not have held the watermark even when it was whole
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
AI_TERMS = ("/trainedAlgorithmicMedia", "/compositeWithTrainedAlgorithmicMedia")
NO_STATEMENT = Statement()


class Finding(StrEnum):
    """What can be said of a file. In the first alone it was made here: both marks of the studio's can be
    copied from a file of ours into one that is not, and only a signature that fits shows that they were not.
    """

    OURS = "ours"
    """Our signature is in it and fits: every byte is as it left."""
    MISMATCH = "mismatch"
    """Our signature is in it, made for other bytes: it was changed since, or the signature was copied."""
    WATERMARKED = "watermarked"
    """Our watermark is in it, and no signature of ours: it was saved again since, or the mark was copied."""
    STRANGER = "stranger"
    """Whole, and signed by somebody whom this studio does not know."""
    BROKEN = "broken"
    """It carries a signature that does not hold, and nothing of ours."""
    UNSIGNED = "unsigned"
    """It says that it was made with AI, as anybody can write."""
    UNMARKED = "unmarked"
    UNREADABLE = "unreadable"


SIGNED_HERE = {"ours": Finding.OURS, "changed": Finding.MISMATCH}
SIGNED_ELSEWHERE = {"stranger": Finding.STRANGER, "broken": Finding.BROKEN}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a file. `watermark` is None where there are no pixels to look at, or too few."""

    finding: Finding
    media_type: str = ""
    statement: Statement = NO_STATEMENT
    marks: Marks | None = None
    watermark: bool | None = None

    @property
    def is_ours(self) -> bool:
        return self.finding == Finding.OURS

    @property
    def says_made_with_ai(self) -> bool:
        said = [*self.statement.source_types, self.marks.digital_source_type if self.marks else ""]
        return any(term.endswith(AI_TERMS) for term in said)


def verify(data: bytes) -> Verdict:
    """Look for every mark in `data`: PNG, JPEG, WebP or PDF of at most LARGEST_FILE bytes.

    Raises nothing for what somebody may have put into a file, and StudioError when the studio's own secrets
    cannot be used. It takes about a second; for files from strangers use `inspection.inspect`, which bounds
    time and memory too.
    """
    here = studio()
    media_type = _media_type(data)
    if not media_type or len(data) > LARGEST_FILE:
        return Verdict(Finding.UNREADABLE, media_type)
    statement, marks = manifest.read(data, media_type, here), _marks(data)
    watermark = None
    if media_type in FORMATS:
        try:
            watermark = _has_watermark(data, media_type, here)
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            # No picture any more, but what it says of itself may still tell whose it was.
            if statement.standing == "none":
                return Verdict(Finding.UNREADABLE, media_type)
    return Verdict(_finding(statement, marks, watermark), media_type, statement, marks, watermark)


def _media_type(data: bytes) -> str:
    """By its first bytes: names and types that come with a file are only claims."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), "")


def _has_watermark(data: bytes, media_type: str, here: Studio) -> bool | None:
    with Image.open(io.BytesIO(data), formats=[FORMATS[media_type]]) as image:
        if image.width * image.height > LARGEST_PICTURE:
            raise Image.DecompressionBombError("too many pixels")
        found = detect(image, here.watermark).found
        return None if not found and image.width * image.height < SMALLEST_PICTURE else found


def _marks(data: bytes) -> Marks | None:
    try:
        return read_marks(data)
    except ValueError:
        return None


def _finding(statement: Statement, marks: Marks | None, watermark: bool | None) -> Finding:
    if statement.standing in SIGNED_HERE:
        return SIGNED_HERE[statement.standing]
    if watermark:
        return Finding.WATERMARKED
    if statement.standing in SIGNED_ELSEWHERE:
        return SIGNED_ELSEWHERE[statement.standing]
    return Finding.UNSIGNED if marks and marks.says_made_with_ai else Finding.UNMARKED
