"""A picture's file says that a model made it, and says nothing of who asked for it or with which words."""

import datetime
import getpass
import io
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import c2pa
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generation.provenance import (
    MarkFacts,
    Marks,
    NotMarked,
    SigningIdentity,
    generation_record,
    manifest,
    mark_file,
    mark_picture,
    read_marks,
)
from generation.provenance.marks import MediaType, PictureType

from .pictures import FACTS, TYPES, noise, opened, poster, saved

TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE_TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
RECORD: dict[str, Any] = {
    "model": "starter",
    "model_hash": "ab" * 32,
    "pipeline_class": "StarterPipeline",
    "scheduler": "FlowMatchEulerDiscreteScheduler",
    "steps": 20,
    "guidance": 3.0,
    "seed": 7,
    "width": 32,
    "height": 24,
}


def statement_in(data: bytes, media_type: str) -> dict:
    """The manifest as C2PA's own reader, who trusts nobody, prints it."""
    with c2pa.Reader(media_type, io.BytesIO(data)) as reader:
        assert reader.get_validation_state() == "Valid"
        store = json.loads(reader.json())
    return store["manifests"][store["active_manifest"]]


def test_an_independent_parser_finds_the_term_of_the_iptc(here: SigningIdentity) -> None:
    root = ElementTree.fromstring(
        opened(mark_picture(noise(), "image/png", FACTS, here)).text["XML:com.adobe.xmp"]
    )
    (description,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")

    assert description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType") == TERM
    assert description.get("{http://ns.adobe.com/xap/1.0/}CreatorTool").startswith("Handbill 0.")


@pytest.mark.parametrize("media_type", TYPES)
def test_our_reader_finds_the_same_in_every_format(media_type: PictureType, here: SigningIdentity) -> None:
    marks = read_marks(mark_picture(noise(), media_type, FACTS, here))

    assert marks == Marks(TERM, marks.creator_tool, "starter (StarterPipeline)", "ab" * 32)
    assert marks.says_made_with_ai


@pytest.mark.parametrize("media_type", TYPES)
def test_a_reader_of_c2pa_finds_what_was_done_and_by_what(
    media_type: PictureType, here: SigningIdentity
) -> None:
    said = statement_in(mark_picture(noise(), media_type, FACTS, here), media_type)

    assert said["claim_generator_info"][0]["name"] == "Handbill"
    (actions,) = [one for one in said["assertions"] if one["label"].startswith("c2pa.actions")]
    (created,) = actions["data"]["actions"]
    assert (created["action"], created["digitalSourceType"]) == ("c2pa.created", TERM)
    assert created["softwareAgent"]["name"] == "starter (StarterPipeline)"


def test_a_composite_says_so_and_what_was_done_to_it(here: SigningIdentity) -> None:
    facts = MarkFacts("starter", "StarterPipeline", "ab", composite=True, actions=("c2pa.drawing",))
    data = mark_picture(poster(64, 64), "image/png", facts, here)

    said = statement_in(data, "image/png")["assertions"][0]["data"]["actions"]
    assert [action["action"] for action in said] == ["c2pa.created", "c2pa.drawing"]
    assert said[0]["digitalSourceType"] == COMPOSITE_TERM
    assert read_marks(data).digital_source_type == COMPOSITE_TERM
    assert read_marks(data).says_made_with_ai


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_the_same(tmp_path: Path, here: SigningIdentity) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(mark_picture(noise(), "image/png", FACTS, here))
    (told,) = json.loads(subprocess.check_output(["exiftool", "-json", "-n", str(file)]))

    assert told["DigitalSourceType"] == TERM


@pytest.mark.parametrize("picture", [noise(300, 200), poster(300, 200)])
def test_the_pixels_hardly_change(picture: Image.Image, here: SigningIdentity) -> None:
    marked = np.asarray(opened(mark_picture(picture, "image/png", FACTS, here)), float)
    error = np.mean((marked - np.asarray(picture, float)) ** 2)

    assert 10 * np.log10(255**2 / error) > 40  # decibels: differences no eye sees


def test_transparency_is_kept(here: SigningIdentity) -> None:
    image = noise(mode="RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    kept = opened(mark_picture(image, "image/png", FACTS, here))

    assert kept.mode == "RGBA"
    assert kept.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_what_is_transparent_is_white_where_the_format_knows_no_transparency(here: SigningIdentity) -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    flat = opened(mark_picture(clear, "image/jpeg", FACTS, here))

    assert flat.mode == "RGB"
    assert min(low for low, _ in flat.getextrema()) > 240


def test_a_finished_file_may_leave_as_another_format(here: SigningIdentity) -> None:
    data = saved(poster(120, 80), dpi=(300, 300))
    marked = opened(mark_file(data, "image/jpeg", FACTS, here))

    assert (marked.format, marked.size) == ("JPEG", (120, 80))
    assert round(marked.info["dpi"][0]) == 300


def test_the_same_picture_gives_the_same_pixels(here: SigningIdentity) -> None:
    first, second = (mark_picture(noise(), "image/png", FACTS, here) for _ in range(2))

    assert opened(first).tobytes() == opened(second).tobytes()
    assert first != second  # No two signatures are the same.


def test_what_was_attached_to_the_picture_does_not_leave_with_it(here: SigningIdentity) -> None:
    secret = "a cup of coffee for alice@example.org"
    image = noise()
    image.info.update(parameters=secret, prompt=secret, comment=secret, icc_profile=secret.encode())
    exif = image.getexif()
    exif[0x010E] = secret  # ImageDescription
    image.info["exif"] = exif.tobytes()
    image.text = {"prompt": secret}

    data = mark_picture(image, "image/png", FACTS, here)

    assert secret.encode() not in data
    assert set(opened(data).info) == {"XML:com.adobe.xmp", "xmp"}


@pytest.mark.parametrize("media_type", TYPES)
def test_a_file_says_nothing_of_the_machine_or_the_hour(
    media_type: PictureType, here: SigningIdentity
) -> None:
    data = mark_picture(noise(), media_type, FACTS, here)
    today = datetime.datetime.now(datetime.UTC)

    telling = [
        socket.gethostname(),
        getpass.getuser(),
        str(Path.home()),
        f"{today:%Y-%m-%d}",
        f"{today:%Y:%m:%d}",
    ]
    # A short word stands somewhere in any file by chance.
    found = [word for word in telling if len(word) > 5 and word.encode() in data]
    assert found == []


def test_a_generation_record_holds_what_makes_the_picture_again_and_no_words() -> None:
    made: dict[str, Any] = generation_record(**RECORD)

    assert set(made) == {*RECORD, "versions"}
    assert set(made["versions"]) == {"handbill", "torch", "diffusers"}
    assert json.loads(json.dumps(made)) == made
    with pytest.raises(TypeError):
        generation_record(**(RECORD | {"prompt": "a cup of coffee"}))


def test_a_name_cannot_break_out_of_the_packet(here: SigningIdentity) -> None:
    name = "\"/><evil a='1'>&amp; \u202e ünïcode"
    data = mark_picture(noise(), "image/png", MarkFacts(name, "StarterPipeline", "ab"), here)

    assert read_marks(data).ai_system == f"{name} (StarterPipeline)"


def test_what_cannot_be_signed_does_not_leave(monkeypatch: pytest.MonkeyPatch, here: SigningIdentity) -> None:
    def fail(*_: object) -> None:
        raise c2pa.C2paError.Signature("no")

    monkeypatch.setattr(manifest.Signer, "from_info", fail)
    for media_type in TYPES:
        with pytest.raises(NotMarked, match="could not be signed"):
            mark_picture(noise(), media_type, FACTS, here)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"no picture", "image/png"), (b"%PDF-1.7 broken", "application/pdf"), (saved(noise()), "image/gif")],
)
def test_what_cannot_be_marked_does_not_leave(
    data: bytes, media_type: MediaType, here: SigningIdentity
) -> None:
    with pytest.raises(NotMarked):
        mark_file(data, media_type, FACTS, here)


