"""Creatives taken away: in exact sizes, within the channels' limits, and never without their marks."""

import io
import zipfile
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from accounts.models import AuditEvent
from generation import provenance, signing
from generation.compositor import FORMATS
from generation.files import storage
from generation.models import Incident, Job, Status
from tests.provenance.unguarded import verify
from tests.safety.asked import halves, refused
from tests.webapp import stage, steps
from webapp.creatives import exports, versions
from webapp.models import Creative, Export, FileKind

# Small pictures are made in a fraction of the time of large ones.
SMALL = "display-mobile"
FOUR = ("display-rectangle", "display-leaderboard", "display-skyscraper", SMALL)
PICTURES = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.WEBP: "WEBP"}


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def creative(people, media) -> Creative:
    return versions.create(people.campaign, [stage.picture(people.campaign, people.bob)], by=people.bob)[0]


@pytest.fixture
def set_of(creative, people):
    def make(*formats: str, headline: str = "Pumpkin week") -> Creative:
        return stage.design(creative, *(formats or FOUR), by=people.bob, headline=headline, price="3.50 €")

    return make


def take(client, creative: Creative, kind: FileKind, format_key: str = ""):
    chosen = {"format": format_key or creative.design.formats[0], "kind": kind.value}
    return client.post(steps.url("creative_file", creative), chosen)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_has_the_exact_size_and_all_marks(bob, set_of, kind):
    creative = set_of("instagram-square")
    answer = take(bob, creative, kind)
    assert answer["Content-Type"] == kind.media_type
    assert answer["Content-Disposition"] == f'attachment; filename="Pumpkin-week-instagram-square.{kind}"'
    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.size) == (PICTURES[kind], (1080, 1080))
    verdict = verify(answer.content, signing.identity())
    assert verdict.is_ours
    assert verdict.says_made_with_ai


