"""Whatever leaves by whichever address is marked as made with AI: every address that serves a file is asked,
and readers who know nothing of ours look at the file.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import c2pa
import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from generation import signing
from generation.engine import Picture
from generation.models import Job, Output
from generation.pictures import StoredPicture, finish_picture
from generation.provenance.detection import detect
from tests.provenance.pictures import poster
from webapp.management.commands import generate
from webapp.models import FileKind

from . import stage
from .test_access_matrix import FORMS, TABLE, Scene, staged

SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
LARGE = "instagram-square"  # as a watermark needs it
MARKED = {
    "output_file",
    "output_thumbnail",
    "output_download",
    "guest_output_file",
    "guest_output_thumbnail",
    "report_picture",
    "creative_file",
    "export_file",
}
UNMARKED = {
    # While one designs, inside the studio: the layout with the small picture in it, for the eye alone.
    "creative_picture": "image/svg+xml",
    # The business's own letters and colours, with no picture of a model's.
    "brand_kit_logo": "image/png",
    "brand_kit_specimen": "image/svg+xml",
    "brand_pairing": "image/svg+xml",
    "usage_csv": "text/csv",
}


@pytest.fixture(autouse=True)
def real_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stored as the worker stores them."""

    def stored(job: Job, index: int) -> StoredPicture:
        output = job.outputs.get(index=index)
        Output.objects.filter(pk=output.pk).update(width=512, height=512)
        output.refresh_from_db()
        drawn = Picture(poster(512, 512), "a scheduler", 1.0, output.steps, output.seed)
        return finish_picture.store(job, output, drawn, about_minors=False)

    monkeypatch.setattr(stage, "_stored", stored)


@pytest.fixture
def scene(people, media) -> Scene:
    return staged(people, LARGE)


@pytest.fixture
def alice(people) -> Client:
    client = Client()
    client.force_login(people.alice)
    return client


@pytest.mark.slow
def test_every_address_that_serves_a_file_serves_it_marked(scene: Scene, alice: Client):
    served = {}
    for name in TABLE:
        with stage.undone():
            answer = alice.get(scene.url(name))
            if answer.status_code == 302:
                answer = alice.post(scene.url(name), FORMS.get(name, {}) | {"format": LARGE})
        if is_file(answer):
            served[name] = answer
    assert set(served) == MARKED | UNMARKED.keys()
    assert {answer["Cross-Origin-Resource-Policy"] for answer in served.values()} == {"same-origin"}
    for name in MARKED:
        must_be_marked(served[name].content, served[name]["Content-Type"])
    for name, kind in UNMARKED.items():
        assert served[name]["Content-Type"].startswith(kind), name


def is_file(answer: Any) -> bool:
    return answer.status_code == 200 and not answer["Content-Type"].startswith(
        ("text/html", "application/json")
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", FileKind.values)
def test_a_creative_is_marked_in_every_format(scene: Scene, alice: Client, kind: str):
    asked = {"format": LARGE, "kind": kind}
    answer = alice.post(scene.url("creative_file"), asked)
    assert answer.status_code == 200
    must_be_marked(answer.content, answer["Content-Type"], term="compositeWithTrainedAlgorithmicMedia")


def test_pictures_made_from_the_command_line_are_marked(people, media, tmp_path: Path):
    job = stage.finished_job(people.campaign, people.alice, count=2)
    copies = generate._copy(job, tmp_path)
    assert len(copies) == 2
    for copy in copies:
        must_be_marked(copy.read_bytes(), "image/png")


def test_the_small_picture_in_a_working_preview_has_the_watermark(scene: Scene, alice: Client):
    import base64
    import re

    svg = alice.get(scene.url("creative_picture")).content.decode()
    carried = [base64.b64decode(found) for found in re.findall(r"data:image/\w+;base64,([^\"']+)", svg)]
    key = signing.identity().watermark
    assert any(detect(Image.open(io.BytesIO(data)), key).found for data in carried)


def must_be_marked(data: bytes, media_type: str, term: str = "rainedAlgorithmicMedia") -> None:
    if media_type == "application/zip":
        must_hold_marked_files(data)
        return
    assert claims(data, media_type).endswith(term), f"{media_type}: C2PA"
    assert note(data, media_type).endswith(term), f"{media_type}: XMP"
    images = images_in(data) if media_type == "application/pdf" else [Image.open(io.BytesIO(data))]
    key = signing.identity().watermark
    assert any(detect(image, key).found for image in images), f"{media_type}: watermark"


def must_hold_marked_files(data: bytes) -> None:
    types = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".pdf": "application/pdf"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith(".txt")]
        assert names
        for name in names:
            must_be_marked(archive.read(name), types[Path(name).suffix])


def claims(data: bytes, media_type: str) -> str:
    """The digital source type by C2PA's own reader, who finds the signature whole."""
    with c2pa.Reader(media_type, io.BytesIO(data)) as reader:
        assert reader.get_validation_state() == "Valid"
        store = json.loads(reader.json())
    (actions,) = [
        assertion["data"]["actions"]
        for assertion in store["manifests"][store["active_manifest"]]["assertions"]
        if assertion["label"].startswith("c2pa.actions")
    ]
    assert actions[0]["action"] == "c2pa.created"
    return actions[0]["digitalSourceType"]


def note(data: bytes, media_type: str) -> str:
    """The digital source type by the XMP packet that Pillow or pypdf finds."""
    if media_type == "application/pdf":
        packet = PdfReader(io.BytesIO(data)).trailer["/Root"]["/Metadata"].get_data()
    else:
        packet = Image.open(io.BytesIO(data)).info["xmp"]
    (description,) = ElementTree.fromstring(packet).iter(DESCRIPTION)
    return description.get(SOURCE_TYPE)


def images_in(pdf: bytes) -> list[Image.Image]:
    return [image.image for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images]
