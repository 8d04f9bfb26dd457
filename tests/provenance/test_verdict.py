"""What can be said of a file from anywhere, and that nothing in one does harm."""

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from generation import sandbox
from generation.provenance import (
    Finding,
    MarkFacts,
    SigningIdentity,
    SigningIdentityError,
    mark_file,
    mark_picture,
    read_marks,
)
from generation.provenance import inspection as apart
from generation.provenance.verdict import LARGEST_FILE

from .pictures import FACTS, TYPES, cloudy, cropped, noise, opened, saved
from .unguarded import verify


@pytest.fixture(scope="module")
def marked(studio: SigningIdentity) -> dict[str, bytes]:
    """One picture in every format."""
    return {media_type: mark_picture(cloudy(320, 256), media_type, FACTS, studio) for media_type in TYPES}


def pdf() -> bytes:
    from pypdf import PdfWriter

    stream, document = io.BytesIO(), PdfWriter()
    document.add_blank_page(100, 100)
    document.add_metadata({"/Author": "Alice", "/Title": "flyer-for-alice.typ"})
    document.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("media_type", TYPES)
def test_ours_and_unchanged(marked: dict[str, bytes], media_type: str, studio: SigningIdentity) -> None:
    found = verify(marked[media_type], studio)
    assert found.finding == Finding.OURS
    assert (found.media_type, found.watermark, found.says_made_with_ai) == (media_type, True, True)
    assert found.statement.actions == ("c2pa.created",)
    assert found.statement.generator.startswith("Handbill 0.")


@pytest.mark.parametrize("media_type", TYPES)
def test_one_byte_changed(marked: dict[str, bytes], media_type: str, studio: SigningIdentity) -> None:
    data = bytearray(marked[media_type])
    data[len(data) // 2] ^= 1  # among the pixels
    assert verify(bytes(data), studio).finding == Finding.MISMATCH


def test_another_note(marked: dict[str, bytes], studio: SigningIdentity) -> None:
    data = marked["image/jpeg"].replace(b"trainedAlgorithmicMedia", b"digitalCaptureOfNothing")
    assert verify(data, studio).finding == Finding.MISMATCH


@pytest.mark.parametrize("media_type", TYPES)
def test_cut_short(marked: dict[str, bytes], media_type: str, studio: SigningIdentity) -> None:
    data = marked[media_type]
    assert verify(data[: len(data) * 9 // 10], studio).finding in (
        Finding.MISMATCH,
        Finding.BROKEN,
        Finding.UNREADABLE,
    )


@pytest.mark.parametrize("media_type", TYPES)
def test_something_added_at_the_end(
    marked: dict[str, bytes], media_type: str, studio: SigningIdentity
) -> None:
    assert verify(marked[media_type] + b"more", studio).finding == Finding.MISMATCH


@pytest.mark.parametrize("media_type", TYPES)
def test_saved_again_elsewhere(marked: dict[str, bytes], media_type: str, studio: SigningIdentity) -> None:
    again = saved(cropped(opened(marked[media_type])), "JPEG", quality=85)
    found = verify(again, studio)
    assert (found.finding, found.says_made_with_ai) == (Finding.WATERMARKED, False)


def test_a_watermark_is_found_beside_a_signature_that_is_damaged(
    marked: dict[str, bytes], studio: SigningIdentity
) -> None:
    data = bytearray(marked["image/jpeg"])  # no checksum says first that something was changed
    label = data.index(b"c2pa.signature")
    data[label : label + 4] = b"none"
    found = verify(bytes(data), studio)
    assert (found.statement.standing, found.finding) == ("broken", Finding.WATERMARKED)


def test_small_and_changed_is_not_called_copied(here: SigningIdentity) -> None:
    small = bytearray(mark_picture(noise(), "image/png", FACTS, here))
    small[-20] ^= 1
    found = verify(bytes(small), here)
    assert (found.finding, found.watermark) == (Finding.MISMATCH, None)


def test_somebody_elses(
    marked: dict[str, bytes], elsewhere: SigningIdentity, studio: SigningIdentity
) -> None:
    theirs = mark_picture(cloudy(320, 256), "image/png", FACTS, elsewhere)
    found = verify(theirs, studio)
    assert (found.finding, found.watermark, found.says_made_with_ai) == (Finding.STRANGER, False, True)


def test_marked_before_the_authority_was_lost(here: SigningIdentity) -> None:
    old = mark_picture(noise(), "image/png", FACTS, here)
    (here.folder / "authority.pem").unlink()
    assert verify(old, SigningIdentity(here.folder)).finding == Finding.OURS


def test_nobodys(here: SigningIdentity) -> None:
    assert verify(saved(noise()), here).finding == Finding.UNMARKED


def test_a_note_alone_proves_nothing(marked: dict[str, bytes], studio: SigningIdentity) -> None:
    image = opened(marked["image/webp"])
    note = saved(noise(64, 64), "WEBP", xmp=image.info["xmp"])
    assert verify(note, studio).finding == Finding.UNSIGNED


def test_a_document(here: SigningIdentity) -> None:
    data = mark_file(
        pdf(), "application/pdf", MarkFacts("starter", "StarterPipeline", "ab", composite=True), here
    )
    found = verify(data, here)
    assert (found.finding, found.watermark, found.says_made_with_ai) == (Finding.OURS, None, True)
    assert b"Alice" not in data
    assert b"flyer-for" not in data
    later_edition = data + b"\n1 0 obj\n<<>>\nendobj\n"
    assert verify(later_edition, here).finding == Finding.MISMATCH
    assert verify(pdf(), here).finding == Finding.UNMARKED


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


HEADER = b"\x89PNG\r\n\x1a\n"
HOSTILE = {
    "empty": b"",
    "a name alone": HEADER,
    "no pixels": HEADER + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)),
    "too many pixels": HEADER + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)),
    "a length beyond the end": HEADER + struct.pack(">I", 2**31 - 1) + b"iTXt" + bytes(100),
    "a text that grows": saved(noise())[:33]
    + chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(10**8)))
    + saved(noise())[33:],
    "a manifest of rubbish": saved(noise())[:33] + chunk(b"caBX", bytes(1000)) + saved(noise())[33:],
    "a manifest nested without end": saved(noise())[:33]
    + chunk(b"caBX", struct.pack(">I4s", 8, b"jumb") * 5000)
    + saved(noise())[33:],
    "segments without end": b"\xff\xd8" + b"\xff\xe1\x00\x02" * 100_000,
    "a RIFF that lies": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 50,
    "a document of nothing": b"%PDF-1.7\n" + b"<<" * 100_000,
    "packets without end": b"%PDF-1.7\n" + b"<?xpacket begin=" * 100_000,
    "a script": b"<svg onload=alert(1)>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_does_no_harm(here: SigningIdentity, name: str) -> None:
    assert not apart.inspect(HOSTILE[name], here).is_ours


