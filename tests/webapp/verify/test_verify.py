"""Whether a picture was made here: for everybody who asks, and nothing is kept of what they show."""

import io
import logging
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEvent
from generation import provenance, signing
from generation.provenance import LARGEST_FILE, MarkFacts, mark_file, mark_picture
from generation.provenance.inspection import inspect
from generation.sandbox import turns
from tests.provenance.pictures import cloudy, noise, saved
from webapp.verify import words as verdicts

FACTS = MarkFacts("starter", "StarterPipeline", "ab" * 32)


@pytest.fixture(autouse=True)
def fresh_counts(db):
    cache.clear()


@pytest.fixture(scope="module")
def marked() -> bytes:
    # Large enough for any key: at 320 pixels, one of 120 keys was not found again in what a network leaves.
    return mark_picture(cloudy(480, 480), "image/png", FACTS, signing.identity())


def show(data: bytes, name: str = "picture.png", client: Client | None = None):
    file = SimpleUploadedFile(name, data, "image/png")
    return (client or Client()).post(reverse("verify"), {"file": file})


def test_the_page_says_what_there_is_to_find_before_anybody_asks():
    page = Client().get("/verify/")
    assert page.status_code == 200
    assert "three marks" in page.text
    assert "verdict" not in page.text


def test_a_picture_of_ours_is_known_without_signing_in(marked):
    page = show(marked)
    assert page.status_code == 200
    for words in (
        "Made here, and unchanged",
        "Made by a model",
        "starter (StarterPipeline)",
        "Handbill 0.",
        verdicts.SIGNED_SAYS,
    ):
        assert words in page.text


def test_a_picture_that_was_posted_is_not_said_to_be_made_here(marked):
    """What a social network leaves of a picture: no manifest, but the watermark."""
    posted = Image.open(io.BytesIO(marked)).resize((384, 384))
    page = show(saved(posted, "JPEG", quality=80)).text
    assert "Carries a mark that could have been copied" in page
    assert "after it was posted" in page
    assert "Made here" not in page


def test_a_changed_picture_is_not_the_one_that_was_signed(marked):
    name = b"starter (StarterPipeline)"
    assert marked.count(name) == 2  # in the manifest and in the XMP packet
    for changed in (marked.replace(name, name.upper(), 1), name.upper().join(marked.rsplit(name, 1))):
        assert_not_the_signed_file(show(changed).text)


def test_a_signature_copied_into_another_picture_is_not_believed(marked):
    page = show(provenance_of(marked).join(halves(saved(cloudy(320, 320, seed=8)))))
    assert_not_the_signed_file(page.text)


def assert_not_the_signed_file(page: str) -> None:
    assert "Not the file that was signed" in page
    assert "This studio’s, made for another file" in page
    assert verdicts.ANYBODY_SAYS in page  # nor does the studio vouch for what the file says of itself
    assert "Made here" not in page


def test_what_a_stranger_wrote_is_cut_and_nobody_vouches_for_it():
    packet = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Made here, and unchanged {}"/>
        </rdf:RDF></x:xmpmeta>"""
    page = show(saved(noise(64, 64), "WEBP", xmp=packet.format("very " * 2_000).encode()), "a.webp").text
    assert '<h2 id="verdict">No marks found</h2>' in page
    assert verdicts.ANYBODY_SAYS in page
    assert page.count("very ") < 50


def provenance_of(png: bytes) -> bytes:
    """The chunk caBX of a PNG: C2PA's manifest store."""
    at = png.index(b"caBX") - 4
    return png[at : at + 12 + int.from_bytes(png[at : at + 4])]


def halves(png: bytes) -> tuple[bytes, bytes]:
    return png[:33], png[33:]  # after the header's chunk


def test_what_is_nobodys_is_said_to_bear_no_marks():
    page = show(saved(noise(64, 64)))
    assert "No marks found" in page.text


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"GIF89a", "a.gif"), (b"<svg onload=alert(1)>", "a.svg"), (b"\x89PNG\r\n\x1a\nrubbish", "a.png")],
)
def test_what_is_no_picture_is_answered_all_the_same(data, name):
    page = show(data, name)
    assert page.status_code == 200
    assert "cannot be read" in page.text


