"""A picture's file says that a model made it, and says nothing of who asked for it or with which words."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generation.provenance import Marks, mark, read_marks, recipe

TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
HOW = {
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


def picture(mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(pixels).convert(mode)


def test_an_independent_parser_finds_the_term_of_the_iptc() -> None:
    opened = Image.open(io.BytesIO(mark(picture(), recipe(**HOW))))
    root = ElementTree.fromstring(opened.text["XML:com.adobe.xmp"])
    (description,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")

    assert description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType") == TERM
    assert description.get("{http://ns.adobe.com/xap/1.0/}CreatorTool").startswith("Handbill 0.")


def test_our_reader_finds_the_same() -> None:
    marks = read_marks(mark(picture(), recipe(**HOW)))

    assert marks == Marks(TERM, marks.creator_tool, "starter (StarterPipeline)", "ab" * 32)
    assert marks.says_made_with_ai


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(mark(picture(), recipe(**HOW)))
    (told,) = json.loads(subprocess.check_output(["exiftool", "-json", "-n", str(file)]))

    assert told["DigitalSourceType"] == TERM


def test_the_pixels_are_untouched() -> None:
    opened = Image.open(io.BytesIO(mark(picture(), recipe(**HOW))))

    assert opened.mode == "RGB"
    assert opened.tobytes() == picture().tobytes()


def test_transparency_is_kept() -> None:
    opened = Image.open(io.BytesIO(mark(picture("RGBA"), recipe(**HOW))))

    assert opened.mode == "RGBA"
    assert opened.tobytes() == picture("RGBA").tobytes()


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert mark(picture(), recipe(**HOW)) == mark(picture(), recipe(**HOW))
    assert mark(picture(), recipe(**HOW)) != mark(picture(), recipe(**{**HOW, "model_hash": "cd" * 32}))


def test_what_was_attached_to_the_picture_does_not_leave_with_it() -> None:
    secret = "a cup of coffee for alice@example.org"
    image = picture()
    image.info.update(parameters=secret, prompt=secret, comment=secret, icc_profile=secret.encode())
    exif = image.getexif()
    exif[0x010E] = secret  # ImageDescription
    image.info["exif"] = exif.tobytes()
    image.text = {"prompt": secret}

    data = mark(image, recipe(**HOW))

    assert secret.encode() not in data
    assert set(Image.open(io.BytesIO(data)).info) == {"XML:com.adobe.xmp", "xmp"}


def test_a_recipe_holds_what_makes_the_picture_again_and_no_words() -> None:
    made = recipe(**HOW)

    assert set(made) == {*HOW, "versions"}
    assert set(made["versions"]) == {"handbill", "torch", "diffusers"}
    assert json.loads(json.dumps(made)) == made
    with pytest.raises(TypeError):
        recipe(**HOW, prompt="a cup of coffee")


def test_a_name_cannot_break_out_of_the_packet() -> None:
    name = "\"/><evil a='1'>&amp; \u202e ünïcode"
    marks = read_marks(mark(picture(), recipe(**{**HOW, "model": name})))

    assert marks.ai_system == f"{name} (StarterPipeline)"


def png_with(packet: str, compressed: bool = False) -> bytes:
    chunks, stream = PngInfo(), io.BytesIO()
    chunks.add_itxt("XML:com.adobe.xmp", packet, zip=compressed)
    picture().save(stream, "PNG", pnginfo=chunks)
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
    stream = io.BytesIO()
    picture().save(stream, "PNG")
    assert read_marks(stream.getvalue()) is None


def test_a_picture_saved_again_by_another_program_says_nothing() -> None:
    """Why marks are written last, and why XMP alone is not enough."""
    stream = io.BytesIO()
    Image.open(io.BytesIO(mark(picture(), recipe(**HOW)))).convert("L").save(stream, "PNG")
    assert read_marks(stream.getvalue()) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a PNG"),
        (b"\xff\xd8\xff\xe0", "not a PNG"),
        (png_with("<a"), "not XML"),
        (png_with("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "document type"),
        (mark(picture(), HOW).replace(b"trainedAlgorithmicMedia", b"digitalCapture_________"), "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_marks(data)


def test_marking_needs_neither_torch_nor_django() -> None:
    code = "import sys, generation.provenance; print({'torch', 'django'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"
