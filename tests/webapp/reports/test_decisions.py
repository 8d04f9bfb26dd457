"""Owners decide about reports; of a picture that is taken down no address and no file is left."""

import os
import threading
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from generation import jobs
from generation.files import orphans, storage
from generation.models import Job, Output, Queue
from tests.generation.files.test_storage import damage
from tests.webapp import stage, steps
from webapp.creatives import exports
from webapp.models import Export, FileKind, Report
from webapp.reports import decisions, reports

from .conftest import SMALL


def stored(media) -> set[str]:
    return {file.relative_to(media).as_posix() for file in media.rglob("*") if file.is_file()}


def files_of(scene) -> set[str]:
    return {scene.picture.file, scene.picture.thumbnail, scene.export.file}


def test_owners_find_what_waits_in_the_menu_and_nobody_else_does(people, scene, alice, as_):
    assert reverse("reports") in alice.get("/").text
    for other in (people.bob, people.carol):
        assert reverse("reports") not in as_(other).get("/").text
        assert as_(other).get(reverse("reports")).status_code == 403
    decisions.keep(scene.report, by=people.alice)
    assert reverse("reports") not in alice.get("/").text


def test_the_queue_says_who_what_and_why_and_shows_no_child_unasked(people, scene, alice):
    reports.report_as_guest(stage.picture(people.campaign, people.bob), reason="child_sexual")
    page = alice.get(reverse("reports")).text
    assert "She is &lt;ten&gt;." in page
    assert people.carol.name in page
    assert "A guest" in page
    other, grave = page.split('id="report-')[1:]
    assert "<details" in grave
    assert "<details" not in other


def test_a_picture_that_is_kept_is_as_before(people, scene, decide, alice, media):
    before = stored(media)
    page = decide(scene.report, "keep", "It is a doll.")
    assert "The picture stays." in page.text
    assert "It is a doll." in page.text
    assert stored(media) == before
    assert alice.get(steps.url("output", scene.picture)).status_code == 200
    scene.report.refresh_from_db()
    assert (scene.report.outcome, scene.report.closed_by) == ("kept", people.alice)


def test_the_pixels_go_at_once_and_the_row_stays(scene, decide, media):
    assert files_of(scene) <= stored(media)
    page = decide(scene.report, "take_down")
    assert "Its files are deleted." in page.text
    assert not files_of(scene) & stored(media)
    row = Output.objects.get(pk=scene.picture.pk)
    assert row.taken_down_at
    assert row.sha256 == scene.picture.sha256
    assert not Export.objects.exists()


def test_no_address_serves_it(scene, decide, alice):
    decide(scene.report, "take_down")
    for name in ("output", "output_file", "output_thumbnail", "output_preview", "output_download"):
        assert (name, alice.get(steps.url(name, scene.picture)).status_code) == (name, 404)
    assert alice.get(steps.url("output_report", scene.picture)).status_code == 404
    assert alice.get(steps.url("export_file", scene.export)).status_code == 404
    for name in ("guest_output_file", "guest_output_thumbnail", "guest_output_report"):
        assert Client().get(reverse(name, args=[scene.token, scene.picture.pk])).status_code == 404


def test_a_browser_that_has_it_is_not_told_to_use_it(scene, decide, alice):
    address = steps.url("output_file", scene.picture)
    etag = alice.get(address)["ETag"]
    decide(scene.report, "take_down")
    assert alice.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_its_place_in_the_gallery_says_so(people, scene, decide, alice):
    decide(scene.report, "take_down")
    page = alice.get(steps.url("campaign", people.campaign))
    assert steps.frames_in(page) == [str(scene.picture.pk)]
    assert "Taken down" in page.text
    assert steps.url("output_thumbnail", scene.picture) not in page.text


def test_guests_are_not_shown_what_nobody_chose_in_its_place(people, scene, decide):
    other = stage.picture(people.campaign, people.bob)
    decide(scene.report, "take_down")
    page = Client().get(reverse("guest_campaign", args=[scene.token])).text
    assert "<img" not in page
    assert str(other.pk) not in page