def test_a_files_name_is_shown_as_text(marked):
    page = show(marked, "<script>alert(1)<%2Fscript>.png")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize(
    ("given", "said"),
    [({}, "Choose a file of at most 32 MB"), ({"file": SimpleUploadedFile("a.png", b"")}, "is empty")],
)
def test_no_file_is_said_to_be_none(given, said):
    page = Client().post(reverse("verify"), given)
    assert page.status_code == 422
    assert said in page.text


def test_a_file_that_is_too_large_is_refused_unread():
    page = show(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_FILE))
    assert page.status_code == 422
    assert "larger than 32 MB" in page.text


def test_nothing_is_kept_or_logged(marked, caplog, tmp_path, monkeypatch, settings):
    settings.MEDIA_DIR = tmp_path / "media"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    kept = {file: file.stat().st_mtime_ns for file in every_file(settings.DATA_DIR)}
    show(marked, "my-secret-name.png")
    assert not list(tmp_path.rglob("*"))
    assert {file: file.stat().st_mtime_ns for file in every_file(settings.DATA_DIR)} == kept
    assert "my-secret-name" not in caplog.text
    assert not AuditEvent.objects.exists()


def every_file(folder: Path) -> list[Path]:
    """All files but the database's own."""
    return [
        Path(at) / name
        for at, _, names in os.walk(folder)
        for name in names
        if "postgres" not in at and name != ".lock"
    ]


def test_who_asks_too_often_waits(settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify": "2/m/ip"}
    client = Client()
    answers = [show(b"no picture", client=client).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_who_has_a_file_looked_at_already_waits_and_is_told(monkeypatch):
    monkeypatch.setattr(turns, "WAIT", 0)
    with turns.turn("127.0.0.1"):
        page = show(b"no picture")
    assert page.status_code == 503
    assert "Try again in a moment" in page.text


def test_an_upload_never_touches_the_disk(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    # Django's ASGI handler puts a body on disk that is larger than this: whatever passes is smaller.
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE > LARGEST_FILE


@pytest.mark.slow
class TestCommand:
    """`bin/manage verify FILE`."""

    def test_is_content_with_files_of_ours(self, marked, tmp_path, capsys):
        (tmp_path / "a.png").write_bytes(marked)
        call_command("verify", tmp_path / "a.png", tmp_path / "a.png")
        line = f"{tmp_path / 'a.png'}: Made here, and unchanged\n"
        assert capsys.readouterr().out == line * 2

    def test_is_not_content_with_any_other(self, marked, tmp_path, capsys):
        (tmp_path / "a.png").write_bytes(marked)
        (tmp_path / "b.png").write_bytes(saved(noise()))
        with pytest.raises(SystemExit) as end:
            call_command("verify", tmp_path / "a.png", tmp_path / "b.png")
        assert end.value.code == 1
        assert capsys.readouterr().out.splitlines()[1].endswith("No marks found")

    def test_names_the_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match=r"nowhere\.png cannot"):
            call_command("verify", tmp_path / "nowhere.png")


def test_a_document_is_looked_at_too():
    from pypdf import PdfWriter

    stream, document = io.BytesIO(), PdfWriter()
    document.add_blank_page(100, 100)
    document.write(stream)
    page = show(mark_file(stream.getvalue(), "application/pdf", FACTS, signing.identity()), "flyer.pdf")
    assert "Made here, and unchanged" in page.text
    assert "A PDF has none of its own" in page.text


def test_the_studios_trouble_is_not_the_askers(monkeypatch, marked, caplog):
    def broken(*_: object) -> None:
        raise provenance.SigningIdentityError("the folder is away")

    monkeypatch.setattr("webapp.verify.views.inspect", broken)
    page = show(marked, client=Client(raise_request_exception=False))
    assert page.status_code == 503
    assert "cannot look at files just now" in page.text


@pytest.mark.django_db(transaction=True)
def test_no_connection_of_the_database_is_held_while_a_file_waits_for_its_turn(monkeypatch):
    held = []

    def looked_at(data, identity, asker):
        held.append(connection.connection)
        return inspect(data, identity, asker)

    monkeypatch.setattr("webapp.verify.views.inspect", looked_at)
    assert show(saved(noise(8, 8))).status_code == 200
    assert held == [None]
