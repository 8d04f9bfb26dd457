"""What a file says of its making, and how far to believe it. For files from anywhere: read, never trusted."""

import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from generation import rasters

from . import manifest
from .detection import LARGEST_SIDE, detect, grey
from .manifest import Statement
from .reader import Marks, read_marks
from .signing_identity import Authorities
from .watermark import WatermarkKey

LARGEST_FILE = 32 * 1024 * 1024  # bytes
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


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen in a file without any secret; no `statement` in what cannot be read. `grey`: as much of
    its picture as a watermark is looked for in; `pixels`: of the picture as it came.
    """

    media_type: str = ""
    statement: Statement | None = None
    marks: Marks | None = None
    grey: Image.Image | None = None
    pixels: int = 0


def look(data: bytes, known: Authorities) -> Sight:
    """Read all that a file says, knowing whose signature is ours: PNG, JPEG, WebP or PDF of at most
    LARGEST_FILE bytes. Raises nothing for what somebody may have put into it.
    """
    media_type = _media_type(data)
    if not media_type or len(data) > LARGEST_FILE:
        return Sight(media_type)
    statement, marks = manifest.read(data, media_type, known), _marks(data)
    if media_type not in FORMATS:
        return Sight(media_type, statement, marks)
    try:
        return Sight(media_type, statement, marks, *_grey(data, media_type))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        # No picture any more, but what it says of itself may still tell whose it was.
        return Sight(media_type) if statement.standing == "none" else Sight(media_type, statement, marks)


def is_marked(grey: Image.Image, key: WatermarkKey) -> bool:
    return detect(grey, key).found


def judge(seen: Sight, marked: bool) -> Verdict:
    """What to say of a file in which this was seen, `marked` if the watermark was."""
    if seen.statement is None:
        return Verdict(Finding.UNREADABLE, seen.media_type)
    watermark = marked if seen.grey and (marked or seen.pixels >= SMALLEST_PICTURE) else None
    finding = _finding(seen.statement, seen.marks, watermark)
    return Verdict(finding, seen.media_type, seen.statement, seen.marks, watermark)


def _media_type(data: bytes) -> str:
    """By its first bytes: names and types that come with a file are only claims."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS.items() if data.startswith(beginning)), "")


def _grey(data: bytes, media_type: str) -> tuple[Image.Image, int]:
    """The picture in grey, and how many pixels it had."""
    told = rasters.header(data, LARGEST_SIDE)
    with Image.open(io.BytesIO(data), formats=[FORMATS[media_type]]) as image:
        if told.memory() > rasters.MOST_MEMORY:
            image.draft(None, (LARGEST_SIDE, LARGEST_SIDE))
        return grey(image), told.pixels


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
