"""Stored files that the disk lost or damaged: nobody gets them, everybody is told, nothing else is lost."""

import errno
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from generation.compositor import uploaded_font
from generation.files import storage
from generation.jobs.reasons import REASONS
from generation.models import Status
from tests.generation.files.test_storage import cut_short, damage
from tests.webapp import brand_samples, stage, steps
from webapp.brand import kits
from webapp.business import guest_links
from webapp.creatives import exports, versions
from webapp.models import Export, FileKind

FRAMED = {"Sec-Fetch-Dest": "image"}
SMALL = "display-mobile"  # the format that is drawn soonest
SAID = "missing or damaged"


def gone(path: str) -> None:
    storage.path_of(path).unlink()


BOLD = (brand_samples.TYPEFACES / "lora" / "Lora_700Bold.ttf").read_bytes()
HARMS = [damage, cut_short, gone]


@pytest.fixture
def bob(people, as_):
    return as_(people.bob)


@pytest.fixture
def picture(people, media):
    return stage.picture(people.campaign, people.bob)


@pytest.fixture
def kit(people, media):
    return brand_samples.kit(people.bakery, people.bob)


@pytest.fixture
def creative(people, picture):
    made = versions.create(people.campaign, [picture], by=people.bob)[0]
    return stage.design(made, SMALL, by=people.bob)


def assert_said(answer) -> None:
    assert answer.status_code == 404
    assert SAID in answer.text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("harm", HARMS)
def test_a_picture_is_not_given_away_by_any_door(people, bob, picture, harm):
    _, token = guest_links.create(people.campaign, days=7, by=people.bob)
    address = [token, picture.pk]
    ours, guests = ("output_file", "output_thumbnail", "output_download"), ("output_file", "output_thumbnail")
    doors = [(bob, steps.url(name, picture)) for name in ours]
    doors += [(Client(), reverse(f"guest_{name}", args=address)) for name in guests]
    assert [who.get(url).status_code for who, url in doors] == [200] * 5

    for path in (picture.file, picture.thumbnail):
        harm(path)
    downloads = AuditEvent.objects.filter(verb="output.downloaded").count()
    for who, url in doors:
        assert_said(who.get(url))
        framed = who.get(url, headers=FRAMED)
        assert (framed.status_code, framed["Content-Type"]) == (404, "image/svg+xml")
        assert "width" not in framed.text.partition(">")[0]  # the frame keeps the shape of its picture
        assert "viewBox" not in framed.text.partition(">")[0]
        assert SAID in " ".join(framed.text.split())
    assert AuditEvent.objects.filter(verb="output.downloaded").count() == downloads


@pytest.mark.parametrize("harm", HARMS)
def test_a_browser_is_not_told_that_what_it_has_is_good(bob, picture, harm):
    url = steps.url("output_file", picture)
    kept = {"If-None-Match": bob.get(url)["ETag"]}
    assert bob.get(url, headers=kept).status_code == 304
    data = storage.read(picture.file)
    harm(picture.file)
    assert_said(bob.get(url, headers=kept))
    storage.store(picture.job.business_id, data, "png")
    assert bob.get(url, headers=kept).status_code == 304


def test_what_is_not_there_for_other_reasons_is_not_called_damaged(bob, people):
    waiting = stage.waiting_job(people.campaign, people.bob, count=1).outputs.get()
    answer = bob.get(steps.url("output_file", waiting), headers=FRAMED)
    assert answer.status_code == 404
    assert SAID not in answer.text


PARTS = ["picture", "logo for light grounds", "typeface Lora"]


