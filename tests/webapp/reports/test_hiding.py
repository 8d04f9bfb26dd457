"""What is said to show a child in a sexual way is shown to nobody until an owner decides."""

import threading

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from generation import jobs
from generation.models import Job, Output, Queue
from tests.webapp import stage, steps
from webapp.business import guest_links
from webapp.creatives import exports, rendering, versions
from webapp.models import FileKind, Report
from webapp.reports import decisions, reports

from .conftest import SMALL

GRAVE = "child_sexual"
SHOWN = ("", "_file", "_thumbnail", "_preview", "_download", "_report")
OF_MEMBERS = [f"output{name}" for name in SHOWN]
OF_GUESTS = ("guest_output_file", "guest_output_thumbnail", "guest_output_report")


@pytest.fixture
def hidden(people, scene):
    """The scene, its picture reported once more, by a guest, and so hidden."""
    reports.report_as_guest(scene.picture, reason=GRAVE, words="A child.")
    scene.grave = Report.objects.get(reason=GRAVE)
    scene.picture.refresh_from_db()
    return scene


def answers(scene, member: Client) -> set[int]:
    """What each address of the picture answers, to a member and to guests."""
    named = [steps.url(name, scene.picture) for name in OF_MEMBERS]
    named.append(steps.url("export_file", scene.export))
    told = {member.get(address, follow=True).status_code for address in named}
    of_guests = [reverse(name, args=[scene.token, scene.picture.pk]) for name in OF_GUESTS]
    return told | {Client().get(address).status_code for address in of_guests}


@pytest.mark.parametrize("reason", [reason for reason in Report.Reason.values if reason != GRAVE])
def test_other_reports_hide_nothing(scene, alice, reason):
    reports.report_as_guest(scene.picture, reason=reason, words="It is ugly.")
    assert answers(scene, alice) == {200}


def test_no_address_shows_it_to_anybody_and_its_files_stay(hidden, alice, media):
    assert answers(hidden, alice) == {404}
    assert {file.relative_to(media).as_posix() for file in media.rglob("*.*")} >= {
        hidden.picture.file,
        hidden.picture.thumbnail,
        hidden.export.file,
    }


def test_a_member_hides_it_too_and_one_who_says_more_later(people, scene, alice):
    reports.report(scene.picture, reason=GRAVE, by=people.carol)
    assert Report.objects.get().reason == GRAVE
    assert answers(scene, alice) == {404}


def test_a_browser_that_has_it_is_not_told_to_use_it(scene, alice):
    address = steps.url("output_file", scene.picture)
    etag = alice.get(address)["ETag"]
    reports.report_as_guest(scene.picture, reason=GRAVE)
    assert alice.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_pages_show_something_else_in_its_place(people, hidden, alice):
    own = steps.url("output_thumbnail", hidden.picture)
    campaign = alice.get(steps.url("campaign", people.campaign)).text
    assert "An owner decides what becomes of it." in campaign
    for address in ("/", steps.url("project", people.project), reverse("activity")):
        campaign += alice.get(address).text
    assert own not in campaign
    assert f'href="{steps.url("output", hidden.picture)}"' not in campaign
    guests = Client().get(reverse("guest_campaign", args=[hidden.token])).text
    assert str(hidden.picture.pk) not in guests


def test_nobody_chooses_it_or_makes_a_creative_of_it(people, hidden):
    hidden.picture.release(by=people.bob)
    assert Output.objects.get().kept_at
    assert versions.create(people.campaign, [hidden.picture], by=people.bob) == []


def test_a_creative_of_it_keeps_its_words_and_gives_nothing_away(people, scene, alice):
    drawn = reverse("creative_picture", args=[scene.creative.pk, SMALL])
    before = alice.get(drawn)
    reports.report_as_guest(scene.picture, reason=GRAVE)
    after = alice.get(drawn, headers={"If-None-Match": before["ETag"]})
    assert "image/" in before.text
    assert "image/" not in after.text
    page = alice.get(steps.url("creative", scene.creative)).text
    assert "hidden until an owner decides" in page
    assert "missing or damaged" not in page
    assert steps.url("output_thumbnail", scene.picture) not in page
    listing = alice.get(steps.url("campaign_creatives", people.campaign)).text
    assert "picture is hidden for now" in listing
    said = {"format": SMALL, "kind": "png"}
    refused = alice.post(steps.url("creative_file", scene.creative), said, follow=True)
    assert f"{rendering.HIDDEN}, so nothing was made." in refused.text


def test_files_that_were_made_before_wait(hidden, alice):
    page = alice.get(steps.url("export", hidden.export)).text
    assert "and so is the archive" in page
    assert steps.url("export_file", hidden.export) not in page


