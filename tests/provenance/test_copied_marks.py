"""Marks of ours that somebody copied into files of their own: none of those was made here.

Each file is a foreign picture or page, drawn by its number, with the watermark of one of our pictures laid
over it, with the manifest of one of our files put into it, or with both.
"""

import io
import random
import struct
import zlib
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import ExifTags, Image
from pypdf import PdfWriter

from generation.provenance import Finding, SigningIdentity, mark_file, mark_picture
from generation.provenance.marks import MediaType

from .pictures import FACTS, TYPES, cloudy, opened, saved
from .unguarded import verify

SIDE = 192
FORMS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
PDF: MediaType = "application/pdf"
WAYS = ("watermark", "manifest", "both", "manifest", "manifest", "manifest")
PADDING = b"\x63pad\x59"  # in the signature: the key "pad" and the beginning of a byte string (CBOR)


@pytest.fixture(scope="module")
def ours(studio: SigningIdentity) -> dict[str, bytes]:
    """A file of ours in every container."""
    # How well a key is found differs from key to key.
    (studio.folder / "watermark.key").write_text("07" * 32)
    files = {kind: mark_picture(plain(), kind, FACTS, studio) for kind in TYPES}
    return files | {PDF: mark_file(page("Ours"), PDF, FACTS, studio)}


def plain() -> Image.Image:
    return cloudy(SIDE, SIDE, seed=1)


def page(title: str) -> bytes:
    stream, document = io.BytesIO(), PdfWriter()
    document.add_blank_page(100, 100 + len(title))
    document.write(stream)
    return stream.getvalue()


def manifest_of(png: bytes) -> bytes:
    """The manifest store, out of the chunk caBX."""
    size = int.from_bytes(png[33:37])
    return png[41 : 41 + size]


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def segment(store: bytes, number: int = 1) -> bytes:
    body = b"JP\x02\x11" + struct.pack(">I", number) + store
    return b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body


def with_manifest(data: bytes, media_type: str, store: bytes) -> bytes:
    match media_type:
        case "image/png":
            return data[:33] + chunk(b"caBX", store) + data[33:]
        case "image/jpeg":
            return data[:20] + segment(store) + data[20:]
        case "image/webp":
            more = b"C2PA" + struct.pack("<I", len(store)) + store + b"\0" * (len(store) % 2)
            return data[:4] + struct.pack("<I", len(data) - 8 + len(more)) + data[8:] + more
    raise AssertionError(media_type)


def with_watermark(picture: Image.Image, ours: bytes) -> Image.Image:
    residue = np.asarray(opened(ours), np.int16) - np.asarray(plain(), np.int16)
    return Image.fromarray(np.clip(np.asarray(picture, np.int16) + residue, 0, 255).astype(np.uint8))


def forged(number: int, ours: dict[str, bytes]) -> bytes:
    media_type, way = TYPES[number % 3], WAYS[number // 3 % 6]
    # Too small for the watermark where it is not laid over: that saves the time to look for it.
    side = 24 if way == "manifest" else SIDE
    picture = cloudy(side, side, seed=1000 + number)
    if way != "manifest":
        picture = with_watermark(picture, ours["image/png"])
    data = saved(picture, FORMS[media_type], **({} if media_type == "image/png" else {"quality": 95}))
    return data if way == "watermark" else with_manifest(data, media_type, manifest_of(ours["image/png"]))


def forged_page(number: int, ours: dict[str, bytes]) -> bytes:
    """Our document with other pages, of the same length to the byte."""
    chance = random.Random(number)
    return ours[PDF].replace(b"MediaBox[0 0 100 104]", b"MediaBox[0 0 %d 104]" % chance.randrange(101, 999))


@pytest.mark.parametrize("media_type", [*TYPES, PDF])
def test_our_own_files_as_they_left_were_made_here(
    ours: dict[str, bytes], media_type: str, studio: SigningIdentity
) -> None:
    assert verify(ours[media_type], studio).finding == Finding.OURS


@pytest.mark.slow
def test_of_fifty_files_with_copied_marks_none_was_made_here(
    ours: dict[str, bytes], studio: SigningIdentity
) -> None:
    files = [forged(number, ours) for number in range(40)]
    files += [forged_page(number, ours) for number in range(10)]
    found = Counter(verify(data, studio).finding for data in files)
    assert found.keys() == {Finding.MISMATCH, Finding.WATERMARKED}
    assert found[Finding.WATERMARKED] == 9  # else the watermark was not copied well enough to be a test


def squeezed(store: bytes, spare: int) -> bytes:
    """The manifest with `spare` bytes of its unsigned padding taken out, still valid."""
    at = store.index(PADDING) + len(PADDING)
    left = int.from_bytes(store[at : at + 2]) - spare
    smaller = bytearray(store[:at] + left.to_bytes(2) + store[at + 2 + spare :])
    for box in boxes_around(store, at):
        smaller[box : box + 4] = (int.from_bytes(store[box : box + 4]) - spare).to_bytes(4)
    return bytes(smaller)


def boxes_around(store: bytes, at: int) -> Iterator[int]:
    """Where each box begins that holds the place `at`, the outermost first (ISO 19566-5)."""
    box = 0
    while box < at:
        size = int.from_bytes(store[box : box + 4])
        if at < box + size:
            yield box
            box += 8 if store[box + 4 : box + 8] == b"jumb" else size
        else:
            box += size


def test_what_stands_in_the_gap_that_the_signature_leaves_was_not_signed(
    ours: dict[str, bytes], studio: SigningIdentity
) -> None:
    """The hash leaves out all from the first to the last segment of a JPEG's manifest."""
    data = ours["image/jpeg"]
    size = int.from_bytes(data[22:24])
    store = data[32 : 22 + size]
    turn = Image.Exif()
    turn[ExifTags.Base.Orientation] = 3
    foreign = b"\xff\xe1" + struct.pack(">H", len(turn.tobytes()) + 2) + turn.tobytes()
    again = store[:8]  # every further segment of a manifest repeats the box's header
    smaller = squeezed(store, len(foreign) + len(segment(again)))
    gap = segment(smaller[:1500]) + foreign + segment(again + smaller[1500:], number=2)
    forged = data[:20] + gap + data[22 + size :]
    assert len(forged) == len(data)
    assert opened(forged).getexif()[ExifTags.Base.Orientation] == 3  # every program shows it upside down
    assert verify(forged, studio).finding == Finding.MISMATCH


@pytest.mark.parametrize("media_type", [*TYPES, PDF])
def test_padding_that_made_room_for_something_else_is_noticed(
    ours: dict[str, bytes], media_type: str, studio: SigningIdentity
) -> None:
    data = ours[media_type]
    at = data.index(b"jumb") - 4
    store = data[at : at + int.from_bytes(data[at : at + 4])]
    forged = data.replace(store, squeezed(store, 100) + b"\n" * 100)
    assert verify(forged, studio).finding == Finding.MISMATCH