def test_many_pixels_in_few_bytes_are_not_unpacked(here: SigningIdentity) -> None:
    bomb = saved(Image.new("1", (16_000, 16_000)))
    assert len(bomb) < 200_000
    assert verify(bomb, here).finding == Finding.UNREADABLE


def test_any_byte_may_be_wrong(marked: dict[str, bytes], studio: SigningIdentity) -> None:
    chance = random.Random(7)
    for media_type in TYPES:
        for _ in range(6):
            data = mutilated(marked[media_type], chance)
            # The signature's own padding is all that may differ.
            assert verify(data, studio).finding != Finding.OURS or tells_the_same(data, marked[media_type])


def tells_the_same(one: bytes, other: bytes) -> bool:
    return opened(one) == opened(other) and read_marks(one) == read_marks(other)


def mutilated(data: bytes, chance: random.Random) -> bytes:
    """With some bytes changed, doubled or missing somewhere behind the first few."""
    at, length = chance.randrange(12, len(data) - 50), chance.randrange(1, 50)
    middle = chance.choice([b"", chance.randbytes(length), data[at : at + length] * 2 + b"x"])
    return data[:at] + middle + data[at + length :]


class TestApart:
    """In a process of its own."""

    @pytest.mark.slow
    def test_it_says_the_same(self, marked: dict[str, bytes], studio: SigningIdentity) -> None:
        for data in (marked["image/png"], saved(noise())):
            assert apart.inspect(data, studio) == verify(data, studio)

    def test_what_takes_too_much_is_given_up(
        self, marked: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, studio: SigningIdentity
    ) -> None:
        monkeypatch.setattr(sandbox, "MEMORY", 1 << 20)
        assert apart.inspect(marked["image/png"], studio).finding == Finding.UNREADABLE

    def test_no_private_key_is_handed_in_nor_any_secret_beside_a_strangers_bytes(
        self, here: SigningIdentity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given: list[bytes] = []

        def read(reader: Callable[[bytes], bytes], data: bytes, **_: object) -> bytes:
            given.append(data)
            return reader(data)

        monkeypatch.setattr(sandbox, "read", read)
        data = saved(noise())
        assert apart.inspect(data, here) == verify(data, here)
        parsed, searched = given
        assert here.watermark.secret not in parsed
        assert searched.startswith(here.watermark.secret)
        assert data not in searched
        for message in given:
            assert b"PRIVATE" not in message
            assert str(here.folder).encode() not in message

    def test_what_is_too_large_is_not_looked_at(self, here: SigningIdentity) -> None:
        assert apart.inspect(bytes(LARGEST_FILE + 1), here).finding == Finding.UNREADABLE
        assert not here.folder.exists()

    def test_the_studios_own_trouble_is_told(self, here: SigningIdentity) -> None:
        here.folder.mkdir(parents=True)
        (here.folder / "watermark.key").write_text("damaged")
        with pytest.raises(SigningIdentityError, match="damaged"):
            apart.inspect(saved(noise()), here)