def test_files_that_are_nearly_made_are_not_given_away(people, scene):
    export = exports.order(scene.creative, FileKind.JPEG, by=people.bob)
    fill = exports.make(jobs.JobRun(jobs.claim("a worker of the tests", Queue.CPU, ()), threading.Event()))
    reports.report_as_guest(scene.picture, reason=GRAVE)
    with pytest.raises(jobs.JobFailed, match="not_exported"):
        fill(Job.objects.get(pk=export.pk))


def test_owners_alone_look_at_it_and_the_log_says_so(people, hidden, alice, as_):
    address = steps.url("report_picture", hidden.grave)
    assert address in alice.get(reverse("reports")).text
    assert steps.url("output_thumbnail", hidden.picture) not in alice.get(reverse("reports")).text
    assert not AuditEvent.objects.filter(verb="report.inspected").exists()
    shown = alice.get(address)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.get(verb="report.inspected").actor == people.alice
    asked = [as_(person).get(address).status_code for person in (people.bob, people.carol, people.mallory)]
    assert asked == [403, 403, 404]


@pytest.mark.parametrize("decide", [decisions.keep, decisions.take_down])
def test_once_decided_the_queue_shows_it_no_more(people, hidden, alice, decide):
    decide(hidden.grave, by=people.alice)
    assert alice.get(steps.url("report_picture", hidden.grave)).status_code == 404


def test_what_an_owner_keeps_is_seen_again(people, hidden, alice):
    decisions.keep(hidden.grave, by=people.alice)
    assert answers(hidden, alice) == {200}
    assert "image/" in alice.get(reverse("creative_picture", args=[hidden.creative.pk, SMALL])).text


def test_what_is_taken_down_is_not_hidden_any_more(people, hidden, alice):
    decisions.take_down(hidden.grave, by=people.alice)
    assert Output.objects.get().hidden_at is None
    assert answers(hidden, alice) == {404}
    assert "Its files are deleted." in alice.get(steps.url("campaign", people.campaign)).text


def test_an_answer_to_another_report_ends_no_hiding(people, hidden, alice):
    decisions.keep(Report.objects.get(reason="hateful"), by=people.alice)
    assert answers(hidden, alice) == {404}


def test_it_is_not_hidden_for_ever_when_who_reported_says_something_else(people, scene, alice):
    reports.report(scene.picture, reason=GRAVE, by=people.carol)
    reports.report(scene.picture, reason="copied", by=people.carol)
    assert answers(scene, alice) == {404}
    assert steps.url("report_picture", scene.report) in alice.get(reverse("reports")).text
    decisions.keep(scene.report, by=people.alice)
    assert answers(scene, alice) == {200}


def test_what_an_owner_has_judged_is_queued_and_not_hidden_again(people, hidden, alice):
    reports.report(hidden.picture, reason=GRAVE, by=people.bob)
    decisions.keep(hidden.grave, by=people.alice)
    reports.report_as_guest(hidden.picture, reason=GRAVE)
    assert answers(hidden, alice) == {200}
    assert Report.objects.filter(reason=GRAVE, closed_at=None).count() == 2


def test_who_has_its_page_open_can_still_say_what_is_wrong(people, hidden, as_):
    for client, address in (
        (as_(people.bob), steps.url("output_report", hidden.picture)),
        (Client(), reverse("guest_output_report", args=[hidden.token, hidden.picture.pk])),
    ):
        wrong = client.post(address, {"words": "A child."})
        assert (wrong.status_code, "<img" in wrong.text) == (422, False)
        receipt = client.post(address, {"reason": GRAVE}, follow=True)
        assert "Until then the picture is shown to nobody else." in receipt.text


def test_a_guest_who_clicks_twice_gets_the_receipt(scene):
    address = reverse("guest_output_report", args=[scene.token, scene.picture.pk])
    once = {"reason": GRAVE, "once": "a page of the tests"}
    first, second = Client().post(address, once), Client().post(address, once)
    assert (second.status_code, first["Location"]) == (302, second["Location"])


def test_guests_hide_no_more_than_their_link_shows(people, scene):
    turned_down = stage.picture(people.campaign, people.bob)
    _, token = guest_links.create(people.campaign, days=7, by=people.bob)
    address = reverse("guest_output_report", args=[token, turned_down.pk])
    assert Client().post(address, {"reason": GRAVE}).status_code == 404
    assert Output.objects.get(pk=turned_down.pk).may_be_shown


def test_the_log_says_that_it_is_hidden(hidden, alice):
    assert "hidden until an owner decides" in alice.get(reverse("activity")).text