@pytest.mark.parametrize(("harm", "part"), list(zip(HARMS, PARTS, strict=True)))
def test_nothing_is_made_to_take_away_without_one_of_its_parts(people, bob, creative, kit, harm, part):
    kit = kits.change(kit, {}, by=people.bob, added_font=uploaded_font.read(brand_samples.FONT))
    paths = {
        "picture": creative.output.file,
        "logo for light grounds": kit.logo_on_light,
        "typeface Lora": kit.fonts.get().file,
    }
    before = bob.get(reverse("creative_picture", args=[creative.pk, creative.design.formats[0]]))["ETag"]
    data = storage.read(paths[part])
    harm(paths[part])
    with pytest.raises(exports.NotExported, match=f"file of the {part} is missing or damaged"):
        exports.single_file(creative, SMALL, FileKind.PNG, by=people.bob)
    assert f"The file of the {part} is {SAID}" in bob.get(steps.url("creative", creative)).text
    assert (part in bob.get(steps.url("brand_kit", kit)).text) == (part != "picture")
    after = bob.get(reverse("creative_picture", args=[creative.pk, creative.design.formats[0]]))
    assert (after.status_code, after["ETag"] == before) == (200, False)

    storage.store(people.bakery.pk, data, paths[part].rpartition(".")[2])  # from the backup
    assert exports.single_file(creative, SMALL, FileKind.PNG, by=people.bob).data


def test_a_set_that_cannot_be_made_says_why(people, bob, creative):
    damage(creative.output.file)
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    export.job.refresh_from_db()
    assert export.job.status == Status.FAILED
    assert "file of the picture is missing or damaged" in bob.get(steps.url("export", export)).text


@pytest.mark.parametrize("harm", HARMS)
def test_an_archive_is_not_given_away(people, bob, creative, harm):
    exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    export = Export.objects.get()
    url = steps.url("export_file", export)
    assert bob.get(url).content.startswith(b"PK")
    harm(export.file)
    assert_said(bob.get(url))


@pytest.mark.parametrize("harm", HARMS)
def test_a_logo_is_not_given_away_and_the_page_says_so(bob, kit, harm):
    specimen = bob.get(steps.url("brand_kit_specimen", kit))
    harm(kit.logo_on_light)
    assert_said(bob.get(reverse("brand_kit_logo", args=[kit.pk, "light"])))
    assert "logo for light grounds" in bob.get(steps.url("brand_kit", kit)).text
    assert bob.get(steps.url("brand_kit_specimen", kit))["ETag"] != specimen["ETag"]


def test_a_logo_that_the_disk_does_not_take_keeps_what_was_typed(bob, kit, settings, tmp_path):
    settings.MEDIA_DIR = tmp_path / "a file"
    settings.MEDIA_DIR.write_text("where the folder should be")
    given = io.BytesIO(brand_samples.picture())
    given.name = "logo.png"
    answer = bob.post(reverse("brand_kits"), {"name": "The second kit", "logo": given})
    assert answer.status_code == 422
    assert "Nothing was saved. The disk did not take the file." in answer.text
    assert "The second kit" in answer.text


def test_a_set_that_the_disk_does_not_take_says_so(people, creative, monkeypatch):
    def failing(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    export = exports.order(creative, FileKind.PNG, by=people.bob)
    monkeypatch.setattr(storage.os, "fsync", failing)
    stage.make_files()
    export.job.refresh_from_db()
    assert (export.job.status, export.job.reason) == (Status.FAILED, REASONS["not_stored"])


def test_each_file_of_a_typeface_is_missed(people, creative, kit):
    for font in (brand_samples.FONT, BOLD):
        kit = kits.change(kit, {}, by=people.bob, added_font=uploaded_font.read(font))
    damage(kit.fonts.order_by("pk").first().file)
    assert kits.lost_parts(kit) == ["typeface Lora"]


def test_a_set_of_which_much_is_lost_says_so_at_once(people, creative, kit):
    light, dark = (
        brand_samples.logo_of(brand_samples.picture(colours=(colour,))) for colour in ("#ffffff", "#000000")
    )
    kit = kits.change(kit, {"logo_on_light": light, "logo_on_dark": dark}, by=people.bob)
    for path in (creative.output.file, kit.logo_on_light, kit.logo_on_dark):
        damage(path)
    export = exports.order(creative, FileKind.PNG, by=people.bob)
    stage.make_files()
    export.job.refresh_from_db()
    assert (export.job.status, export.job.attempts) == ("failed", 1)
    assert "picture and of the logo for light grounds and of the logo for dark grounds" in export.job.reason