def test_a_file_is_named_in_the_letters_of_its_headline(bob, set_of):
    creative = set_of("display-leaderboard", SMALL, headline="Кофе и круассан")
    said = take(bob, creative, FileKind.PNG)["Content-Disposition"]
    assert unquote(said) == "attachment; filename*=utf-8''Кофе-и-круассан-display-leaderboard.png"
    export = exports.order(creative, FileKind.JPEG, by=creative.created_by)
    stage.make_files()
    answer = bob.get(steps.url("export_file", export))
    assert unquote(answer["Content-Disposition"]).endswith("''Кофе-и-круассан-jpg.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist()[0] == "Кофе-и-круассан-display-leaderboard.jpg"
    assert archive.infolist()[0].flag_bits & 0x800  # its name is UTF-8, which Windows has to be told


def test_pasted_lines_are_words_apart_in_a_creatives_name_and_description(set_of):
    creative = set_of(SMALL, headline="Lit\x0bCanapé\u20281\u202f250\u00a0€")
    assert str(creative) == "Lit Canapé 1\u202f250\u00a0€"
    file = exports.single_file(creative, SMALL, FileKind.JPEG, by=creative.created_by)
    assert file.alt == "Lit Canapé 1\u202f250\u00a0€. 3.50 €"


def test_a_pdf_has_its_words_as_text_and_its_marks(bob, set_of):
    answer = take(bob, set_of("instagram-square"), FileKind.PDF)
    assert answer.content.startswith(b"%PDF")
    assert "Pumpkin" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert verify(answer.content, signing.identity()).says_made_with_ai


def test_without_marks_nothing_leaves(bob, set_of, monkeypatch):
    creative = set_of(SMALL)

    def broken(*args: object) -> bytes:
        raise provenance.NotMarked("the key cannot be read")

    monkeypatch.setattr(exports, "mark_file", broken)
    answer = bob.post(steps.url("creative_file", creative), {"format": SMALL, "kind": "png"}, follow=True)
    assert "could not be marked" in answer.text
    export = exports.order(creative, FileKind.PNG, by=creative.created_by)
    stage.make_files()
    export = Export.objects.get()
    assert (export.job.status, export.job.reason_code, export.file) == (Status.FAILED, "not_exported", "")
    assert "could not be marked" in export.job.reason
    assert not AuditEvent.objects.filter(verb="creative.exported").exists()


@pytest.mark.slow
def test_a_set_is_an_archive_with_alternative_texts_and_a_contact_sheet(bob, set_of):
    creative = set_of()
    answer = bob.post(steps.url("creative_exports", creative), {"kind": "jpg"})
    export = Export.objects.get()
    assert answer.url == steps.url("export", export)
    assert "Waiting for a worker" in bob.get(answer.url).text
    stage.make_files()
    page = bob.get(answer.url)
    assert "every 1s" not in page.text
    archive = zipfile.ZipFile(io.BytesIO(bob.get(steps.url("export_file", export)).content))
    names = archive.namelist()
    assert names == [f"Pumpkin-week-{key}.jpg" for key in creative.design.formats] + [
        "alt-texts.txt",
        "contact-sheet.jpg",
    ]
    assert "Pumpkin week. 3.50 €" in archive.read("alt-texts.txt").decode()
    for name in names:
        if name.endswith(".jpg"):
            assert verify(archive.read(name), signing.identity()).is_ours, name


def test_what_does_not_fit_is_said_of_its_file(set_of, people):
    creative = set_of("display-leaderboard", "display-mobile", headline="Far too long " * 150)
    export = exports.order(creative, FileKind.JPEG, by=people.bob)
    stage.make_files()
    export.refresh_from_db()
    assert all("does not fit" in " ".join(file["notes"]) for file in export.listing)


def test_files_keep_to_the_channels_limit(set_of, people):
    (tight,) = [key for key, one in FORMATS.items() if one.limit_kb and one.pixels == (300, 250)]
    file = exports.single_file(set_of(tight), tight, FileKind.JPEG, by=people.bob)
    assert len(file.data) <= FORMATS[tight].limit_kb * 1000
    assert file.listed()["limit_kb"] == FORMATS[tight].limit_kb


def test_a_full_disk_is_said_and_leaves_nothing_behind(set_of, people, monkeypatch):
    def full(*args: object) -> None:
        raise storage.StorageFull("no room")

    export = exports.order(set_of(), FileKind.PNG, by=people.bob)
    monkeypatch.setattr(exports.storage, "store", full)
    stage.make_files()
    job = Job.objects.get(export=export)
    assert (job.status, job.reason_code) == (Status.FAILED, "disk_full")
    assert "disk is full" in job.reason


def test_old_archives_are_forgotten_and_what_waits_is_not(set_of, people):
    creative = set_of(SMALL)
    made = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    exports.forget_old()
    assert Export.objects.get() == made
    waiting = exports.order(creative, FileKind.JPEG, by=people.bob)
    long_ago = timezone.now() - 2 * exports.KEPT_FOR
    Job.objects.update(created_at=long_ago)
    Job.objects.filter(export=made).update(finished_at=long_ago)
    exports.forget_old()
    assert Export.objects.get() == waiting
    assert not Job.objects.filter(pk=made.pk).exists()


def test_everybody_of_the_business_may_take_files_and_nobody_else(people, as_, set_of):
    creative = set_of(SMALL)
    assert take(as_(people.carol), creative, FileKind.PNG).status_code == 200
    assert take(as_(people.mallory), creative, FileKind.PNG).status_code == 404
    assert take(as_(people.carol), creative, FileKind.PNG, "nonsense").status_code == 404
    export = exports.order(creative, FileKind.PNG, by=people.carol)
    for name in ("export", "export_file"):
        assert as_(people.mallory).get(reverse(name, args=[export.pk])).status_code == 404
    assert as_(people.carol).get(reverse("export_file", args=[export.pk])).status_code == 404  # not ready yet


HATE = refused("hate").texts["prompt"][:60]
HALVES = halves(refused("explicit").texts["prompt"])


@pytest.mark.parametrize(("prompt", "headline"), [("a cake", HATE), HALVES], ids=["a slogan", "parted"])
def test_what_may_not_be_asked_for_is_not_written_on_a_picture_either(bob, set_of, people, prompt, headline):
    creative = set_of(SMALL, headline=headline)
    job = creative.output.job
    job.request["prompt"] = prompt
    job.save(update_fields=["request"])
    page = bob.get(take(bob, creative, FileKind.PNG).url)
    assert "This was read in your words" in page.text
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    export.job.refresh_from_db()
    assert (export.job.status, export.file) == (Status.FAILED, "")
    assert "This was read in your words" in export.job.reason
    assert {incident.by for incident in Incident.objects.all()} == {people.bob}
    assert Incident.objects.count() == 2