def test_a_creative_of_it_keeps_its_words_and_gives_nothing_away(scene, decide, alice):
    address = steps.url("creative", scene.creative)
    drawn = reverse("creative_picture", args=[scene.creative.pk, SMALL])
    etag = alice.get(drawn)["ETag"]
    decide(scene.report, "take_down")
    assert "Its picture was taken down" in alice.get(address).text
    assert "missing or damaged" not in alice.get(address).text
    assert "image/" not in alice.get(drawn, headers={"If-None-Match": etag}).text
    refused = alice.post(
        steps.url("creative_file", scene.creative), {"format": SMALL, "kind": "png"}, follow=True
    )
    assert "Its picture was taken down, so nothing was made." in refused.text
    listing = alice.get(steps.url("campaign_creatives", scene.creative.campaign)).text
    assert "picture was taken down" in listing


def test_files_asked_for_before_are_not_made_after(people, scene, decide):
    export = exports.order(scene.creative, FileKind.JPEG, by=people.bob)
    decide(scene.report, "take_down")
    stage.make_files()
    job = Job.objects.get(pk=export.pk)
    assert (job.status, "Its picture was taken down" in job.reason) == ("failed", True)


def test_an_archive_that_was_nearly_made_is_not_given_away(people, scene, decide):
    """The worker read the picture before it was taken down, and ends after."""
    exports.order(scene.creative, FileKind.JPEG, by=people.bob)
    job = jobs.claim("a worker of the tests", Queue.CPU, ())
    fill = exports.make(jobs.JobRun(job, threading.Event()))
    decide(scene.report, "take_down")
    with pytest.raises(jobs.JobFailed, match="not_exported"):
        fill(job)


def test_a_file_that_another_picture_names_stays(people, scene, decide, media):
    twin = stage.picture(people.campaign, people.bob)
    assert twin.file == scene.picture.file
    decide(scene.report, "take_down")
    assert {twin.file, twin.thumbnail} <= stored(media)


def test_a_file_that_was_stored_anew_waits_for_the_row_that_is_to_name_it(people, scene, decide):
    data = storage.read(scene.picture.file)
    later = time.time() + 60
    os.utime(storage.path_of(storage.store(people.bakery.pk, data, "png").path), (later, later))
    decide(scene.report, "take_down")
    assert storage.is_sound(scene.picture.file)


def test_what_was_put_aside_as_damaged_goes_too(scene, decide, media):
    damage(scene.picture.file)
    assert storage.set_aside(scene.picture.file)
    decide(scene.report, "take_down")
    assert [path for path in stored(media) if scene.picture.sha256 in path] == []


def test_what_a_crash_left_is_swept(people, scene, media):
    decisions.take_down(scene.report, by=people.alice)  # its commit is never heard of
    assert files_of(scene) <= stored(media)
    for path in files_of(scene):
        os.utime(media / path, (0, 0))
    storage.sweep_orphans(set(orphans.named()), timedelta(hours=1))
    assert not files_of(scene) & stored(media)


def test_one_decision_holds(people, scene, decide):
    decide(scene.report, "keep")
    assert "Somebody decided about this report already." in decide(scene.report, "take_down").text
    assert Output.objects.get(pk=scene.picture.pk).file
    assert not AuditEvent.objects.filter(verb="output.taken_down").exists()


def test_all_who_reported_it_are_told(people, scene, decide):
    receipt = reports.report_as_guest(scene.picture, reason="hateful")
    decide(scene.report, "take_down", "You are right.")
    page = Client().get(reverse("report_receipt", args=[receipt])).text
    assert "The picture was taken down" in page
    assert "You are right." not in page


def test_an_answer_that_is_too_long_decides_nothing_and_stays(scene, decide):
    page = decide(scene.report, "take_down", "x" * 1001)
    assert page.status_code == 422
    assert "x" * 1001 in page.text
    assert Report.objects.get().closed_at is None


def test_the_log_tells_the_decision(scene, decide, alice):
    decide(scene.report, "take_down")
    page = alice.get(reverse("activity")).text
    assert "reported a picture" in page
    assert "took down a picture" in page
    assert steps.url("output", scene.picture) not in page


def test_many_reports_cost_no_more_queries_than_few(people, scene, alice):
    few = steps.queries_of(alice, reverse("reports"))
    for _ in range(3):
        picture = stage.picture(people.campaign, people.bob)
        reports.report(picture, reason="hateful", by=people.bob)
        reports.report_as_guest(picture, reason="hateful")
        decisions.keep(Report.objects.filter(closed_at=None).latest("at"), by=people.alice)
    decisions.keep(scene.report, by=people.alice)
    assert steps.queries_of(alice, reverse("reports")) == few