def png_with(packet: str, compressed: bool = False) -> bytes:
    chunks, stream = PngInfo(), io.BytesIO()
    chunks.add_itxt("XML:com.adobe.xmp", packet, zip=compressed)
    noise().save(stream, "PNG", pnginfo=chunks)
    return stream.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    "written",
    [f"<i:DigitalSourceType>{TERM}</i:DigitalSourceType>", f'<i:DigitalSourceType r:resource="{TERM}"/>'],
)
def test_other_ways_to_write_the_same_packet_are_read(written: str, compressed: bool) -> None:
    packet = (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<r:Description>{written}</r:Description></r:RDF>"
    )
    assert read_marks(png_with(packet, compressed)) == Marks(TERM)


def test_an_unmarked_picture_has_no_marks() -> None:
    assert [read_marks(saved(noise(), form)) for form in ("PNG", "JPEG", "WEBP")] == [None] * 3


def test_a_picture_saved_again_by_another_program_says_nothing(here: SigningIdentity) -> None:
    """Why marks are written last, and why XMP alone is not enough."""
    again = opened(mark_picture(noise(), "image/png", FACTS, here)).convert("L")
    assert read_marks(saved(again)) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a PNG"),
        (b"RIFF\xff\x00\x00\x00WEBPVP8 ", "damaged WebP"),
        (b"\xff\xd8\xff\xe1\xff\xff", "damaged JPEG"),
        (b"GIF89a", "not a PNG"),
        (png_with("<a"), "not XML"),
        (png_with("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "document type"),
        (png_with("<a>trainedAlgorithmicMedia</a>").replace(b"<a>t", b"<a>d"), "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_marks(data)


def test_marking_needs_neither_torch_nor_django() -> None:
    code = "import sys, generation.provenance; print({'torch', 'django'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
