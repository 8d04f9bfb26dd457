"""A picture is reported by members and guests; the receipt tells what became of it, and nothing else."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import operators
from accounts.models import AuditEvent, Notice
from generation.models import Incident
from generation.pictures import incidents
from tests.webapp import stage, steps
from webapp.business import guest_links
from webapp.creatives import versions
from webapp.models import GuestLink, Report
from webapp.reports import decisions

WORDS = "It shows my <sister>."
SAID = {"reason": "without_consent", "words": WORDS}


@pytest.fixture
def picture(people, media):
    return stage.picture(people.campaign, people.bob)


@pytest.fixture
def carol(people, as_):
    return as_(people.carol)


@pytest.fixture
def token(people) -> str:
    return guest_links.create(people.campaign, days=7, by=people.bob)[1]


@pytest.fixture
def guests_address(token, picture) -> str:
    return reverse("guest_output_report", args=[token, picture.pk])


def address_of(picture) -> str:
    return steps.url("output_report", picture)


def test_every_page_that_shows_a_picture_leads_to_its_report(people, picture, carol, token, guests_address):
    (creative,) = versions.create(people.campaign, [picture], by=people.bob)
    for page in (steps.url("output", picture), steps.url("creative", creative)):
        assert address_of(picture) in carol.get(page).text
    assert address_of(picture) in carol.get(steps.url("output", picture), headers=steps.HTMX).text
    assert guests_address in Client().get(reverse("guest_campaign", args=[token])).text


def test_a_member_reports_and_keeps_an_address(people, picture, carol):
    page = carol.post(address_of(picture), SAID, follow=True)
    receipt = page.redirect_chain[-1][0]
    assert re.fullmatch(r"/reports/[\w-]{32}/", receipt)
    report = Report.objects.get()
    assert (report.output, report.by, report.words) == (picture, people.carol, WORDS)
    assert receipt.split("/")[2] not in repr(Report.objects.values())
    assert "Nobody has decided yet" in Client().get(receipt).text


def test_a_guest_reports_without_signing_in(people, picture, guests_address):
    guest = Client(enforce_csrf_checks=True)
    form: Any = guest.get(guests_address)
    assert form["X-Robots-Tag"].startswith("noindex")
    csrf = steps.values_of(form, "csrfmiddlewaretoken")[0]
    answer = guest.post(guests_address, {**SAID, "csrfmiddlewaretoken": csrf}, follow=True)
    assert answer.status_code == 200
    assert Report.objects.get().by is None
    assert AuditEvent.objects.get(verb="output.reported").actor is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Choose what is wrong with it."),
        ({"reason": "ugly", "words": WORDS}, "Choose what is wrong with it."),
        ({"reason": "something_else", "words": " "}, "Say what is wrong with it."),
        ({"reason": "hateful", "words": "x" * 1001}, "1000 are the most"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(picture, carol, guests_address, wrong, sentence):
    for client, address in ((carol, address_of(picture)), (Client(), guests_address)):
        page = client.post(address, wrong)
        assert (page.status_code, sentence in page.text) == (422, True)
        assert page.context["form"]["words"].value() == wrong.get("words")
    assert not Report.objects.exists()


def test_the_same_person_has_one_open_report_of_a_picture(people, picture, carol, as_):
    first = carol.post(address_of(picture), {"reason": "hateful"})
    again = carol.post(address_of(picture), SAID)
    assert first["Location"] == again["Location"]
    assert Report.objects.get().words == WORDS
    as_(people.bob).post(address_of(picture), SAID)
    assert Report.objects.count() == 2
    decisions.keep(Report.objects.get(by=people.carol), by=people.alice)
    assert carol.post(address_of(picture), SAID)["Location"] != first["Location"]


def test_a_guest_who_clicks_twice_reports_once(guests_address):
    once = {**SAID, "once": "a page of the tests"}
    first, second = Client().post(guests_address, once), Client().post(guests_address, once)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_a_closed_link_and_anothers_picture_are_not_there(people, picture, token, guests_address):
    foreign = stage.picture(people.foreign_campaign, people.mallory)
    for address in (
        reverse("guest_output_report", args=[token, foreign.pk]),
        reverse("guest_output_report", args=["x" * 32, picture.pk]),
        reverse("report_receipt", args=["x" * 32]),
    ):
        assert Client().get(address).status_code == 404
    guest_links.revoke(GuestLink.objects.get(), by=people.bob)
    assert Client().get(guests_address).status_code == 404
    assert Client().post(guests_address, SAID).status_code == 404
    assert not Report.objects.exists()


def test_a_network_that_reports_very_much_waits_and_loses_no_word(guests_address, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "report": "1/h/ip"}
    assert Client().post(guests_address, SAID).status_code == 302
    late = Client().post(guests_address, SAID)
    assert late.status_code == 429
    assert late.context["form"]["words"].value() == WORDS
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("decide", "title"), [(decisions.keep, "stays"), (decisions.take_down, "was taken down")]
)
def test_the_receipt_tells_the_decision_and_no_name_and_no_picture(people, picture, carol, decide, title):
    receipt = carol.post(address_of(picture), SAID)["Location"]
    decide(Report.objects.get(), answer="We asked <her>.", by=people.alice)
    page = Client().get(receipt)
    assert page["X-Robots-Tag"].startswith("noindex")
    assert title in page.text
    assert "We asked &lt;her&gt;." in page.text
    assert "<img" not in page.text
    hidden = (people.alice.name, people.carol.name, people.bakery.name, people.campaign.name, "sister")
    assert [word for word in hidden if word in page.text] == []


def test_of_children_and_of_people_the_operator_hears(people, picture, carol, as_):
    carol.post(address_of(picture), SAID)
    assert not Notice.objects.exists()
    carol.post(address_of(picture), {"reason": "child_sexual"})
    assert Notice.objects.get().sentence.startswith(incidents.GRAVE["reported_minor"])
    opened = Incident.objects.order_by("at").values_list("stage", "rule", "sha256", "by")
    assert list(opened) == [
        ("report", "reported_person", picture.sha256, None),
        ("report", "reported_minor", picture.sha256, None),
    ]
    operators.appoint(people.mallory)
    page = as_(people.mallory).get("/operator/").text
    assert "it shows a child in a sexual way" in page
    assert "sister" not in page
    assert "<img" not in page


def test_of_other_reports_the_operator_hears_nothing(picture, carol):
    carol.post(address_of(picture), {"reason": "copied"})
    assert not Incident.objects.exists()


def test_the_log_has_no_word_of_it(picture, carol):
    carol.post(address_of(picture), SAID)
    assert "sister" not in repr(list(AuditEvent.objects.values()))


def test_the_terms_say_each_rule_once_and_lie_open():
    page = Client().get(reverse("terms"))
    assert page.text.count("Sexual pictures are not made here.") == 1
    assert "half a year" in page.text
    for door in (reverse("home"), reverse("account_login")):
        assert reverse("terms") in Client().get(door).text
